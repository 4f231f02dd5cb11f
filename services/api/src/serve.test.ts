import { AppError, createLogger, Lifecycle } from "@flow-rag/kernel";
import type { QuestionAnswer } from "@flow-rag/rag";
import { sampleRun, waitFor } from "@flow-rag/testing";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { fakeDeps, httpSettings } from "../test/fake-api.js";
import type { Config } from "./config.js";
import { serve, type ApiDeps } from "./serve.js";

const log = createLogger("test", "silent");
const answer: QuestionAnswer = {
  answer: "3",
  contexts: [],
  timestamp: "2026-05-06T06:00:00.000Z",
  language: "fr",
  plan: {
    operation: "help",
    language: "fr",
    window: null,
    compareWindow: null,
    filters: { pipelines: [], techs: [], statuses: [], environments: [], signatureText: null, minDurationMs: null, maxDurationMs: null },
    groupBy: null,
    limit: null,
    measure: null,
    without: false,
    only: null,
    bound: null,
    unresolved: [],
    assumed: [],
    zone: "Europe/Paris",
  },
  conversation_id: "c1",
  resolved: "",
  continued: false,
  filters: {},
  facts: null,
  citations: [],
  coverage: { dataUntil: null, complete: false, pending: null, setAside: 0, doubts: [] },
  wording: { by: "template", reason: "no_llm", attempts: 0, model: null, tokens: null, failedChecks: [] },
  timings: { plan: 0, facts: 0, evidence: 0, wording: 0, total: 0 },
  degraded: false,
};

let lifecycle: Lifecycle;
beforeEach(() => (lifecycle = new Lifecycle(log)));
afterEach(async () => expect(await lifecycle.close()).toBe(true));

async function start(deps: Partial<ApiDeps> = {}, http: Partial<Config["http"]> = {}): Promise<string> {
  const port = await serve(
    { config: { http: { ...httpSettings, ...http } }, lifecycle, log },
    { ...fakeDeps(), answer: async () => answer, ...deps },
  );
  return `http://127.0.0.1:${port}`;
}
async function post(body: string, deps: Partial<ApiDeps> = {}, contentType = "application/json") {
  const response = await fetch(`${await start(deps)}/query`, { method: "POST", headers: { "content-type": contentType }, body });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
}
const failing = (error: Error): Partial<ApiDeps> => ({
  answer: async () => {
    throw error;
  },
});

test("POST /query, a question, returns the answer", async () => {
  expect(await post('{"query":"combien ?"}')).toMatchObject({ status: 200, body: { answer: "3", contexts: [] } });
});

test("POST /query, a question with spaces and no top_k, hands on the trimmed text and the default", async () => {
  const asked: unknown[] = [];
  await post('{"query":"  combien ? "}', { answer: async (question) => (asked.push(question), answer) });
  expect(asked).toEqual([{ query: "combien ?", top_k: 8 }]);
});

test.each([
  ["no query", "{}", "query"],
  ["an empty query", '{"query":" "}', "query"],
  ["a query that is a number", '{"query":5}', "query"],
  ["a query that is too long", JSON.stringify({ query: "q".repeat(2_001) }), "query"],
  ["a top_k of 0", '{"query":"q","top_k":0}', "top_k"],
  ["a top_k of 51", '{"query":"q","top_k":51}', "top_k"],
  ["a top_k that is text", '{"query":"q","top_k":"5"}', "top_k"],
  ["an unknown field", '{"query":"q","limit":9}', "limit"],
  ["an operator object as query", '{"query":{"$ne":null}}', "$"],
  ["an object as query", '{"query":{"ne":null}}', "query"],
  ["bad JSON", "{bad", "body"],
  ["an array", "[]", "body"],
  ["an empty body", "", "body"],
  ["a key that is there twice", '{"query":"a","query":"b"}', "twice"],
  ["a key that is there twice, once escaped", '{"query":"a","quer\\u0079":"b"}', "twice"],
  ["a key that reaches the prototype", '{"query":"a","__proto__":{"x":1}}', "__proto__"],
  ["a nested operator", '{"query":"a","top_k":{"$gt":1}}', "$"],
  ["very deep nesting", `{"query":${"[".repeat(40)}${"]".repeat(40)}}`, "levels"],
])("POST /query, %s, is a 400 problem that names the field", async (_situation, body, field) => {
  const answered = await post(body);
  expect(answered).toMatchObject({
    status: 400,
    body: { status: 400, kind: "invalid_input", detail: expect.stringContaining(field) as string },
  });
  expect(answered.headers.get("content-type")).toMatch(/^application\/problem\+json/);
});

