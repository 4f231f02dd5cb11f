import { embedderEnv, indexEnv, logEnv, queueEnv, readSources, sourceEnv, stateEnv, timeEnv } from "@flow-rag/contracts";
import { z } from "zod";

/** The worker's environment: flat in, nested out. */
export const schema = z
  .object({
    ...logEnv,
    ...queueEnv,
    ...sourceEnv,
    ...stateEnv,
    ...indexEnv,
    ...embedderEnv,
    ...timeEnv,
    /** Jobs in hand at once: one is embedded while the other waits for a store. */
    WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(32).default(2),
  })
  .transform((env, context) => ({
    log: { level: env.LOG_LEVEL },
    queue: { url: env.REDIS_URL, prefix: env.QUEUE_PREFIX, lockMs: env.QUEUE_LOCK, concurrency: env.WORKER_CONCURRENCY },
    sources: readSources(env, context),
    state: { uri: env.STATE_MONGO_URI ?? env.MONGO_URI, db: env.STATE_DB },
    index: { url: env.CHROMA_URL, prefix: env.INDEX_PREFIX },
    embedder: {
      kind: env.EMBEDDER,
      model: env.LOCAL_EMB_MODEL,
      modelDir: env.MODEL_DIR,
      dtype: env.EMBED_DTYPE,
      offline: env.EMBED_OFFLINE,
      hubUrl: env.HF_ENDPOINT,
    },
    display: { zone: env.BUSINESS_TZ },
  }));

export type Config = z.output<typeof schema>;
