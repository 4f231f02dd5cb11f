import type { SlackMessage } from "@flow-rag/contracts";
import type { KnownBlock, WebClient } from "@slack/web-api";
import type { Found, Outcome, Outgoing, Outlet } from "./outlet.js";
import { areBlocksRefused, createSlackClient, readSlackError, type SlackSettings } from "./slack-client.js";
import { uploadCharts } from "./slack-upload.js";

const eventType = "flow_rag_report";
const clockSkewMs = 120_000;
const [pageSize, maxPages] = [200, 5];

/**
 * Slack through a bot token. Each message bears its delivery's id as metadata, by which one whose fate is unknown is found again; that
 * needs the scope channels:history (groups:history for private channels), and metadata.message:read where Slack asks for it.
 */
export function createSlackOutlet(settings: SlackSettings & { readonly isTrusted: (url: string) => boolean }): Outlet {
  const client = createSlackClient(settings);
  return {
    async send(message) {
      if (message.part === "charts") return await uploadCharts(client, message, settings);
      const content = contentOf(message);
      const thread = message.part === "main" ? undefined : stringOf(message.mainReceipt?.["ts"]);
      const post = async (blocks: SlackMessage["blocks"] | undefined): Promise<Outcome> => {
        try {
          const { channel, ts } = await client.chat.postMessage({
            channel: message.delivery.target,
            text: content.text,
            ...(blocks && { blocks: blocks as unknown as KnownBlock[] }),
            metadata: { event_type: eventType, event_payload: payloadOf(message) },
            unfurl_links: false,
            unfurl_media: false,
            ...(thread !== undefined && { thread_ts: thread }),
          });
          // Only Slack's own answer names the message: a page that says 200 does not.
          if (typeof ts !== "string" || ts === "") return { kind: "ambiguous", reason: "Slack: an answer that names no message" };
          return { kind: "sent", receipt: { channel: channel ?? message.delivery.target, ts } };
        } catch (error) {
          return readSlackError(error);
        }
      };
      const outcome = await post(content.blocks);
      // Nothing has arrived, and the text says the same: a report without its layout is better than none.
      return outcome.kind === "refused" && areBlocksRefused(outcome.reason) ? await post(undefined) : outcome;
    },
    async find(message) {
      if (message.part === "charts") return { kind: "blind", reason: "an upload cannot be looked up" };
      try {
        return await findMessage(client, message);
      } catch (error) {
        const failure = readSlackError(error);
        if (failure.kind === "refused") return { kind: "blind", reason: failure.reason };
        return { kind: "later", reason: failure.reason, afterMs: failure.kind === "later" ? failure.afterMs : null };
      }
    },
  };
}

async function findMessage(client: WebClient, message: Outgoing & { readonly startedAt: Date }): Promise<Found> {
  const wanted = payloadOf(message);
  const thread = message.part === "main" ? undefined : stringOf(message.mainReceipt?.["ts"]);
  const channel = stringOf(message.mainReceipt?.["channel"]) ?? message.delivery.target;
  const oldest = String((message.startedAt.getTime() - clockSkewMs) / 1_000);
  let cursor = "";
  for (let page = 0; page < maxPages; page += 1) {
    const range = { channel, oldest, limit: pageSize, include_all_metadata: true, ...(cursor !== "" && { cursor }) };
    const found =
      thread === undefined ? await client.conversations.history(range) : await client.conversations.replies({ ...range, ts: thread });
    const own = found.messages?.find(({ metadata }) => {
      const { event_type: type, event_payload: payload } = (metadata ?? {}) as { event_type?: string; event_payload?: typeof wanted };
      return type === eventType && payload?.delivery === wanted.delivery && payload.part === wanted.part;
    });
    if (own) return { kind: "found", receipt: { channel, ts: own.ts ?? "" } };
    cursor = found.response_metadata?.next_cursor ?? "";
    if (cursor === "") return { kind: "absent" };
  }
  return { kind: "blind", reason: `more than ${pageSize * maxPages} messages came after it` };
}

function contentOf({ part, rendered: { slack } }: Outgoing): SlackMessage {
  if (part === "main") return slack.message;
  return slack.thread[Number(part.slice("thread-".length)) - 1] ?? slack.message;
}

const payloadOf = ({ delivery, part }: Outgoing) => ({ delivery: delivery.id, part, report: delivery.reportId });
const stringOf = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
