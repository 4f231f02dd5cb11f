import { z } from "zod";
import { sourceName } from "./records.js";
import { serviceUrl } from "./service-url.js";
import { sourceFields } from "./source-fields.js";
import { sourceStatuses } from "./source-statuses.js";

/**
 * The variables that more than one process reads, by subject. A process's `config.ts` picks what it needs,
 * so one name means one thing everywhere and `.env.example` can be checked against all of them.
 */
const mongoUri = z.url({ protocol: /^mongodb(\+srv)?$/, error: "must be a mongodb:// or mongodb+srv:// address" });
const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: "must be a JSON object" });
    return z.NEVER;
  }
});

const timeZone = z.string().refine((zone) => {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: zone }));
  } catch {
    return false;
  }
}, "must be an IANA time zone such as Europe/Paris");

/** "90s", "30m", "6h", "2d" or plain milliseconds, to milliseconds. */
export const duration = z
  .string()
  .regex(/^\d+(ms|s|m|h|d)?$/, "must be a duration such as 90s, 30m, 6h or 2d")
  .transform((text) => {
    const unit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
    return Number.parseInt(text, 10) * unit[(/[a-z]+$/.exec(text)?.[0] ?? "ms") as keyof typeof unit];
  });

export const logEnv = { LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info") };

/** Where an OpenTelemetry collector takes traces; nothing is traced when unset. */
export const tracingEnv = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/, error: "must be an http:// or https:// address" }).optional(),
};

/** Where reports go, as far as it can be tried out without sending one. */
export const outletEnv = {
  /** A bot's token (xoxb-…). */
  SLACK_BOT_TOKEN: z.string().min(1).optional(),
  SLACK_API_URL: serviceUrl.default("https://slack.com/api/"),
  /** Host names of Slack-compatible servers that may be spoken to, besides Slack's own. */
  SLACK_HOSTS: z
    .string()
    .transform((text) => text.split(",").flatMap((item) => item.trim() || []))
    .prefault(""),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: "must be an smtp:// or smtps:// address" }).optional(),
};

/** Health and metrics of a process that has no other interface. */
export const opsEnv = {
  /** Unset: nowhere; 0: a free port. */
  METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  METRICS_HOST: z.string().min(1).default("127.0.0.1"),
  /** How long work may wait untouched, or a job run over its limit, before its consumer counts as stuck. */
  HEALTH_GRACE: duration.prefault("60s"),
};

export const queueEnv = {
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: "must be a redis:// or rediss:// address" }),
  QUEUE_PREFIX: z
    .string()
    .regex(/^[\w-]+$/, "must be letters, digits, - or _")
    .default("flow-rag"),
  /** How long a job stays its worker's without a sign of life; after a crash it is taken up again once this has passed. */
  QUEUE_LOCK: duration.prefault("60s"),
};

export const sourceEnv = {
  MONGO_URI: mongoUri,
  MONGO_DB: z.string().min(1).default("flows"),
  MONGO_COLLECTION: z.string().min(1).default("flow_monitoring"),
  SOURCE_NAME: sourceName.default("flows"),
  SOURCE_FIELDS: jsonText.pipe(sourceFields).prefault("{}"),
  /** What the source's own status words stand for. */
  SOURCE_STATUSES: jsonText.pipe(sourceStatuses).prefault("{}"),
  /** Zone of timestamps that name none. */
  SOURCE_TZ: timeZone.default("UTC"),
  /** Which time orders the source: `updated_at` finds changes of old records too. */
  CURSOR_FIELD: z.enum(["timestamp", "updated_at"]).default("timestamp"),
  /** More sources beside the one above. What an entry leaves out is as there. */
  SOURCES: jsonText
    .pipe(
      z.array(
        z.strictObject({
          name: sourceName,
          uri: mongoUri.optional(),
          db: z.string().min(1).optional(),
          collection: z.string().min(1).optional(),
          fields: sourceFields.optional(),
          statuses: sourceStatuses.optional(),
          zone: timeZone.optional(),
          cursor: z.enum(["timestamp", "updated_at"]).optional(),
        }),
      ),
    )
    .prefault("[]"),
};

export const stateEnv = {
  STATE_MONGO_URI: mongoUri.optional(),
  STATE_DB: z.string().min(1).default("flow_rag"),
};

