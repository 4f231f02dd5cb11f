/**
 * `chroma-runner <native module> <chroma arguments…>` runs the Chroma server inside the bindings until stdin closes.
 * `cli` never gives the main thread back, so another thread watches stdin.
 */
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";

const [modulePath = "", ...args] = process.argv.slice(2);

// The whole process goes at once: SQLite's write-ahead log makes that safe at any moment.
const endWithStdin = `
  const { readSync } = require("node:fs");
  const buffer = Buffer.alloc(16);
  const read = () => { try { return readSync(0, buffer); } catch { return 0; } };
  while (read() > 0);
  process.kill(process.pid, "SIGKILL");
`;
const watcher = new Worker(endWithStdin, { eval: true, execArgv: [] });
await new Promise((resolve) => watcher.once("online", resolve));

const bindings = createRequire(import.meta.url)(modulePath) as { cli(args: string[]): void };
bindings.cli(["chroma", ...args]);
process.exit(1);
