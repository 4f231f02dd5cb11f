import { embedderEnv, indexEnv, logEnv, queueEnv, readEmbedder, readSources, sourceEnv, stateEnv, timeEnv } from "@flow-rag/contracts";
import { z } from "zod";
import { embeddingEnv } from "../config.js";

/** The environment of a rebuilding: the worker's without the queue, of which it has the lock's duration only. */
export const schema = z
  .object({
    ...logEnv,
    QUEUE_LOCK: queueEnv.QUEUE_LOCK,
    ...sourceEnv,
    ...stateEnv,
    ...indexEnv,
    ...embedderEnv,
    ...embeddingEnv,
    ...timeEnv,
  })
  .transform((env, context) => ({
    log: { level: env.LOG_LEVEL },
    leaseMs: env.QUEUE_LOCK,
    sources: readSources(env, context),
    state: { uri: env.STATE_MONGO_URI ?? env.MONGO_URI, db: env.STATE_DB },
    index: { url: env.CHROMA_URL, prefix: env.INDEX_PREFIX },
    embedder: readEmbedder(env),
    embedding: { processes: env.EMBED_PROCESSES, cacheBytes: env.EMBED_CACHE_MB * 1e6 },
    display: { zone: env.BUSINESS_TZ },
  }));

export type Config = z.output<typeof schema>;
