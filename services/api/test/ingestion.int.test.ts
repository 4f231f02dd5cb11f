import { recordsEmbed, sourcePull } from "@flow-rag/contracts";
import { createProducer } from "@flow-rag/queue";
import { someRuns, startLiveApi, type LiveApi } from "./live-api.js";

let api: LiveApi;
beforeEach(async () => {
  api = await startLiveApi();
  await api.store(someRuns());
});
afterEach(async () => expect(await api.world.lifecycle.close()).toBe(true));

const question = "Combien d'échecs le 5 mai 2026 ?";

test("POST /ingestion, no consumer, is under way, counted and refused when too much waits", async () => {
  const first = await api.send("POST", "/ingestion", { body: { from: "2026-05-01", to: "2026-05-02", dry_run: true } });
  expect([first.status, first.body["state"], first.headers.get("location")]).toEqual([
    202,
    "waiting",
    `/ingestion/${encodeURIComponent(String(first.body["id"]))}`,
  ]);
  expect((await api.send("GET", first.headers.get("location") ?? "")).body["state"]).toBe("waiting");
  expect((await api.send("GET", "/ingestion/flows~unknown")).status).toBe(404);
  const waiting = await api.send("GET", "/ingestion");
  expect(waiting.body).toMatchObject({ paused: false, queues: { "source.pull": { unfinished: 1 } } });
  expect((await api.send("POST", "/ingestion/pause")).body).toMatchObject({ paused: true });
  expect((await api.send("POST", "/ingestion/resume")).body).toMatchObject({ paused: false });
  expect((await api.send("POST", "/ingest_mongo", { body: { mode: "live", from: "2026-05-01" } })).status).toBe(400);
  expect((await api.send("POST", "/ingest_mongo", { body: { source: "nowhere" } })).status).toBe(400);
  const jobs = createProducer({ redis: api.world.redis, prefix: api.world.queuePrefix, log: api.world.log });
  await jobs.sendAll(
    sourcePull,
    Array.from({ length: 1_000 }, (_, index) => ({ source: "flows", slot: `s${index}` })),
  );
  const full = await api.send("POST", "/ingestion", { body: {} });
  expect([full.status, full.headers.get("retry-after")]).toEqual([429, "30"]);
  await jobs.close();
});

test("an answer, records wait to be indexed, says how many", async () => {
  const jobs = createProducer({ redis: api.world.redis, prefix: api.world.queuePrefix, log: api.world.log });
  await jobs.send(recordsEmbed, {
    source: "flows",
    records: [
      { recordId: "a", contentHash: "1" },
      { recordId: "b", contentHash: "1" },
    ],
  });
  const { body } = await api.send("POST", "/query", { body: { query: question } });
  expect(body["coverage"]).toMatchObject({ pending: 2, complete: false });
  await jobs.close();
});

test("POST /v1/logs, records of an exporter, are in the source's collection and on their way, and a second time the same", async () => {
  const pushing = await startLiveApi({ PUSH_SOURCE: "others" });
  const logRecord = { timeUnixNano: "1778025600000000000", severityNumber: 17, body: { stringValue: "disk full" }, traceId: "t1" };
  const body = {
    resourceLogs: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: "orders-daily" } }] },
        scopeLogs: [{ scope: { name: "x" }, logRecords: [logRecord, { body: { stringValue: "no time" } }] }],
      },
    ],
  };
  const answers = [await pushing.send("POST", "/v1/logs", { body }), await pushing.send("POST", "/v1/logs", { body })];
  expect(answers.map(({ status, body: said }) => [status, said])).toEqual(
    Array(2).fill([200, { partialSuccess: { rejectedLogRecords: "1", errorMessage: expect.any(String) as string } }]),
  );
  const documents = await pushing.world.source.collection("flow_monitoring").find().toArray();
  expect(documents).toEqual([
    expect.objectContaining({ pipeline_name: "orders-daily", status: "failed", error_message: "disk full", run_id: "t1" }),
  ]);
  expect((await pushing.send("GET", "/ingestion")).body["queues"]).toMatchObject({ "source.pull": { unfinished: 2 } });
  expect((await pushing.send("POST", "/v1/logs", { body, key: await pushing.newKey(["ingest"], ["flows"]) })).status).toBe(403);
  expect((await api.send("POST", "/v1/logs", { body })).status).toBe(409);
  expect(await pushing.world.lifecycle.close()).toBe(true);
});
