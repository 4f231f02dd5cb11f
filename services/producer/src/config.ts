import { duration, logEnv, opsEnv, queueEnv, readSources, sourceEnv, stateEnv, tracingEnv } from "@flow-rag/contracts";
import { z } from "zod";

/** The producer's environment: flat in, nested out. */
export const schema = z
  .object({
    ...logEnv,
    ...tracingEnv,
    ...opsEnv,
    ...queueEnv,
    ...sourceEnv,
    ...stateEnv,
    /** When to look for changes, read in UTC. */
    PULL_CRON: z.string().min(1).default("*/5 * * * *"),
    /** When to compare the index with the whole source and repair it, which also finds removals, read in UTC. */
    RECONCILE_CRON: z.string().min(1).default("40 3 * * *"),
    /** How far behind the watermark each pull begins, for records that are written late. */
    PULL_OVERLAP: duration.prefault("30m"),
    /** Unfinished records.embed jobs above which pulling waits. */
    QUEUE_MAX_WAITING: z.coerce.number().int().min(1).default(1_000),
  })
  .transform((env, context) => ({
    log: { level: env.LOG_LEVEL },
    tracing: { endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT },
    ops: { host: env.METRICS_HOST, port: env.METRICS_PORT, graceMs: env.HEALTH_GRACE },
    queue: { url: env.REDIS_URL, prefix: env.QUEUE_PREFIX, lockMs: env.QUEUE_LOCK, maxWaiting: env.QUEUE_MAX_WAITING },
    sources: readSources(env, context),
    state: { uri: env.STATE_MONGO_URI ?? env.MONGO_URI, db: env.STATE_DB },
    pull: { cron: env.PULL_CRON, reconcileCron: env.RECONCILE_CRON, overlapMs: env.PULL_OVERLAP },
  }));

export type Config = z.output<typeof schema>;
