import type { WebClient } from "@slack/web-api";
import type { Outcome, Outgoing } from "./outlet.js";
import { describeError } from "./network-error.js";
import { readSlackError } from "./slack-client.js";

type Upload = { readonly timeoutMs: number; readonly isTrusted: (url: string) => boolean };

/** The report's pictures as one answer in the message's thread. Nobody sees any of it before the last call. */
export async function uploadCharts(client: WebClient, message: Outgoing, { timeoutMs, isTrusted }: Upload): Promise<Outcome> {
  const { charts } = message.rendered;
  const [channel, thread] = [message.mainReceipt?.["channel"], message.mainReceipt?.["ts"]];
  if (typeof channel !== "string" || typeof thread !== "string") return { kind: "refused", reason: "Slack: no message to add pictures to" };
  const files: { id: string; title: string }[] = [];
  try {
    for (const { name, alt, png } of charts) {
      const { upload_url: url, file_id: id } = await client.files.getUploadURLExternal({
        filename: name,
        length: png.byteLength,
        alt_text: alt,
      });
      if (!url || !id || !isTrusted(url)) return { kind: "refused", reason: "Slack: the upload address is not Slack's" };
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(url, { method: "POST", body: Buffer.from(png), redirect: "error", signal });
      if (!response.ok) return later(`Slack: upload answered HTTP ${response.status}`);
      files.push({ id, title: alt.slice(0, 200) });
    }
  } catch (error) {
    const failure = readSlackError(error);
    return failure.kind === "ambiguous" ? later(failure.reason || describeError(error)) : failure; // nothing is visible yet
  }
  const [first, ...others] = files;
  if (!first) return { kind: "refused", reason: "no pictures" };
  try {
    await client.files.completeUploadExternal({ files: [first, ...others], channel_id: channel, thread_ts: thread });
    return { kind: "sent", receipt: { files: files.map(({ id }) => id) } };
  } catch (error) {
    return readSlackError(error);
  }
}

const later = (reason: string): Outcome => ({ kind: "later", reason, afterMs: null });
