/**
 * `killed-mongo <dir> <operation>` serves from there, says its port, and kills itself at that write or sync from the beginning of a compaction
 * on: a write is half done then. With -1 it waits to be killed.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createLogger } from "@flow-rag/kernel";
import { realFiles, type LogFiles } from "../src/embedded-mongo/log-files.js";
import { startEmbeddedMongo } from "../src/embedded-mongo/server.js";

const [dir = "", operation = "-1"] = process.argv.slice(2);
let operations = 0;
let hasBegun = false;
const isLast = (): boolean => {
  hasBegun ||= existsSync(join(dir, "documents.log.new"));
  return hasBegun && operations++ === Number(operation);
};
const die = (): void => void process.kill(process.pid, "SIGKILL");
const files: LogFiles = {
  ...realFiles,
  write: (file, data, position) => {
    if (!isLast()) return realFiles.write(file, data, position);
    realFiles.write(file, data.subarray(0, data.length >> 1), position);
    die();
    return data.length;
  },
  sync: async (file) => {
    if (isLast()) die();
    await realFiles.sync(file);
  },
  syncNow: (file) => {
    if (isLast()) die();
    realFiles.syncNow(file);
  },
};
const server = await startEmbeddedMongo({ dir, log: createLogger("killed", "silent"), files, worthBytes: 256 * 1024 });
console.log(server.port);
process.stdin.resume().on("end", () => process.exit(0));
