import { createMailOutlet, createSlackOutlet, createWebhookOutlet, type Outgoing } from "@flow-rag/outlets";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { MailFault } from "./mail-server.js";
import { sampleDelivery, sampleReport } from "./sample-report.js";
import { startSlackServer, type SlackFault } from "./slack-server.js";
import { freshOutlets } from "./world.js";

const signal = new AbortController().signal;
const timeoutMs = 500;
const token = "xoxb-a-secret-of-the-bot";
/** Where a server was and is no more. */
let nobody: string;
beforeAll(async () => {
  const gone = await startSlackServer();
  nobody = `http://${gone.host}`;
  await gone.close();
});
const outlets = freshOutlets();

const bot = (apiUrl = outlets().slack.apiUrl) =>
  createSlackOutlet({ token, apiUrl, timeoutMs, isTrusted: (url) => url.startsWith(`http://${outlets().slack.host}/`) });
const mailer = (smtpUrl = outlets().mail.url) =>
  createMailOutlet({
    smtpUrl,
    from: { name: "flow-rag", address: "report@example.org" },
    unsubscribe: "mailto:report@example.org",
    timeoutMs,
  });
const outgoing = (fields: Partial<Outgoing> = {}): Outgoing => ({
  delivery: sampleDelivery(),
  part: "main",
  rendered: sampleReport("3 échecs"),
  mainReceipt: null,
  ...fields,
});
const stubs: Server[] = [];
afterEach(async () => {
  for (const server of stubs.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
});
type Body = Record<string, unknown>;
/** A server that answers each post as told, and keeps what it was sent. */
async function stub(answer: (body: Body) => readonly [status: number, type: string, body: string]) {
  const bodies: Body[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const body = (text.startsWith("{") ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text))) as Body;
      bodies.push(body);
      const [status, type, said] = answer(body);
      response.writeHead(status, { "content-type": type }).end(said);
    });
  });
  stubs.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, bodies };
}
const toAnna = outgoing({ delivery: sampleDelivery({ channel: "email", target: "anna@example.org" }) });

const slackOutcomes: [SlackFault, string, number][] = [
  ["429", "later", 0],
  ["500-before", "ambiguous", 0],
  ["500-after", "ambiguous", 1],
  ["hang-before", "ambiguous", 0],
  ["hang-after", "ambiguous", 1],
  ["reset-before", "ambiguous", 0],
  ["reset-after", "ambiguous", 1],
];