test("POST /query, an oversized body, is a 413", async () => {
  expect(await post(JSON.stringify({ query: "q".repeat(70_000) }))).toMatchObject({ status: 413, body: { kind: "too_large" } });
});

test("POST /query, JSON behind a byte order mark, is read", async () => {
  expect(await post('\uFEFF{"query":"combien ?"}')).toMatchObject({ status: 200 });
});

test("POST /query, a body that is not sent as JSON, says how to send it", async () => {
  expect(await post("query=x", {}, "application/x-www-form-urlencoded")).toMatchObject({
    status: 415,
    body: { detail: expect.stringContaining("application/json") as string },
  });
});

test("POST /query, an internal failure, hides its message", async () => {
  const { status, body } = await post('{"query":"q"}', failing(new Error("mongodb://user:secret@host")));
  const request_id = expect.any(String) as string;
  expect([status, body]).toEqual([
    500,
    { type: "about:blank", title: "Internal Server Error", status: 500, kind: "unexpected", request_id },
  ]);
});

test("POST /query, a store that does not answer, is a 503", async () => {
  expect(await post('{"query":"q"}', failing(new AppError("upstream_unavailable", "MongoDB did not answer")))).toMatchObject({
    status: 503,
  });
});

test("POST /query, a rate limit, says when to come back, in whole seconds", async () => {
  const limited = new AppError("rate_limited", "slow down", { retryAfterMs: 1_500 });
  const { status, headers } = await post('{"query":"q"}', failing(limited));
  expect([status, headers.get("retry-after")]).toEqual([429, "2"]);
});

test("POST /query, the caller leaves, aborts the work", async () => {
  let begun!: () => void;
  const started = new Promise<void>((resolve) => (begun = resolve));
  const aborted = new Promise<boolean>((resolve) => {
    const slow: ApiDeps["answer"] = (_question, signal) =>
      new Promise((_resolve, reject) => {
        begun();
        signal.addEventListener("abort", () => (resolve(true), reject(new Error("left"))));
      });
    void (async () => {
      const url = await start({ answer: slow });
      const caller = new AbortController();
      const request = fetch(`${url}/query`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: '{"query":"q"}',
        signal: caller.signal,
      });
      await started;
      caller.abort();
      await request.catch(() => undefined);
    })();
  });
  expect(await aborted).toBe(true);
});

test("GET of an unknown route, is a 404 problem", async () => {
  const response = await fetch(`${await start()}/nowhere`);
  expect([response.status, response.headers.get("content-type"), response.headers.get("x-powered-by")]).toEqual([
    404,
    "application/problem+json; charset=utf-8",
    null,
  ]);
});

const stuck = { status: "stuck", reason: "takes no jobs for 90 s while work waits" } as const;
const waiting = { status: "waiting", reason: "Redis does not answer" } as const;
test.each([
  ["everything works", "ok", {}, 200],
  ["Redis is away", "degraded", { "records.embed": waiting }, 200],
  ["nobody takes what waits", "wedged", { "records.embed": stuck }, 503],
] as const)("GET /health, %s, says so and what", async (_situation, status, parts, code) => {
  const base = await start({ operation: { ...fakeDeps().operation, health: async () => ({ status, parts }) } });
  const response = await fetch(`${base}/health`);
  expect([response.status, await response.json()]).toEqual([code, { status, parts }]);
  expect((await fetch(`${base}/health?of=process`)).status).toBe(200);
});

test.each([
  [true, "ok", 200],
  [false, "down", 503],
] as const)("GET /ready, all dependencies answer: %s, says so", async (ready, status, code) => {
  const found = { ready, checks: { redis: { status, ms: 3 } } };
  const base = await start({ operation: { ...fakeDeps().operation, readiness: async () => found } });
  const response = await fetch(`${base}/ready`);
  expect([response.status, await response.json()]).toEqual([code, found]);
});

test("serve, the port is taken, rejects", async () => {
  const port = Number(new URL(await start()).port);
  await expect(start({}, { port })).rejects.toThrow(/EADDRINUSE/);
});

test("POST /query as a stream that is refused, another one is open, begins no work and harms nothing", async () => {
  let begun = 0;
  let release!: () => void;
  const held = new Promise<void>((resolve) => (release = resolve));
  const slow: ApiDeps["answer"] = async () => {
    begun += 1;
    await held;
    return answer;
  };
  const url = await start({ answer: slow }, { streamsPerKey: 1 });
  const open = () =>
    fetch(`${url}/query`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "text/event-stream" },
      body: '{"query":"q"}',
    });
  const first = await open();
  const second = await open();
  expect([first.status, second.status, second.headers.get("content-type"), begun]).toEqual([
    200,
    429,
    "application/problem+json; charset=utf-8",
    1,
  ]);
  release();
  expect(await first.text()).toContain("event: done");
});

