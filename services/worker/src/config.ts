import {
  embedderEnv,
  readEmbedder,
  indexEnv,
  logEnv,
  opsEnv,
  queueEnv,
  readSources,
  sourceEnv,
  stateEnv,
  timeEnv,
  tracingEnv,
} from "@flow-rag/contracts";
import { z } from "zod";

/** How much of the machine embedding takes. */
export const embeddingEnv = {
  /** Processes that run the embedding model, one thread each; one per CPU of the quota when unset. */
  EMBED_PROCESSES: z.coerce.number().int().min(1).max(64).optional(),
  /** Memory for vectors of texts that were embedded lately. Megabytes; 1 MB holds some 500. */
  EMBED_CACHE_MB: z.coerce.number().int().min(0).max(65_536).default(64),
};

/** The worker's environment: flat in, nested out. */
export const schema = z
  .object({
    ...logEnv,
    ...tracingEnv,
    ...opsEnv,
    ...queueEnv,
    ...sourceEnv,
    ...stateEnv,
    ...indexEnv,
    ...embedderEnv,
    ...timeEnv,
    /** Jobs in hand at once: while two are written to the index, the next is embedded and the one before noted as done. */
    WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(32).default(4),
    ...embeddingEnv,
  })
  .transform((env, context) => ({
    log: { level: env.LOG_LEVEL },
    tracing: { endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT },
    ops: { host: env.METRICS_HOST, port: env.METRICS_PORT, graceMs: env.HEALTH_GRACE },
    queue: { url: env.REDIS_URL, prefix: env.QUEUE_PREFIX, lockMs: env.QUEUE_LOCK, concurrency: env.WORKER_CONCURRENCY },
    sources: readSources(env, context),
    state: { uri: env.STATE_MONGO_URI ?? env.MONGO_URI, db: env.STATE_DB },
    index: { url: env.CHROMA_URL, prefix: env.INDEX_PREFIX },
    embedder: readEmbedder(env),
    embedding: { processes: env.EMBED_PROCESSES, cacheBytes: env.EMBED_CACHE_MB * 1e6 },
    display: { zone: env.BUSINESS_TZ },
  }));

export type Config = z.output<typeof schema>;
