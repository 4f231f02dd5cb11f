import { AppError } from "@flow-rag/kernel";
import { ErrorCode, WebClient, type Logger } from "@slack/web-api";
import { cannotHaveArrived, describeError } from "./network-error.js";

export type SlackSettings = { readonly token: string; readonly apiUrl: string; readonly timeoutMs: number };

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, getLevel: () => "error" as never, setName() {} };

/** A client that makes each call once and waits for it a bounded time: whether to call again is the outbox's to decide. */
export const createSlackClient = ({ token, apiUrl, timeoutMs }: SlackSettings): WebClient =>
  new WebClient(token, {
    slackApiUrl: apiUrl.endsWith("/") ? apiUrl : `${apiUrl}/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: timeoutMs,
    allowAbsoluteUrls: false,
    logger: silent, // its own would write requests to stderr
    // The client keeps the causes of an error only if it knows its class.
    fetch: (address, options) =>
      fetch(address, options).catch((cause: unknown) => {
        throw new AppError("upstream_unavailable", describeError(cause), { cause });
      }),
  });

/** Answers that leave open whether the call had its effect. Source: docs.slack.dev, errors of chat.postMessage. */
const ambiguousAnswers = new Set(["internal_error", "fatal_error", "request_timeout", "service_unavailable"]);
const limitedAnswers = new Set(["ratelimited", "rate_limited", "message_limit_exceeded"]);

export type SlackFailure =
  | { readonly kind: "later"; readonly reason: string; readonly afterMs: number | null }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "ambiguous"; readonly reason: string };

/** Slack takes the message, and not its layout. Source: docs.slack.dev, errors of chat.postMessage and of incoming webhooks. */
export const areBlocksRefused = (reason: string): boolean => /\b(?:invalid_blocks(?:_format)?|msg_blocks_too_long)\b/.test(reason);

/** What a failed call of the client means. */
export function readSlackError(thrown: unknown): SlackFailure {
  const error = thrown as { code?: unknown; data?: { error?: unknown }; retryAfter?: number; statusCode?: number; message?: string };
  if (error.code === ErrorCode.RateLimitedError)
    return { kind: "later", reason: "Slack: rate limited", afterMs: (error.retryAfter ?? 1) * 1_000 };
  if (error.code === ErrorCode.PlatformError) {
    const name = typeof error.data?.error === "string" ? error.data.error.slice(0, 100) : "";
    // The client takes any text that is no JSON for the name of an error: a proxy's page, say.
    if (!/^[a-z][a-z_]{1,80}$/.test(name)) return { kind: "ambiguous", reason: "Slack: an answer that is not Slack's" };
    if (limitedAnswers.has(name)) return { kind: "later", reason: `Slack: ${name}`, afterMs: null };
    return { kind: ambiguousAnswers.has(name) ? "ambiguous" : "refused", reason: `Slack: ${name}` };
  }
  if (error.code === ErrorCode.HTTPError) {
    const status = error.statusCode ?? 0;
    return { kind: status >= 400 && status < 500 ? "refused" : "ambiguous", reason: `Slack: HTTP ${status}` };
  }
  // The client has no code of its own for a 429 without a Retry-After.
  if (error.message?.startsWith("Retry header did not contain")) return { kind: "later", reason: "Slack: rate limited", afterMs: null };
  const reason = `Slack: ${describeError(thrown)}`;
  return cannotHaveArrived(thrown) ? { kind: "later", reason, afterMs: null } : { kind: "ambiguous", reason };
}
