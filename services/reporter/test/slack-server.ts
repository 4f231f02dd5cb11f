import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How a call goes wrong. `before`: nothing has arrived; `after`: it has, and the caller is not told. */
export type SlackFault = "429" | "500-before" | "500-after" | "hang-before" | "hang-after" | "reset-before" | "reset-after";
type Posted = {
  readonly channel: string;
  readonly ts: string;
  readonly thread: string | undefined;
  readonly text: string;
  readonly delivery: string | undefined;
  readonly part: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
};
export interface SlackServer {
  readonly host: string;
  readonly apiUrl: string;
  readonly webhookUrl: string;
  /** Everything that can be seen, in its order. */
  readonly posts: Posted[];
  readonly uploads: { name: string; bytes: number; shared: boolean; thread: string | undefined }[];
  /** Names of the API methods that were called. */
  readonly calls: string[];
  /** The next posts to a channel go wrong in this way, one after another; the webhook's channel is `webhook`. */
  fail(channel: string, faults: readonly SlackFault[]): void;
  /** The method answers this error from now on. */
  refuse(method: string, error: string): void;
  /** Resolves when the next post arrives, before anything happens with it. */
  nextPost(): Promise<void>;
  close(): Promise<void>;
}

/** As much of Slack as a report needs, on a loopback port, and as unreliable as is asked for. */
export async function startSlackServer(): Promise<SlackServer> {
  const posts: Posted[] = [];
  const uploads: (SlackServer["uploads"][number] & { id: string })[] = [];
  const calls: string[] = [];
  const faults = new Map<string, SlackFault[]>();
  const refusals = new Map<string, string>();
  let watchers: (() => void)[] = [];
  let clock = 1_700_000_000;
  const nextTs = () => `${(clock += 1)}.000100`;
  let host = "";

  const accept = (channel: string, fields: Record<string, string>): Posted => {
    const metadata = JSON.parse(fields["metadata"] ?? "{}") as { event_payload?: { delivery?: string; part?: string } };
    const { delivery, part } = metadata.event_payload ?? {};
    const post = { channel, ts: nextTs(), thread: fields["thread_ts"], text: fields["text"] ?? "", delivery, part, fields };
    posts.push(post);
    return post;
  };
  const post = (
    request: IncomingMessage,
    response: ServerResponse,
    channel: string,
    fields: Record<string, string>,
    answer: (made: Posted) => void,
  ) => {
    for (const watcher of watchers.splice(0)) watcher();
    const fault = faults.get(channel)?.shift();
    if (fault === "429") return void response.writeHead(429, { "retry-after": "1" }).end();
    const isTaken = fault === undefined || fault.endsWith("-after");
    const made = isTaken ? accept(channel, fields) : undefined;
    if (fault === undefined && made) return answer(made);
    if (fault?.startsWith("500")) return void response.writeHead(500).end("oops");
    if (fault?.startsWith("reset")) request.socket.resetAndDestroy(); // a hanging one is left as it is
  };
  const toMessage = ({ ts, text, fields }: Posted) => ({ ts, text, metadata: JSON.parse(fields["metadata"] ?? "{}") as unknown });

  const server = createServer((request, response) => {
    const json = (body: object) => void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      const path = new URL(request.url ?? "/", "http://localhost").pathname;
      const method = path.replace("/api/", "");
      calls.push(method);
      if (path === "/services/T0/B0/secret-of-the-hook") {
        const { text } = JSON.parse(body.toString()) as { text: string };
        return post(request, response, "webhook", { text, body: body.toString() }, () => void response.writeHead(200).end("ok"));
      }
      if (path.startsWith("/upload/")) {
        const upload = uploads.find(({ id }) => path.endsWith(id));
        if (upload) upload.bytes = body.byteLength;
        return void response.writeHead(200).end("OK");
      }
      if (!path.startsWith("/api/")) return void response.writeHead(404).end("no_service");
      const fields = Object.fromEntries(new URLSearchParams(body.toString()));
      const refusal = refusals.get(method);
      if (refusal !== undefined) return json({ ok: false, error: refusal });
      const channel = fields["channel"] ?? "";
      switch (method) {
        case "chat.postMessage":
          return post(request, response, channel, fields, ({ ts }) => json({ ok: true, channel, ts }));
        case "conversations.history":
          return json({
            ok: true,
            messages: posts
              .filter((one) => one.channel === channel && one.thread === undefined)
              .map(toMessage)
              .toReversed(),
          });
        case "conversations.replies":
          return json({ ok: true, messages: posts.filter((one) => one.channel === channel && one.thread === fields["ts"]).map(toMessage) });
        case "files.getUploadURLExternal": {
          const id = `F${uploads.length + 1}`;
          uploads.push({ id, name: fields["filename"] ?? "", bytes: 0, shared: false, thread: undefined });
          return json({ ok: true, upload_url: `http://${host}/upload/${id}`, file_id: id });
        }
        case "files.completeUploadExternal": {
          const ids = (JSON.parse(fields["files"] ?? "[]") as { id: string }[]).map(({ id }) => id);
          for (const upload of uploads) if (ids.includes(upload.id)) Object.assign(upload, { shared: true, thread: fields["thread_ts"] });
          return json({ ok: true, files: ids.map((id) => ({ id })) });
        }
      }
      return json({ ok: false, error: "unknown_method" });
    })().catch(() => request.socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    apiUrl: `http://${host}/api/`,
    webhookUrl: `http://${host}/services/T0/B0/secret-of-the-hook`,
    posts,
    uploads,
    calls,
    fail: (channel, list) => void faults.set(channel, [...list]),
    refuse: (method, error) => void refusals.set(method, error),
    nextPost: () => new Promise((resolve) => watchers.push(resolve)),
    async close() {
      watchers = [];
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
