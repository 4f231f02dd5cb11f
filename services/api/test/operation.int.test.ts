import { queueContracts, recordsEmbed } from "@flow-rag/contracts";
import { createProducer } from "@flow-rag/queue";
import { waitFor } from "@flow-rag/testing";
import { startLiveApi } from "./live-api.js";

let api: Awaited<ReturnType<typeof startLiveApi>>;
beforeEach(async () => {
  api = await startLiveApi({ HEALTH_GRACE: "100ms" });
  await api.world.source.collection("flow_monitoring").insertOne({ pipeline_name: "a", tech: "dbt", status: "OK", timestamp: new Date() });
});
afterEach(async () => expect(await api.world.lifecycle.close()).toBe(true));

async function enqueue() {
  const { redis, queuePrefix: prefix, log, lifecycle } = api.world;
  const producer = lifecycle.own("producer", createProducer({ redis, prefix, log }), (resource) => resource.close());
  await producer.send(recordsEmbed, { source: "flows", records: [{ recordId: "~n:1", contentHash: "h" }] });
}

test("GET /health, a job waits and no worker takes it, is a 503 that names the queue and spares the process", async () => {
  expect((await api.send("GET", "/health")).body).toMatchObject({ status: "ok" });
  await enqueue();
  const { body } = await waitFor(async () => {
    const found = await api.send("GET", "/health");
    return found.status === 503 ? found : undefined;
  }, "the wedge to be found");
  expect(body).toMatchObject({
    status: "wedged",
    parts: { [recordsEmbed.name]: { status: "stuck", reason: "work waits and no consumer is connected" } },
  });
  expect((await api.send("GET", "/health?of=process")).status).toBe(200);
  const status = await api.send("GET", "/status");
  expect(status.body).toMatchObject({ status: "wedged" });
});

test("GET /ready, everything answers, says how fast", async () => {
  const { status, body } = await api.send("GET", "/ready");
  expect([status, body]).toMatchObject([
    200,
    { ready: true, checks: { redis: { status: "ok" }, mongodb: { status: "ok" }, chroma: { status: "ok" } } },
  ]);
});

test("GET /status, records that were not read yet, shows the whole fleet as JSON and as a page", async () => {
  await enqueue();
  const { status, body } = await api.send("GET", "/status");
  expect(status).toBe(200);
  expect(body).toMatchObject({
    sources: [
      { source: "flows", records: 1, runs: 0, setAside: 0, inParity: false },
      { source: "others", records: 1 },
    ],
    index: null,
    report: { lastSentAt: null, deliveries: { unknown: 0, sent: 0 } },
    breakers: { chroma: "closed" },
    model: { embedder: null, chat: null },
  });
  const queues = body["queues"] as { queue: string; counts: Record<string, number>; consumers: number }[];
  expect(queues.map(({ queue }) => queue)).toEqual(queueContracts.map(({ name }) => name));
  expect(queues.find(({ queue }) => queue === recordsEmbed.name)).toMatchObject({ counts: { waiting: 1 }, consumers: 0 });
  const page = await api.send("GET", "/status", { headers: { accept: "text/html" } });
  expect([page.headers.get("content-type"), page.text]).toEqual([
    "text/html; charset=utf-8",
    expect.stringMatching(/<bdi>flows<\/bdi><\/th><td[^>]*>1<\/td>/),
  ]);
});

test("GET /status, a key for one source, shows that source alone", async () => {
  const key = await api.newKey(["query"], ["others"]);
  const { body } = await api.send("GET", "/status", { key });
  expect((body["sources"] as { source: string }[]).map(({ source }) => source)).toEqual(["others"]);
});

test("GET /metrics, asked by Prometheus with its key, has the depth of every queue", async () => {
  await enqueue();
  const { text, headers } = await api.send("GET", "/metrics", { key: await api.newKey(["metrics"]) });
  expect(headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(text).toContain('bullmq_job_count{queue="records.embed",state="waiting"} 1');
  for (const { name } of queueContracts) expect(text).toContain(`flowrag_queue_oldest_waiting_seconds{queue="${name}"}`);
  expect(text).toContain('flowrag_breaker_state{dep="chroma"} 0');
});

test("POST /admin/selftest, no index yet, tries everything else and says what is skipped", async () => {
  const { status, body } = await api.send("POST", "/admin/selftest");
  const checks = body["checks"] as { name: string; status: string }[];
  expect([status, Object.fromEntries(checks.map(({ name, status: found }) => [name, found]))]).toEqual([
    200,
    expect.objectContaining({ "source flows": "ok", state: "ok", chroma: "ok", embedder: "ok", "record through the queue": "skipped" }),
  ]);
});
