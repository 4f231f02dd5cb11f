import { embedderEnv, readEmbedder, indexEnv, logEnv, questionEnv, sourceEnv, stateEnv, timeEnv } from "@flow-rag/contracts";
import { z } from "zod";

/** The API's environment: flat in, nested out. */
export const schema = z
  .object({
    ...logEnv,
    MONGO_URI: sourceEnv.MONGO_URI,
    SOURCE_NAME: sourceEnv.SOURCE_NAME,
    ...stateEnv,
    CHROMA_URL: indexEnv.CHROMA_URL,
    ...embedderEnv,
    ...timeEnv,
    ...questionEnv,
    API_PORT: z.coerce.number().int().min(0).max(65_535).default(8_000),
    /** Loopback only, as long as nobody says otherwise: there is no login yet. */
    API_HOST: z.string().min(1).default("127.0.0.1"),
  })
  .transform((env) => ({
    log: { level: env.LOG_LEVEL },
    http: { host: env.API_HOST, port: env.API_PORT },
    source: { name: env.SOURCE_NAME },
    state: { uri: env.STATE_MONGO_URI ?? env.MONGO_URI, db: env.STATE_DB },
    index: { url: env.CHROMA_URL },
    embedder: readEmbedder(env),
    retention: {
      conversations: { retentionMs: env.CONVERSATION_RETENTION },
      queryLog: { retentionMs: env.QUERY_LOG_RETENTION },
    },
    business: { zone: env.BUSINESS_TZ },
  }));

export type Config = z.output<typeof schema>;
