import { logEnv, opsEnv, queueEnv, tracingEnv } from "@flow-rag/contracts";
import { z } from "zod";

/** The reporter's environment: flat in, nested out. */
export const schema = z
  .object({ ...logEnv, ...tracingEnv, ...opsEnv, ...queueEnv })
  .omit({ QUEUE_LOCK: true })
  .transform((env) => ({
    log: { level: env.LOG_LEVEL },
    tracing: { endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT },
    ops: { host: env.METRICS_HOST, port: env.METRICS_PORT, graceMs: env.HEALTH_GRACE },
    queue: { url: env.REDIS_URL, prefix: env.QUEUE_PREFIX },
  }));

export type Config = z.output<typeof schema>;
