import {
  duration,
  embedderEnv,
  readChat,
  readEmbedder,
  indexEnv,
  llmEnv,
  logEnv,
  outletEnv,
  queueEnv,
  questionEnv,
  readSources,
  reportEnv,
  sourceEnv,
  stateEnv,
  timeEnv,
  type SourceConfig,
} from "@flow-rag/contracts";
import { z } from "zod";

/** The command line's environment. A service whose address is not given is started locally. */
export const schema = z
  .object({
    LOG_LEVEL: logEnv.LOG_LEVEL.default("warn"),
    ...queueEnv,
    ...sourceEnv,
    ...stateEnv,
    ...indexEnv,
    ...embedderEnv,
    ...llmEnv,
    ...timeEnv,
    ...questionEnv,
    ...reportEnv,
    ...outletEnv,
    REDIS_URL: queueEnv.REDIS_URL.optional(),
    MONGO_URI: sourceEnv.MONGO_URI.optional(),
    CHROMA_URL: indexEnv.CHROMA_URL.optional(),
    API_PORT: z.coerce.number().int().min(0).max(65_535).default(8_000),
    /** Where local services keep their data; `.flow-rag` beside the package.json of flow-rag when unset. */
    FLOW_RAG_DIR: z.string().min(1).optional(),
    /** Time the services get to finish what they have in hand. */
    STOP_TIMEOUT: duration.prefault("30s"),
  })
  .transform((env, context) => ({
    log: { level: env.LOG_LEVEL },
    local: { dir: env.FLOW_RAG_DIR },
    stopTimeoutMs: env.STOP_TIMEOUT,
    queue: { url: env.REDIS_URL, prefix: env.QUEUE_PREFIX },
    sources: readSources({ ...env, MONGO_URI: env.MONGO_URI }, context),
    state: { uri: env.STATE_MONGO_URI, db: env.STATE_DB },
    index: { url: env.CHROMA_URL, prefix: env.INDEX_PREFIX },
    embedder: readEmbedder(env),
    chat: readChat(env),
    http: { port: env.API_PORT },
    slack: { token: env.SLACK_BOT_TOKEN, apiUrl: env.SLACK_API_URL, hosts: env.SLACK_HOSTS },
    mail: { smtpUrl: env.SMTP_URL },
    retention: {
      conversations: { retentionMs: env.CONVERSATION_RETENTION },
      queryLog: { retentionMs: env.QUERY_LOG_RETENTION },
    },
    business: { zone: env.BUSINESS_TZ },
    report: {
      language: env.REPORT_LANG,
      settingsFile: env.SETTINGS_FILE,
      dashboardUrl: env.DASHBOARD_URL,
      regressedAfterDays: env.REGRESSED_AFTER_DAYS,
      schedule: { daily: env.REPORT_CRON, weekly: env.DIGEST_CRON },
    },
  }));

/** `source` is the one that a command is about. */
export type Config = z.output<typeof schema> & { readonly source: SourceConfig<string | undefined> };
