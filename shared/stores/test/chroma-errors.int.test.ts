import type { AppError } from "@flow-rag/kernel";
import { createBreaker } from "@flow-rag/kernel";
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { bounded } from "../src/chroma-calls.js";
import { chromaErrorOf, chromaLate } from "../src/chroma-errors.js";
import { createVectorStore, listCollections, openCollection } from "../src/index.js";

type Answer = (response: ServerResponse) => void;
const json =
  (status: number, body: unknown): Answer =>
  (response) =>
    void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

let server: Server;
let url: string;
let requests: string[] = [];
/** How the listing, counting and writing of rows are answered; making a collection goes well. */
let answer: Answer = json(200, []);
const collection = { id: "c1", name: "flows", tenant: "default_tenant", database: "default_database", metadata: { fingerprint: "f" } };
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    const path = (request.url ?? "").replace(/\?.*/, "");
    requests.push(`${request.method} ${path.split("/").at(-1)}`);
    if (path.endsWith("/pre-flight-checks")) return json(200, { supports_base64_encoding: true })(response);
    if (request.method === "POST" && path.endsWith("/collections")) return json(200, { ...collection, configuration_json: {} })(response);
    answer(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => void (requests = []));
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

const signal = AbortSignal.timeout(60_000);
const metadata = { source: "flows", pipeline: "p", tech: "dbt", status: "failed", ts: 1, durationMs: 1 } as const;
const row = { id: "a", values: [1, 0], document: "d", metadata: { ...metadata, signature: "", environment: "", contentHash: "h" } };
const met = (work: Promise<unknown>): Promise<AppError> =>
  work.then(
    () => {
      throw new Error("it went well");
    },
    (error: unknown) => error as AppError,
  );
const read = () => met(listCollections(url, "flows", signal));
const write = async () => met(createVectorStore(await openCollection(url, "flows", "f", signal)).upsert([row], signal));
const words = { error: "InternalError", message: "secret words of a record" };

test.each([
  [400, "the request is malformed", "invalid_input", /refused the request/],
  [401, "no login", "misconfigured", /login.*CHROMA_URL/],
  [403, "no right", "misconfigured", /right.*CHROMA_URL/],
  [404, "the collection is gone", "upstream_unavailable", /collection/],
  [409, "there already", "conflict", /there already/],
  [422, "it cannot be processed", "invalid_input", /refused the request/],
  [429, "too much at once", "rate_limited", /too much/],
  [500, "a fault of its own", "upstream_unavailable", /failed/],
  [502, "a proxy without it", "upstream_unavailable", /failed/],
  [503, "overloaded", "upstream_unavailable", /failed/],
])("Chroma, HTTP %i (%s), costs the same by the client and by the writer of rows", async (status, _what, kind, says) => {
  answer = json(status, words);
  for (const error of [await read(), await write()]) {
    expect(error).toMatchObject({ name: "AppError", kind, message: expect.stringMatching(says) as string });
    expect(error.message).not.toContain("secret");
  }
});

test.each<[string, Answer]>([
  ["what is no JSON", (response) => void response.writeHead(200, { "content-type": "application/json" }).end("\u0000garbage")],
  ["a page of a proxy", (response) => void response.writeHead(200, { "content-type": "text/html" }).end("<html>maintenance</html>")],
  ["half an answer", (response) => void (response.writeHead(200, { "content-length": "100" }).write("["), response.destroy())],
  ["a closed connection", (response) => void response.destroy()],
])("Chroma, it answers %s, is tried again later", async (_what, reply) => {
  answer = reply;
  expect(await read()).toMatchObject({ kind: "upstream_unavailable", message: expect.stringMatching(/^Chroma /) as string });
});

test("Chroma, it says nothing, is late for its callers and opens the breaker, which then spares it", async () => {
  answer = () => {};
  const breaker = createBreaker("Chroma", { failures: 2 });
  const late = () => met(breaker(() => bounded(fetch(url), signal, 50)));
  expect([await late(), await late()]).toEqual(
    Array.from({ length: 2 }, () => expect.objectContaining({ kind: "upstream_unavailable", message: chromaLate }) as unknown),
  );
  const asked = requests.length;
  expect(await late()).toMatchObject({ kind: "rate_limited" });
  expect(requests).toHaveLength(asked);
});

test("Chroma, a batch too large for a proxy before it, is a fault of the batch", () => {
  expect(chromaErrorOf(413, "").name).toBe("ChromaClientError");
});