describe("slack outlet", () => {
  test.each(slackOutcomes)("send, %s, is %s and calls once", async (fault, kind, posts) => {
    outlets().slack.fail("C1", [fault]);
    const outcome = await bot().send(outgoing(), signal);
    expect([outcome.kind, outlets().slack.posts.length, outlets().slack.calls]).toEqual([kind, posts, ["chat.postMessage"]]);
    if (fault === "429") expect(outcome).toMatchObject({ afterMs: 1_000 });
  });

  test("send, its blocks are refused, goes once more as text alone", async () => {
    const { url, bodies } = await stub((body) => [
      200,
      "application/json",
      "blocks" in body ? '{"ok":false,"error":"invalid_blocks"}' : '{"ok":true,"channel":"C1","ts":"1.2"}',
    ]);
    expect(await bot(url).send(outgoing(), signal)).toEqual({ kind: "sent", receipt: { channel: "C1", ts: "1.2" } });
    expect(bodies.map((body) => "blocks" in body)).toEqual([true, false]);
  });

  test.each([
    ["a page", "text/html", "<html>portal</html>"],
    ["an ok that names no message", "application/json", '{"ok":true}'],
  ])("send, answered by %s, is in doubt", async (_what, type, said) => {
    const { url } = await stub(() => [200, type, said]);
    expect(await bot(url).send(outgoing(), signal)).toMatchObject({ kind: "ambiguous" });
  });

  test("send, nobody there, comes later and says no secret", async () => {
    const outcome = await bot(`${nobody}/api/`).send(outgoing(), signal);
    expect(outcome.kind).toBe("later");
    expect(JSON.stringify(outcome)).not.toContain("secret");
  });

  test.each([
    ["channel_not_found", "refused"],
    ["invalid_auth", "refused"],
    ["ratelimited", "later"],
    ["internal_error", "ambiguous"],
  ])("send, Slack answers %s, is %s", async (error, kind) => {
    outlets().slack.refuse("chat.postMessage", error);
    expect(await bot().send(outgoing(), signal)).toMatchObject({ kind, reason: `Slack: ${error}` });
  });

  test("send, main and thread, unfurls nothing and replies to the message", async () => {
    const main = await bot().send(outgoing(), signal);
    const mainReceipt = main.kind === "sent" ? main.receipt : null;
    await bot().send(outgoing({ part: "thread-1", mainReceipt }), signal);
    expect(outlets().slack.posts).toMatchObject([
      { channel: "C1", thread: undefined, text: "3 échecs", fields: { unfurl_links: "false", unfurl_media: "false" } },
      { channel: "C1", thread: outlets().slack.posts[0]?.ts, text: "3 échecs, détails" },
    ]);
  });

  test.each([["main"], ["thread-1"]])("find, %s that hung after it was taken, gives its receipt", async (part) => {
    const main = await bot().send(outgoing(), signal);
    const mainReceipt = part === "main" || main.kind !== "sent" ? null : main.receipt;
    const message = outgoing({ delivery: sampleDelivery({ id: "daily-2026-05-06-x" }), part, mainReceipt });
    outlets().slack.fail("C1", ["hang-after"]);
    await bot().send(message, signal);
    const found = await bot().find?.({ ...message, startedAt: new Date(0) }, signal);
    expect(found).toEqual({ kind: "found", receipt: { channel: "C1", ts: outlets().slack.posts[1]?.ts } });
  });

  test("find, a message that never arrived, is absent; without the scope it is blind", async () => {
    const message = { ...outgoing(), startedAt: new Date(0) };
    expect(await bot().find?.(message, signal)).toEqual({ kind: "absent" });
    outlets().slack.refuse("conversations.history", "missing_scope");
    expect(await bot().find?.(message, signal)).toEqual({ kind: "blind", reason: "Slack: missing_scope" });
  });

  test("send, charts, shares them once in the thread; without the scope it is refused and nothing is posted again", async () => {
    const charts = outgoing({ part: "charts", mainReceipt: { channel: "C1", ts: "1.1" } });
    expect(await bot().send(charts, signal)).toMatchObject({ kind: "sent" });
    expect(outlets().slack.uploads).toMatchObject([{ name: "failures.png", bytes: 70, shared: true, thread: "1.1" }]);
    outlets().slack.refuse("files.getUploadURLExternal", "missing_scope");
    expect(await bot().send(charts, signal)).toEqual({ kind: "refused", reason: "Slack: missing_scope" });
    expect(outlets().slack.posts).toEqual([]);
  });

  test("send, charts to an address that is not Slack's, is refused before anything leaves", async () => {
    const outlet = createSlackOutlet({ token, apiUrl: outlets().slack.apiUrl, timeoutMs, isTrusted: () => false });
    const outcome = await outlet.send(outgoing({ part: "charts", mainReceipt: { channel: "C1", ts: "1.1" } }), signal);
    expect([outcome.kind, outlets().slack.calls]).toEqual(["refused", ["files.getUploadURLExternal"]]);
  });
});

