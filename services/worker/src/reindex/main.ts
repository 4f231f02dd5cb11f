/**
 * A rebuilding of the index, as a process of its own: `main.ts build|rollback|drop-old [embedder]`, started by `flow-rag reindex`. It tells
 * its parent how it goes over the IPC channel and ends with 0 or 1; it may be killed at any instant and started again.
 */
import { embedderEnv, reindexDeed, type ReindexMessage } from "@flow-rag/contracts";
import { AppError, createLogger, exitOnSignals, Lifecycle, loadConfig, type Logger } from "@flow-rag/kernel";
import { schema } from "./config.js";
import { runReindex } from "./run-reindex.js";

let told = Promise.resolve();
let log: Logger | undefined;
const tell = (message: ReindexMessage): void => {
  log?.info(message, "reindex");
  told = new Promise((resolve) => {
    if (!process.send?.(message, undefined, {}, () => resolve())) resolve();
  });
};
try {
  const [, , deed, kind] = process.argv;
  const order = { deed: reindexDeed.parse(deed), kind: embedderEnv.EMBEDDER.unwrap().exclude(["auto"]).optional().parse(kind) };
  const config = loadConfig(schema, process.env);
  const logger = createLogger("reindex", config.log.level);
  if (!process.send) log = logger; // nobody else shows it
  const stopping = new AbortController();
  const work = runReindex({ config, log: logger }, order, tell, stopping.signal);
  const lifecycle = new Lifecycle(logger);
  void lifecycle.own("work", work, async (underway) => {
    stopping.abort(new AppError("unexpected", "stopped"));
    await underway.catch(() => undefined);
  });
  exitOnSignals(lifecycle, logger);
  await work;
} catch (thrown) {
  const { kind, message } = AppError.from(thrown);
  if (!process.send) (log ?? createLogger("reindex", "info")).fatal({ err: thrown }, "reindex failed");
  tell({ type: "failed", kind: kind === "invalid_input" || kind === "misconfigured" ? kind : "unexpected", message });
  process.exitCode = 1;
}
await told;
process.exit();
