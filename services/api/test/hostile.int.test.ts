import { startTcpProxy, testAddresses, waitFor } from "@flow-rag/testing";
import { request } from "node:http";
import { someRuns, startLiveApi, type LiveApi } from "./live-api.js";

const started: LiveApi[] = [];
afterEach(async () => {
  for (const { world } of started.splice(0)) expect(await world.lifecycle.close()).toBe(true);
});
const start = async (env: Record<string, string> = {}): Promise<LiveApi> => {
  const api = await startLiveApi(env);
  started.push(api);
  await api.store(someRuns());
  return api;
};
const question = { query: "Combien d'échecs le 5 mai 2026 ?" };

test("rate limits, a key beyond its own, is a 429 with Retry-After, and another key is not", async () => {
  const api = await start({ RATE_LIMIT_READS: "3" });
  const [one, other] = [await api.newKey(["query"]), await api.newKey(["query"])];
  const statuses: number[] = [];
  for (let index = 0; index < 5; index += 1) statuses.push((await api.send("GET", "/v1/models", { key: one })).status);
  const refused = await api.send("GET", "/v1/models", { key: one });
  expect([statuses, refused.status, Number(refused.headers.get("retry-after")) > 0, refused.body["kind"]]).toEqual([
    [200, 200, 200, 429, 429],
    429,
    true,
    "rate_limited",
  ]);
  expect((await api.send("GET", "/v1/models", { key: other })).status).toBe(200);
  expect((await api.send("POST", "/query", { key: one, body: question })).status).toBe(200);
});

test("rate limits, two replicas, count together", async () => {
  const api = await start({ RATE_LIMIT_READS: "3" });
  const second = await start({ RATE_LIMIT_READS: "3", QUEUE_PREFIX: api.world.queuePrefix, STATE_DB: api.world.stateDb });
  const ask = async (base: string) => (await fetch(`${base}/v1/models`, { headers: { authorization: `Bearer ${api.admin}` } })).status;
  expect([await ask(api.base), await ask(second.base), await ask(api.base), await ask(second.base)]).toEqual([200, 200, 200, 429]);
});

test.each([
  ["not trusted", "false", [401, 401, 401, 429]],
  ["of one proxy", "1", [401, 401, 401, 401]],
])("X-Forwarded-For, %s, is believed accordingly", async (_situation, trust, expected) => {
  const api = await start({ RATE_LIMIT_READS: "3", TRUST_PROXY: trust });
  const statuses: number[] = [];
  for (let index = 0; index < 4; index += 1)
    statuses.push((await fetch(`${api.base}/v1/models`, { headers: { "x-forwarded-for": `203.0.113.${index}` } })).status);
  expect(statuses).toEqual(expected);
});

test("failed logins, one after the other from one address, are slowed down", async () => {
  const api = await start();
  const attempt = async () =>
    (
      await fetch(`${api.base}/login`, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: "key=frag_guess",
      })
    ).status;
  const statuses: number[] = [];
  for (let index = 0; index < 11; index += 1) statuses.push(await attempt());
  expect(statuses).toEqual([...Array<number>(10).fill(401), 429]);
});

test("Redis goes away and comes back, questions are answered, jobs are a 503 at once, limits go on", async () => {
  const { hostname, port } = new URL(testAddresses().redisUrl);
  const proxy = await startTcpProxy({ host: hostname, port: Number(port) });
  const api = await start({ REDIS_URL: `redis://127.0.0.1:${proxy.port}`, RATE_LIMIT_JOBS: "3" });
  expect((await api.send("GET", "/ingestion")).status).toBe(200);
  proxy.down(true);
  const asked = await waitFor(async () => {
    const { status } = await api.send("GET", "/ingestion");
    return status === 503 ? status : undefined;
  }, "Redis to be missed");
  expect(asked).toBe(503);
  expect((await api.send("POST", "/query", { body: question })).status).toBe(200);
  const statuses: number[] = [];
  for (let index = 0; index < 5; index += 1) statuses.push((await api.send("POST", "/ingestion", { body: {} })).status);
  expect(statuses.slice(-2)).toEqual([429, 429]); // counted in this process, from zero
  proxy.down(false);
  await waitFor(async () => ((await api.send("GET", "/ingestion")).status === 200 ? true : undefined), "Redis to be found again", 15_000);
  await proxy.close();
});

test("a stream whose reader leaves, gives its place back; more streams than allowed are a 429", async () => {
  const api = await start({ MAX_STREAMS: "1" });
  const body = JSON.stringify(question);
  const open = () =>
    new Promise<{ status: number; leave: () => void }>((resolve, reject) => {
      const headers = { authorization: `Bearer ${api.admin}`, "content-type": "application/json", accept: "text/event-stream" };
      const sent = request(`${api.base}/query`, { method: "POST", headers }, (response) => {
        resolve({ status: response.statusCode ?? 0, leave: () => response.destroy() });
      });
      sent.once("error", reject);
      sent.end(body);
    });
  for (let index = 0; index < 5; index += 1) {
    const { status, leave } = await waitFor(async () => {
      const stream = await open();
      return stream.status === 200 ? stream : undefined;
    }, "a place");
    leave();
    expect(status).toBe(200);
  }
});

test("operator objects, in every field of every body, are refused", async () => {
  const api = await start({ RATE_LIMIT_JOBS: "0", RATE_LIMIT_QUESTIONS: "0" });
  const bodies = {
    "/query": { query: "q", top_k: 8, conversation_id: "c", filters: { techs: ["x"] }, language: "fr", debug: true },
    "/search": { query: "q", limit: 3, similarity_threshold: 0.1, filters: { pipelines: ["x"] } },
    "/bi/query": { metrics: ["runs"], dimensions: ["day"], filter: { techs: ["x"] }, zone: "UTC", order: { by: "runs" }, limit: 3 },
    "/ingestion": {
      source: "flows",
      mode: "live",
      from: "2026-05-01",
      to: "2026-05-02",
      pipelines: ["x"],
      ids: ["x"],
      force: true,
      dry_run: true,
    },
    "/v1/chat/completions": { model: "m", messages: [{ role: "user", content: "q" }], stream: false },
  };
  for (const [path, body] of Object.entries(bodies)) {
    for (const field of Object.keys(body)) {
      for (const operator of [{ $ne: null }, { $gt: "" }, { ne: null }, [{ $in: [] }]]) {
        const { status } = await api.send("POST", path, { body: { ...body, [field]: operator } });
        expect([path, field, JSON.stringify(operator), status]).toEqual([path, field, JSON.stringify(operator), 400]);
      }
    }
  }
});