describe("webhook outlet", () => {
  test.each(slackOutcomes)("send, %s, is %s", async (fault, kind, posts) => {
    outlets().slack.fail("webhook", [fault]);
    const outcome = await createWebhookOutlet({ url: outlets().slack.webhookUrl, timeoutMs }).send(outgoing(), signal);
    expect([outcome.kind, outlets().slack.posts.length]).toEqual([kind, posts]);
    expect(JSON.stringify(outcome)).not.toContain("secret");
  });

  test("send, nobody there, comes later and says no address", async () => {
    const outcome = await createWebhookOutlet({ url: `${nobody}/services/secret`, timeoutMs }).send(outgoing(), signal);
    expect(outcome.kind).toBe("later");
    expect(JSON.stringify(outcome)).not.toContain("secret");
  });

  test.each([
    ["a page of a portal", 200, "text/html", "<!doctype html><title>Sign in</title>", "ambiguous"],
    ["nothing", 200, "text/plain", "", "ambiguous"],
    ["garbage", 200, "application/octet-stream", "\u0000\u0001ok", "ambiguous"],
    ["an error in JSON", 200, "application/json", '{"ok":false,"error":"no_text"}', "ambiguous"],
    ["ok", 200, "text/plain", "ok", "sent"],
    ["ok in JSON, as workflows do", 200, "application/json", '{"ok":true}', "sent"],
  ] as const)("send, answered by %s, is told as what it is", async (_what, status, type, body, kind) => {
    const { url } = await stub(() => [status, type, body]);
    const outcome = await createWebhookOutlet({ url, timeoutMs }).send(outgoing(), signal);
    expect(outcome.kind).toBe(kind);
    if (kind === "ambiguous") expect(outcome).toMatchObject({ reason: expect.stringContaining("not Slack's") as string });
  });

  test("send, its blocks are refused, goes once more as text alone", async () => {
    const { url, bodies } = await stub((body) => ("blocks" in body ? [400, "text/plain", "invalid_blocks"] : [200, "text/plain", "ok"]));
    expect(await createWebhookOutlet({ url, timeoutMs }).send(outgoing(), signal)).toMatchObject({ kind: "sent" });
    expect(bodies.map((body) => "blocks" in body)).toEqual([true, false]);
  });

  test("send, blocks and text are refused, is tried twice and refused", async () => {
    const { url, bodies } = await stub(() => [400, "text/plain", "invalid_blocks"]);
    expect(await createWebhookOutlet({ url, timeoutMs }).send(outgoing(), signal)).toMatchObject({ kind: "refused" });
    expect(bodies).toHaveLength(2);
  });

  test("send, an unknown hook, is refused", async () => {
    const url = outlets().slack.webhookUrl.replace("/services", "/nowhere");
    expect(await createWebhookOutlet({ url, timeoutMs }).send(outgoing(), signal)).toMatchObject({ kind: "refused" });
  });
});

const mailOutcomes: [MailFault, string, number][] = [
  ["450-rcpt", "later", 0],
  ["550-rcpt", "refused", 0],
  ["451-data", "later", 0],
  ["hang-before", "ambiguous", 0],
  ["hang-after", "ambiguous", 1],
  ["reset-before", "ambiguous", 0],
  ["reset-after", "ambiguous", 1],
];

describe("mail outlet", () => {
  test.each(mailOutcomes)("send, %s, is %s", async (fault, kind, mails) => {
    outlets().mail.fail("anna@example.org", [fault]);
    const outcome = await mailer().send(toAnna, signal);
    expect([outcome.kind, outlets().mail.mails.length]).toEqual([kind, mails]);
  });

  test("send, nobody there, comes later and says no password", async () => {
    const outcome = await mailer(nobody.replace("http://", "smtp://user:s3cretpass@")).send(toAnna, signal);
    expect(outcome.kind).toBe("later");
    expect(JSON.stringify(outcome)).not.toContain("s3cretpass");
  });

  test("send, the same delivery twice, is the same message of text, HTML and picture", async () => {
    const hostile = {
      ...toAnna,
      rendered: { ...toAnna.rendered, email: { ...toAnna.rendered.email, subject: "3 failures\r\nBcc: eve@example.org" } },
    };
    expect(await mailer().send(hostile, signal)).toMatchObject({ kind: "sent", receipt: { accepted: ["anna@example.org"], rejected: [] } });
    await mailer().send(hostile, signal);
    const [first, second] = outlets().mail.mails;
    expect(first?.messageId).toBe("<daily-2026-05-06-0123456789@example.org>");
    expect(second?.messageId).toBe(first?.messageId);
    const raw = first?.raw ?? "";
    for (const line of [
      "Subject: 3 failures Bcc: eve@example.org",
      "Auto-Submitted: auto-generated",
      "List-Unsubscribe: <mailto:report@example.org>",
      "Date: Wed, 06 May 2026 05:30:00 +0000",
      "Content-ID: <failures.png>",
    ])
      expect(raw.split("\r\n")).toContain(line);
    expect([/^Bcc:/im.test(raw), /^Content-Type: text\/plain/m.test(raw), /^Content-Type: text\/html/m.test(raw)]).toEqual([
      false,
      true,
      true,
    ]);
  });
});