export const indexEnv = {
  CHROMA_URL: serviceUrl,
  /** Put before the collections' names, so that several installations can share one Chroma. */
  INDEX_PREFIX: z
    .string()
    .regex(/^[a-z0-9-]*$/, "must be lower case letters, digits and hyphens")
    .default(""),
};

export const embedderEnv = {
  EMBEDDER: z.enum(["auto", "e5", "lexical", "openai"]).default("auto"),
  LOCAL_EMB_MODEL: z.string().min(1).default("intfloat/multilingual-e5-small"),
  /** Folder that holds downloaded models; relative to where the process starts. */
  MODEL_DIR: z.string().min(1).default("./models"),
  EMBED_DTYPE: z.enum(["q8", "fp32"]).default("q8"),
  /** What the SHA-256 of the weights must be. */
  LOCAL_EMB_SHA256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, "must be 64 hex digits")
    .optional(),
  /** An OpenAI-compatible endpoint, for EMBEDDER=openai. */
  EMBED_API_URL: serviceUrl.optional(),
  EMBED_API_KEY: z.string().min(1).optional(),
  EMBED_API_MODEL: z.string().min(1).optional(),
  EMBED_OFFLINE: z
    .enum(["true", "false"])
    .default("false")
    .transform((value) => value === "true"),
  HF_ENDPOINT: serviceUrl.default("https://huggingface.co"),
};

export const llmEnv = {
  /** An OpenAI-compatible endpoint such as a LiteLLM proxy. Unset: answers are worded by the templates alone. */
  LITELLM_API_BASE: z.url({ protocol: /^https?$/, error: "must be an http:// or https:// address" }).optional(),
  LITELLM_API_KEY: z.string().min(1).optional(),
  LITELLM_MODEL: z.string().min(1).default("gpt-4o-mini"),
  /** Patience with one answer: as a whole, until its first token and between two (chat-settings says how long when unset), and until there is a connection. */
  LLM_TIMEOUT: duration.prefault("20s"),
  LLM_FIRST_TOKEN_TIMEOUT: duration.optional(),
  LLM_CONNECT_TIMEOUT: duration.prefault("2s"),
  /** Tokens of a prompt and of an answer. */
  LLM_MAX_PROMPT_TOKENS: z.coerce.number().int().min(1_000).max(200_000).default(6_000),
  LLM_MAX_ANSWER_TOKENS: z.coerce.number().int().min(100).max(8_000).default(800),
  /** Tokens of a day of BUSINESS_TZ, prompts and answers of all processes together; no limit when unset. */
  LLM_DAILY_TOKENS: z.coerce.number().int().min(1).optional(),
};

export const timeEnv = { BUSINESS_TZ: timeZone.default("Europe/Paris") };

export const questionEnv = {
  /** Megabytes of runs that the API keeps in memory to answer from, the newest first; 0 asks the database for everything. */
  RUNS_MEMORY_MB: z.coerce.number().int().min(0).max(100_000).default(192),
  /** How long a conversation is kept after its last question. */
  CONVERSATION_RETENTION: duration.prefault("30d"),
  /** How long a line of the query log is kept. */
  QUERY_LOG_RETENTION: duration.prefault("90d"),
};

export const reportEnv = {
  /** When the daily report is due, read in BUSINESS_TZ; `off`: never. */
  REPORT_CRON: z.string().min(1).default("30 7 * * *"),
  /** When the weekly digest is due, read in BUSINESS_TZ; `off`: never. */
  DIGEST_CRON: z.string().min(1).default("45 7 * * 1"),
  REPORT_LANG: z.enum(["fr", "en"]).default("fr"),
  /** YAML: sensitivity, muted pipelines, maintenance, teams, and who is sent what. */
  SETTINGS_FILE: z.string().min(1).optional(),
  /** Quiet days after which an error that comes back is one that regressed; the settings' own `regressedAfterDays` wins. */
  REGRESSED_AFTER_DAYS: z.coerce.number().int().min(1).max(365).default(14),
  /** Where a report's buttons lead. */
  DASHBOARD_URL: z.url({ protocol: /^https?$/, error: "must be an http:// or https:// address" }).optional(),
};