test("POST /query as a stream, the answer fails on the way, ends with an error event without internals", async () => {
  const url = await start({
    answer: async (_question, _signal, _asker, onStage) => {
      onStage?.({ stage: "facts", data: { facts: null } });
      throw new Error("mongodb://user:secret@host");
    },
  });
  const response = await fetch(`${url}/query`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: '{"query":"q"}',
  });
  const text = await response.text();
  expect([
    text.includes("event: facts"),
    text.includes("event: error"),
    text.includes('"kind":"unexpected"'),
    text.includes("secret"),
  ]).toEqual([true, true, true, false]);
});

/** One request on a connection that is kept; resolves to the status and whether the answer keeps it. */
const askOn = (base: string, agent: Agent, path: string, method = "GET"): Promise<{ status: number; connection: string | undefined }> =>
  new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" };
    const sent = request(`${base}${path}`, { agent, method, headers }, (response) => {
      const { statusCode: status = 0, headers: given } = response.resume();
      response.once("end", () => resolve({ status, connection: given.connection }));
    });
    sent.once("error", reject).end(method === "POST" ? '{"query":"q"}' : undefined);
  });

test("draining, before and in its time, answers on, says so to balancers and keeps no connection", async () => {
  const base = await start(
    { operation: { ...fakeDeps().operation, readiness: async () => ({ ready: true, checks: {} }) } },
    { leaving: { delayMs: 600_000, runningMs: 600_000 } },
  );
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  expect(await askOn(base, agent, "/ready")).toEqual({ status: 200, connection: "keep-alive" });
  const drained = lifecycle.drain();
  expect(await askOn(base, agent, "/ready")).toEqual({ status: 503, connection: "close" });
  expect(await askOn(base, agent, "/query", "POST")).toEqual({ status: 200, connection: "close" });
  expect(await askOn(base, agent, "/health?of=process")).toEqual({ status: 200, connection: "close" });
  expect(await lifecycle.close()).toBe(true); // does not wait for the ten minutes
  await drained;
  agent.destroy();
});

test("draining, an answer and a stream run, both end whole and their kept connections with them", async () => {
  let release!: () => void;
  const held = new Promise<void>((resolve) => (release = resolve));
  let begun = 0;
  const slow: ApiDeps["answer"] = async () => {
    begun += 1;
    await held;
    return answer;
  };
  const base = await start({ answer: slow }, { leaving: { delayMs: 0, runningMs: 600_000 } });
  const agent = new Agent({ keepAlive: true });
  const plain = askOn(base, agent, "/query", "POST");
  const stream = await fetch(`${base}/query`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: '{"query":"q"}',
  });
  await waitFor(async () => begun === 2 || undefined, "both to run");
  const drained = lifecycle.drain();
  await waitFor(
    () =>
      fetch(base).then(
        () => undefined,
        () => true,
      ),
    "new connections to be refused",
  );
  release();
  expect(await plain).toEqual({ status: 200, connection: "close" });
  expect(await stream.text()).toContain("event: done");
  await drained; // long before its limit: nothing is open any more
  agent.destroy();
});

test("draining, an answer that outlives its time, is ended with a reason", async () => {
  const slow: ApiDeps["answer"] = (_question, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
  const base = await start({ answer: slow }, { leaving: { delayMs: 0, runningMs: 50 } });
  const asked = fetch(`${base}/query`, { method: "POST", headers: { "content-type": "application/json" }, body: '{"query":"q"}' });
  const stopped = lifecycle.drain().then(() => lifecycle.close());
  expect([(await asked).status, await stopped]).toEqual([503, true]);
});

test("GET /bi/export, a reader that stalls, loses its place to others after its time", async () => {
  const run = sampleRun("1", { error: "x".repeat(10_000) });
  const runs: ApiDeps["runs"] = {
    ...fakeDeps().runs,
    async *all() {
      for (;;) yield { ...run, id: "flows:1", indexedAt: run.ts };
    },
  };
  const base = await start({ runs }, { streamsPerKey: 1, streamIdleMs: 200 });
  const { port } = new URL(base);
  const stalled = connect(Number(port), "127.0.0.1").pause();
  stalled.on("error", () => undefined).write("GET /bi/export HTTP/1.1\r\nhost: localhost\r\n\r\n");
  const status = async (): Promise<number> => {
    const other = new AbortController();
    const found = await fetch(`${base}/bi/export`, { signal: other.signal });
    other.abort();
    return found.status;
  };
  await waitFor(async () => (await status()) === 429 || undefined, "the place to be taken");
  await waitFor(async () => (await status()) === 200 || undefined, "the place to be free again");
  stalled.destroy();
});
