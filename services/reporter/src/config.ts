import {
  duration,
  llmEnv,
  logEnv,
  opsEnv,
  queueEnv,
  readChat,
  readSources,
  reportEnv,
  serviceUrl,
  sourceEnv,
  stateEnv,
  timeEnv,
  tracingEnv,
} from "@flow-rag/contracts";
import { z } from "zod";
import { isSlackAddress } from "@flow-rag/contracts";

const list = z
  .string()
  .transform((text) => text.split(",").flatMap((item) => item.trim() || []))
  .prefault("");
const address = z.email("must be e-mail addresses");
/** `a@b.fr` or `Name <a@b.fr>`. */
const sender = z
  .string()
  .transform((text) => {
    const named = /^\s*"?([^"<>]*?)"?\s*<([^<>]+)>\s*$/.exec(text);
    return { name: named?.[1] ?? "flow-rag", address: named?.[2] ?? text.trim() };
  })
  .pipe(z.object({ name: z.string().max(100), address: z.email("must be an e-mail address, as a@b.fr or Name <a@b.fr>") }));
const longestCatchUpMs = 23 * 3_600_000;

const variables = z.object({
  ...logEnv,
  ...tracingEnv,
  ...opsEnv,
  ...queueEnv,
  ...sourceEnv,
  ...stateEnv,
  ...timeEnv,
  ...reportEnv,
  ...llmEnv,
  /** How long after its time a report is still written, and a delivery still tried. */
  REPORT_CATCH_UP: duration.refine((ms) => ms <= longestCatchUpMs, "must be at most 23h").prefault("6h"),
  /** Called once every delivery of a daily report has arrived. */
  REPORT_HEARTBEAT_URL: serviceUrl.optional(),
  /** A bot's token (xoxb-…); instead of it SLACK_WEBHOOK_URL, which can neither thread nor show pictures. */
  SLACK_BOT_TOKEN: z.string().min(1).optional(),
  /** Ids of the channels that get what no route names a channel for, separated by commas. */
  SLACK_CHANNELS: list,
  SLACK_WEBHOOK_URL: serviceUrl.optional(),
  SLACK_API_URL: serviceUrl.default("https://slack.com/api/"),
  /** Host names of Slack-compatible servers that may be spoken to, besides Slack's own. */
  SLACK_HOSTS: list,
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: "must be an smtp:// or smtps:// address" }).optional(),
  MAIL_FROM: sender.optional(),
  /** Who gets what no route names an address for, separated by commas. */
  MAIL_TO: list.pipe(z.array(address)),
  /** What List-Unsubscribe names: a mailto: or https: address; MAIL_FROM when unset. */
  MAIL_UNSUBSCRIBE: z.url({ protocol: /^(mailto|https)$/, error: "must be a mailto: or https: address" }).optional(),
  /** How long Slack or the mail server gets to answer. */
  DELIVERY_TIMEOUT: duration.refine((ms) => ms >= 100 && ms <= 60_000, "must be from 100ms to 60s").prefault("15s"),
});

/** The reporter's environment: flat in, nested out. */
export const schema = variables
  .superRefine((env, context) => {
    const wrong = (variable: keyof typeof env, message: string) => context.addIssue({ code: "custom", path: [variable], message });
    if (env.SLACK_BOT_TOKEN !== undefined && env.SLACK_WEBHOOK_URL !== undefined)
      wrong("SLACK_WEBHOOK_URL", "give this or SLACK_BOT_TOKEN, not both");
    for (const variable of ["SLACK_API_URL", "SLACK_WEBHOOK_URL"] as const) {
      const url = env[variable];
      if (url !== undefined && !isSlackAddress(url, env.SLACK_HOSTS))
        wrong(variable, "is not Slack's: name its host in SLACK_HOSTS if it is meant");
    }
    if (env.SMTP_URL !== undefined && env.MAIL_FROM === undefined) wrong("MAIL_FROM", "is needed with SMTP_URL");
    if (env.SMTP_URL === undefined && env.MAIL_TO.length > 0) wrong("SMTP_URL", "is needed with MAIL_TO");
    if (env.SLACK_BOT_TOKEN === undefined && env.SLACK_CHANNELS.length > 0) wrong("SLACK_BOT_TOKEN", "is needed with SLACK_CHANNELS");
  })
  .transform((env, context) => ({
    log: { level: env.LOG_LEVEL },
    tracing: { endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT },
    ops: { host: env.METRICS_HOST, port: env.METRICS_PORT, graceMs: env.HEALTH_GRACE },
    queue: { url: env.REDIS_URL, prefix: env.QUEUE_PREFIX, lockMs: env.QUEUE_LOCK },
    state: { uri: env.STATE_MONGO_URI ?? env.MONGO_URI, db: env.STATE_DB },
    sources: readSources(env, context).map(({ name }) => name),
    business: { zone: env.BUSINESS_TZ },
    chat: readChat(env),
    report: {
      language: env.REPORT_LANG,
      settingsFile: env.SETTINGS_FILE,
      dashboardUrl: env.DASHBOARD_URL,
      regressedAfterDays: env.REGRESSED_AFTER_DAYS,
    },
    schedule: { daily: env.REPORT_CRON, weekly: env.DIGEST_CRON, catchUpMs: env.REPORT_CATCH_UP },
    delivery: { timeoutMs: env.DELIVERY_TIMEOUT, heartbeatUrl: env.REPORT_HEARTBEAT_URL },
    slack: {
      token: env.SLACK_BOT_TOKEN,
      webhookUrl: env.SLACK_WEBHOOK_URL,
      apiUrl: env.SLACK_API_URL,
      channels: env.SLACK_CHANNELS,
      hosts: env.SLACK_HOSTS,
    },
    mail: { smtpUrl: env.SMTP_URL, from: env.MAIL_FROM, to: env.MAIL_TO, unsubscribe: env.MAIL_UNSUBSCRIBE },
  }));

export type Config = z.output<typeof schema>;
