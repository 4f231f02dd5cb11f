/** `embedded-mongo <dir> <port>` serves one data folder until stdin closes, that is until its owner stops it or dies. */
import { mkdirSync } from "node:fs";
import { createLogger, exitOnSignals, Lifecycle } from "@flow-rag/kernel";
import { startEmbeddedMongo } from "./server.js";

const [dir = "", port = "0"] = process.argv.slice(2);
const log = createLogger("embedded-mongo", "info");
const lifecycle = new Lifecycle(log, 8_000);
exitOnSignals(lifecycle, log);
mkdirSync(dir, { recursive: true });
const server = lifecycle.own("server", await startEmbeddedMongo({ dir, port: Number(port), log }), (mongo) => mongo.stop());
log.info({ port: server.port }, "embedded MongoDB server: for one machine, trial and small use");
const stop = () => void lifecycle.close().then((clean) => process.exit(clean ? 0 : 1));
process.stdin.resume().on("end", stop).on("error", stop);
