/**
 * `guard <pid file> <command> [args…]` runs a program that knows nothing of its owner and ends it when stdin closes,
 * that is when the owner stops it or dies, even by kill -9.
 */
import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { writePidFile } from "../process-identity.js";

const killAfterMs = 8000;
const [pidFile = "", command = "", ...args] = process.argv.slice(2);

const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });
child.on("error", (error) => {
  console.error(error.message);
  process.exit(127);
});
child.on("exit", (code) => void rm(pidFile, { force: true }).finally(() => process.exit(code ?? 1)));
if (child.pid !== undefined) await writePidFile(pidFile, child.pid);

const stop = () => {
  child.kill("SIGTERM");
  setTimeout(() => child.kill("SIGKILL"), killAfterMs).unref();
};
process.stdin.resume().on("end", stop).on("error", stop);
process.on("SIGTERM", stop);
