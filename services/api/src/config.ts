import {
  duration,
  embedderEnv,
  readChat,
  readEmbedder,
  indexEnv,
  llmEnv,
  logEnv,
  opsEnv,
  outletEnv,
  questionEnv,
  queueEnv,
  readSources,
  reportEnv,
  sourceEnv,
  stateEnv,
  timeEnv,
  tracingEnv,
} from "@flow-rag/contracts";
import { isIP } from "node:net";
import { z } from "zod";

const perMinute = (requests: number) => z.coerce.number().int().min(0).max(1_000_000).default(requests);
const words = (text: string): string[] =>
  text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
const proxyNames = ["loopback", "linklocal", "uniquelocal"];

/** How far X-Forwarded-For is believed. "true" would let every caller choose the address it is limited by. */
const trustProxy = z
  .string()
  .default("false")
  .transform((text, context): number | string[] | false => {
    if (text === "false" || text === "0") return false;
    if (/^[1-9]$/.test(text)) return Number(text);
    const addresses = words(text);
    const known = (word: string) => proxyNames.includes(word) || isIP(word.replace(/\/\d{1,3}$/, "")) > 0;
    if (addresses.length > 0 && addresses.every(known)) return addresses;
    context.addIssue({ code: "custom", message: "must be false, a number of proxies (1 to 9) or their addresses such as 10.0.0.0/8" });
    return z.NEVER;
  });

const origins = z
  .string()
  .default("")
  .transform(words)
  .refine(
    (list) => list.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
    "must be origins such as https://ops.example.com, separated by commas",
  );

const isLoopback = (host: string): boolean => host === "localhost" || host === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);

/** The API's environment: flat in, nested out. */
export const schema = z
  .object({
    ...logEnv,
    REDIS_URL: queueEnv.REDIS_URL,
    QUEUE_PREFIX: queueEnv.QUEUE_PREFIX,
    ...sourceEnv,
    ...stateEnv,
    ...indexEnv,
    ...tracingEnv,
    ...outletEnv,
    HEALTH_GRACE: opsEnv.HEALTH_GRACE,
    ...embedderEnv,
    ...llmEnv,
    ...timeEnv,
    ...questionEnv,
    SETTINGS_FILE: reportEnv.SETTINGS_FILE,
    REGRESSED_AFTER_DAYS: reportEnv.REGRESSED_AFTER_DAYS,
    API_PORT: z.coerce.number().int().min(0).max(65_535).default(8_000),
    /** Beyond loopback only once there is a key. */
    API_HOST: z.string().min(1).default("127.0.0.1"),
    AUTH_DISABLED: z
      .enum(["true", "false"])
      .default("false")
      .transform((value) => value === "true"),
    TRUST_PROXY: trustProxy,
    CORS_ORIGINS: origins,
    /** Where users reach this API: links of chat answers lead there. */
    PUBLIC_URL: z
      .url({ protocol: /^https?$/, error: "must be an http:// or https:// address" })
      .transform((url) => url.replace(/\/+$/, ""))
      .optional(),
    /** One of the sources, for records that are pushed: the API may write to it. */
    PUSH_SOURCE: z.string().min(1).optional(),
    /** Unfinished jobs above which the API takes no more. */
    QUEUE_MAX_WAITING: z.coerce.number().int().min(1).default(1_000),
    /** Requests a minute and key. */
    RATE_LIMIT_QUESTIONS: perMinute(120),
    RATE_LIMIT_READS: perMinute(600),
    RATE_LIMIT_JOBS: perMinute(30),
    /** Streams that are open at once, for each key. */
    MAX_STREAMS: z.coerce.number().int().min(1).max(1_000).default(8),
    /** How long the reader of an answer may take nothing of it; a stream's signs of life come every 15 s. */
    STREAM_IDLE_TIMEOUT: duration.prefault("60s"),
    /** How long a connection is kept for the next request: longer than a load balancer keeps its side of it. */
    KEEP_ALIVE_TIMEOUT: duration.prefault("75s"),
    /** From SIGTERM on readiness says no, and requests are still answered for this long: until every load balancer has looked. */
    SHUTDOWN_DELAY: duration.prefault("10s"),
    /** How long answers and streams that run by then may go on. */
    SHUTDOWN_TIMEOUT: duration.prefault("30s"),
  })
  .transform((env, context) => {
    const sources = readSources(env, context);
    const push = sources.find(({ name }) => name === env.PUSH_SOURCE);
    if (env.PUSH_SOURCE !== undefined && !push)
      context.addIssue({ code: "custom", path: ["PUSH_SOURCE"], message: "must be the name of one of the sources" });
    const loopback = isLoopback(env.API_HOST);
    if (env.AUTH_DISABLED && !loopback)
      context.addIssue({ code: "custom", path: ["AUTH_DISABLED"], message: "only together with API_HOST=127.0.0.1" });
    return {
      log: { level: env.LOG_LEVEL },
      http: {
        host: env.API_HOST,
        port: env.API_PORT,
        loopback,
        authDisabled: env.AUTH_DISABLED,
        trustProxy: env.TRUST_PROXY,
        corsOrigins: env.CORS_ORIGINS,
        publicUrl: env.PUBLIC_URL,
        perMinute: { questions: env.RATE_LIMIT_QUESTIONS, reads: env.RATE_LIMIT_READS, jobs: env.RATE_LIMIT_JOBS, logins: 10 },
        limitsPrefix: env.QUEUE_PREFIX,
        streamsPerKey: env.MAX_STREAMS,
        streamIdleMs: env.STREAM_IDLE_TIMEOUT,
        keepAliveMs: env.KEEP_ALIVE_TIMEOUT,
        headersMs: 15_000,
        requestMs: 60_000,
        leaving: { delayMs: env.SHUTDOWN_DELAY, runningMs: env.SHUTDOWN_TIMEOUT },
      },
      queue: { url: env.REDIS_URL, prefix: env.QUEUE_PREFIX, maxWaiting: env.QUEUE_MAX_WAITING },
      sources,
      push,
      state: { uri: env.STATE_MONGO_URI ?? env.MONGO_URI, db: env.STATE_DB },
      index: { url: env.CHROMA_URL, prefix: env.INDEX_PREFIX },
      tracing: { endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT },
      ops: { graceMs: env.HEALTH_GRACE },
      slack: { token: env.SLACK_BOT_TOKEN, apiUrl: env.SLACK_API_URL, hosts: env.SLACK_HOSTS },
      mail: { smtpUrl: env.SMTP_URL },
      embedder: readEmbedder(env),
      chat: readChat(env),
      runsMemoryBytes: env.RUNS_MEMORY_MB * 1_000_000,
      retention: {
        conversations: { retentionMs: env.CONVERSATION_RETENTION },
        queryLog: { retentionMs: env.QUERY_LOG_RETENTION },
      },
      business: { zone: env.BUSINESS_TZ },
      report: { settingsFile: env.SETTINGS_FILE, regressedAfterDays: env.REGRESSED_AFTER_DAYS },
    };
  });

export type Config = z.output<typeof schema>;
