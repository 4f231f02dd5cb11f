import type { Outcome, Outlet } from "../domain/outlet.js";
import { cannotHaveArrived, describeError } from "./network-error.js";

/** Slack through an incoming webhook: one channel, no thread, no pictures, and nobody can look whether a message has arrived. */
export const createWebhookOutlet = ({ url, timeoutMs }: { url: string; timeoutMs: number }): Outlet => ({
  async send({ rendered }): Promise<Outcome> {
    const { text, blocks } = rendered.slack.message;
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json; charset=utf-8" },
        body: JSON.stringify({ text, blocks, unfurl_links: false, unfurl_media: false }),
        redirect: "error",
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (response.ok) {
        await response.body?.cancel();
        return { kind: "sent", receipt: {} };
      }
      return await toOutcome(response);
    } catch (error) {
      const reason = `Slack webhook: ${describeError(error)}`;
      return cannotHaveArrived(error) ? { kind: "later", reason, afterMs: null } : { kind: "ambiguous", reason };
    }
  },
  find: null,
});

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
