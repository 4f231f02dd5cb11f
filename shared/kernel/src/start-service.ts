import { type z } from "zod";
import { loadConfig } from "./config.js";
import { AppError } from "./errors.js";
import { exitOnSignals, Lifecycle } from "./lifecycle.js";
import { createLogger, type Logger } from "./logger.js";
import { createMetrics, type Metrics } from "./metrics.js";
import { openTracing, type Tracing, type TracingConfig } from "./tracing.js";

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";
export type Runtime<C> = { readonly config: C; readonly lifecycle: Lifecycle; readonly log: Logger };
/** What a process is watched by. `tracing` is undefined where nobody collects traces. */
export type Watched<C> = Runtime<C> & { readonly metrics: Metrics; readonly tracing: Tracing | undefined };
type ServiceConfig = { readonly log: { readonly level: LogLevel }; readonly tracing?: TracingConfig };

/**
 * A process from its environment to "ready": configuration first and whole, then the parts, then the signals that end it.
 * A parent with an IPC channel is told "ready", and its death ends the process as SIGTERM would, so that no orphan stays behind.
 * Ends the process with 1 when it cannot start; the message says what to mend.
 */
export async function startService<C extends ServiceConfig>(
  name: string,
  schema: z.ZodType<C>,
  env: NodeJS.ProcessEnv,
  start: (runtime: Watched<C>) => Promise<void>,
): Promise<void> {
  const fallback = createLogger(name, "info");
  let lifecycle: Lifecycle | undefined;
  try {
    const config = loadConfig(schema, env);
    const log = createLogger(name, config.log.level);
    lifecycle = new Lifecycle(log);
    exitOnSignals(lifecycle, log);
    const metrics = lifecycle.own("metrics", createMetrics({ log }), (resource) => resource.close());
    const tracing = config.tracing && (await openTracing(name, config.tracing));
    if (tracing) lifecycle.own("tracing", tracing, (resource) => resource.close());
    await start({ config, lifecycle, log, metrics, tracing });
    log.info("ready");
    process.send?.("ready");
  } catch (thrown) {
    const error = AppError.from(thrown);
    fallback.fatal(error.kind === "misconfigured" ? { reason: error.message } : { err: error }, "cannot start");
    await lifecycle?.close();
    process.exit(1);
  }
}
