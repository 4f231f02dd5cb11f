import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { openRemoteEmbedder } from "./remote-embedder.js";

const { signal } = new AbortController();
const retries = { attempts: 3, pauseMs: 5, maxPauseMs: 20, timeoutMs: 500 };
type Asked = { path: string | undefined; authorization: string | undefined; model: string; input: string[] };

let close: (() => Promise<void>) | undefined;
afterEach(async () => await close?.());

/** An endpoint on loopback; `answer` may take over a request by its number, from 1 on. */
async function startEndpoint(answer: (number: number, response: ServerResponse, asked: Asked) => boolean | void = () => false) {
  const asked: Asked[] = [];
  const busy = { now: 0, most: 0 };
  const server = createServer((request, response) => {
    busy.most = Math.max(busy.most, (busy.now += 1));
    response.once("close", () => (busy.now -= 1));
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { model, input } = JSON.parse(Buffer.concat(chunks).toString()) as { model: string; input: string[] };
      const one = { path: request.url, authorization: request.headers.authorization, model, input };
      asked.push(one);
      if (answer(asked.length, response, one)) return;
      const data = input.map((text, index) => ({ index, embedding: [text.length, 3, 4] })).reverse();
      setTimeout(() => response.end(JSON.stringify({ data })), 5);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { asked, busy, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/` };
}
const open = (baseUrl: string, model = "acme-embed", options = {}) =>
  openRemoteEmbedder({ baseUrl, model, apiKey: "secret" }, { retries, ...options }, signal);
const status =
  (code: number, headers = {}) =>
  (response: ServerResponse) => (response.writeHead(code, headers).end("{}"), true);

test("remote embedder, many texts, sends bounded batches side by side and keeps the order, normalised", async () => {
  const { asked, busy, baseUrl } = await startEndpoint();
  const embedder = await open(baseUrl, "acme-embed", { textsPerRequest: 10, requestsAtOnce: 3 });
  const texts = Array.from({ length: 95 }, (_, i) => "x".repeat(i + 1));
  const vectors = await embedder.embedPassages(texts, signal);
  expect(vectors.map(([x, y]) => Math.round((x! / y!) * 3))).toEqual(texts.map(({ length }) => length));
  for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
  expect([asked.length, busy.most]).toEqual([11, 3]);
  expect(Math.max(...asked.map(({ input }) => input.length))).toBe(10);
  expect(asked[0]).toMatchObject({ path: "/v1/embeddings", authorization: "Bearer secret", model: "acme-embed" });
  expect(embedder).toMatchObject({ kind: "openai", dimensions: 3, fingerprint: "openai acme-embed (3 dimensions, no prefix)" });
  await embedder.close();
});

test("remote embedder, a model of E5's, gets its prefixes and says so in the fingerprint", async () => {
  const { asked, baseUrl } = await startEndpoint();
  const embedder = await open(baseUrl, "intfloat/multilingual-e5-small");
  await embedder.embedPassages(["disk"], signal);
  await embedder.embedQuery("disk", signal);
  expect(asked.slice(1).flatMap(({ input }) => input)).toEqual(["passage: disk", "query: disk"]);
  expect(embedder.fingerprint).toContain('"passage: " and "query: "');
});

test.each([
  ["429 with Retry-After", status(429, { "retry-after": "0.01" })],
  ["500", status(500)],
  ["503", status(503)],
  ["garbage", (response: ServerResponse) => (response.end("<html>"), true)],
  ["a broken connection", (response: ServerResponse) => (response.destroy(), true)],
])("remote embedder, %s once, asks again", async (_situation, fail) => {
  const { asked, baseUrl } = await startEndpoint((number, response) => number === 2 && fail(response));
  const embedder = await open(baseUrl);
  expect(await embedder.embedPassages(["disk"], signal)).toHaveLength(1);
  expect(asked).toHaveLength(3);
});

test.each([
  ["429", status(429, { "retry-after": "0" }), "rate_limited", 4],
  ["500", status(500), "upstream_unavailable", 4],
  ["silence", () => true, "upstream_unavailable", 4],
  ["401", status(401), "misconfigured", 2],
  ["404", status(404), "misconfigured", 2],
])("remote embedder, always %s, gives up as it should after %4$d requests", async (_situation, fail, kind, requests) => {
  const { asked, baseUrl } = await startEndpoint((number, response) => number > 1 && fail(response));
  const embedder = await openRemoteEmbedder({ baseUrl, model: "m", apiKey: "secret" }, { retries: { ...retries, timeoutMs: 100 } }, signal);
  const failure = await embedder.embedPassages(["disk"], signal).catch((error: unknown) => error);
  expect(failure).toMatchObject({ kind });
  expect((failure as Error).message).not.toContain("secret");
  expect(asked).toHaveLength(requests);
});

test.each([
  ["another length", { data: [{ index: 0, embedding: [1, 2] }] }, /no vector of 3 numbers/],
  ["a zero vector", { data: [{ index: 0, embedding: [0, 0, 0] }] }, /no vector of 3 numbers/],
  ["too few vectors", { data: [] }, /gave no 1 vectors/],
  ["texts for numbers", { data: [{ index: 0, embedding: ["1", "2", "3"] }] }, /gave no 1 vectors/],
  ["an index of its own", { data: [{ index: 7, embedding: [1, 2, 3] }] }, /gave no 1 vectors/],
  ["no data", null, /gave no 1 vectors/],
])("remote embedder, %s in the answer, refuses it", async (_situation, body, message) => {
  const { baseUrl } = await startEndpoint((number, response) => number > 1 && (response.end(JSON.stringify(body)), true));
  const embedder = await open(baseUrl);
  await expect(embedder.embedPassages(["disk"], signal)).rejects.toMatchObject({
    kind: "unexpected",
    message: expect.stringMatching(message) as string,
  });
});

test.each(["ftp://host/v1", "no address", "http://user:password@host/v1", "http://host/v1?key=1"])(
  "remote embedder, %s for an address, is refused without repeating it",
  async (baseUrl) => {
    const failure = await open(baseUrl).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: "misconfigured" });
    expect((failure as Error).message).not.toContain("password@");
  },
);

test("remote embedder, aborted or closed in mid-request, rejects at once", async () => {
  const { baseUrl } = await startEndpoint((number) => number > 1);
  const embedder = await open(baseUrl, "m", { retries: { ...retries, timeoutMs: 10_000 } });
  const controller = new AbortController();
  const aborted = expect(embedder.embedQuery("disk", controller.signal)).rejects.toThrow("enough");
  setTimeout(() => controller.abort(new Error("enough")), 20);
  await aborted;
  const closed = expect(embedder.embedQuery("disk", signal)).rejects.toMatchObject({ message: "the embedder is closed" });
  await embedder.close();
  await closed;
});
