import type { Outcome, Outlet } from "./outlet.js";
import { areBlocksRefused } from "./slack-client.js";
import { cannotHaveArrived, describeError } from "./network-error.js";

type WebhookSettings = { readonly url: string; readonly timeoutMs: number };

/** Slack through an incoming webhook: one channel, no thread, no pictures, and nobody can look whether a message has arrived. */
export const createWebhookOutlet = (settings: WebhookSettings): Outlet => ({
  async send({ rendered }): Promise<Outcome> {
    const { text, blocks } = rendered.slack.message;
    const outcome = await post(settings, { text, blocks });
    // Nothing has arrived, and the text says the same: a report without its layout is better than none.
    return outcome.kind === "refused" && areBlocksRefused(outcome.reason) ? await post(settings, { text }) : outcome;
  },
  find: null,
});

async function post({ url, timeoutMs }: WebhookSettings, message: object): Promise<Outcome> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify({ ...message, unfurl_links: false, unfurl_media: false }),
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    });
    return response.ok ? await toReceipt(response) : await toOutcome(response);
  } catch (error) {
    const reason = `Slack webhook: ${describeError(error)}`;
    return cannotHaveArrived(error) ? { kind: "later", reason, afterMs: null } : { kind: "ambiguous", reason };
  }
}

const answerAtMost = 200;

/**
 * Slack answers "ok", and a workflow's webhook or a service that stands in for Slack `{"ok":true}`. A page of a proxy or a portal is 200 as
 * well, and says nothing of the message. Source: docs.slack.dev, sending messages using incoming webhooks.
 */
async function toReceipt(response: Response): Promise<Outcome> {
  const said = (await response.text()).slice(0, answerAtMost).trim();
  if (/^ok$/i.test(said) || /^\{\s*"ok"\s*:\s*true\b/.test(said)) return { kind: "sent", receipt: {} };
  const type = (response.headers.get("content-type") ?? "no type").split(";", 1)[0] ?? "";
  return { kind: "ambiguous", reason: `Slack webhook: HTTP ${response.status}, but its answer (${type.slice(0, 50)}) is not Slack's` };
}

async function toOutcome(response: Response): Promise<Outcome> {
  const { status } = response;
  if (status === 429) {
    await response.body?.cancel();
    const seconds = Number.parseInt(response.headers.get("retry-after") ?? "", 10);
    return { kind: "later", reason: "Slack webhook: rate limited", afterMs: Number.isNaN(seconds) ? null : seconds * 1_000 };
  }
  if (status >= 500) return { kind: "ambiguous", reason: `Slack webhook: HTTP ${status}` };
  const said = (await response.text().catch(() => ""))
    .replace(/[^\w .-]/g, " ")
    .slice(0, 100)
    .trim();
  return { kind: "refused", reason: `Slack webhook: HTTP ${status}${said === "" ? "" : ` ${said}`}` };
}
