import { recordsEmbed, type QueueContract, type RecordsEmbedResult } from "@flow-rag/contracts";
import { createLogger, createMetrics, type Watched } from "@flow-rag/kernel";
import { createHarness, waitFor, type Harness } from "@flow-rag/testing";
import { Queue } from "bullmq";
import { createProducer, startConsumer, startOps, type JobContext } from "../src/index.js";

type Contract = QueueContract<typeof recordsEmbed.payload, typeof recordsEmbed.result>;
const payloadOf = (id: number) => ({ source: "s", records: [{ recordId: String(id), contentHash: "h" }] });
const result: RecordsEmbedResult = { indexed: 1, unchanged: 0, removed: 0, setAside: 0 };
const silent = createLogger("test", "silent");

let harness: Harness;
beforeEach(async () => (harness = await createHarness()));
afterEach(async () => expect(await harness.lifecycle.close()).toBe(true));

/** A process that takes jobs, as one sees it from outside. */
async function start(handle: (context: JobContext) => Promise<RecordsEmbedResult>, overrides: Partial<Contract> = {}) {
  const { redis, lifecycle, queuePrefix: prefix } = harness;
  const lines: Record<string, unknown>[] = [];
  const log = createLogger("test", "info", { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) });
  const contract: Contract = { ...recordsEmbed, attempts: 2, backoffMs: 10, ...overrides };
  const metrics = lifecycle.own("metrics", createMetrics({ log: silent }), (resource) => resource.close());
  const producer = lifecycle.own("producer", createProducer({ redis, prefix, log }), (resource) => resource.close());
  const run = (_payload: unknown, context: JobContext) => handle(context);
  const consumer = startConsumer(contract, run, { redis, prefix, concurrency: 1, lockMs: 30_000, log, metrics });
  lifecycle.own("consumer", consumer, (resource) => resource.close());
  await consumer.ready();
  const config = { ops: { host: "127.0.0.1", port: 0, graceMs: 100 }, queue: { prefix } };
  const runtime: Watched<typeof config> = { config, lifecycle, log: silent, metrics, tracing: undefined };
  const port = await startOps(runtime, { redis, consumers: [consumer], dependencies: {} });
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, text: await response.text() };
  };
  const finish = (jobId: string) =>
    waitFor(async () => {
      const { state } = await producer.outcome(contract, jobId);
      return state === "completed" || state === "failed" ? state : undefined;
    }, "the end of the job");
  return { contract, producer, consumer, get, finish, lines, prefix };
}

test("consumer, a job that a request asked for, has the request's id in its own log lines and hands it on", async () => {
  const seen: unknown[] = [];
  const { contract, producer, finish, lines } = await start(async ({ log, requestId }) => {
    log.info("embedding");
    seen.push(requestId);
    throw new Error("no");
  });
  await finish(await producer.send(contract, payloadOf(1), { requestId: "req-1" }));
  await finish(await producer.send(contract, payloadOf(2)));
  expect(seen).toEqual(["req-1", "req-1", undefined, undefined]);
  const own = lines.filter(({ requestId }) => requestId === "req-1").map(({ msg }) => msg);
  expect(own).toEqual(["embedding", "job failed", "embedding", "job failed"]);
});

test("consumer, a failure quotes an address with its password, keeps neither in the queue nor in the logs", async () => {
  const { contract, producer, finish, lines } = await start(async () => {
    throw new Error("connect ECONNREFUSED mongodb://etl:hunter2hunter@db:27017");
  });
  const jobId = await producer.send(contract, payloadOf(1));
  await finish(jobId);
  const { reason } = await producer.outcome(contract, jobId);
  expect(reason).toContain("mongodb://<CREDENTIALS_1>@db:27017");
  const kept = await harness.redis.hgetall(`${harness.queuePrefix}:${contract.name}:${jobId}`);
  expect(JSON.stringify([kept, lines])).not.toContain("hunter2");
});

test("consumer, jobs complete, fail and are tried again, has their durations by outcome and the queue's depth in its metrics", async () => {
  let calls = 0;
  const { contract, producer, finish, get } = await start(async () => {
    calls += 1;
    if (calls === 1) throw new Error("once");
    if (calls > 3) throw new Error("for ever");
    return result;
  });
  for (const id of [1, 2, 3]) await finish(await producer.send(contract, payloadOf(id)));
  const { text } = await get("/metrics");
  for (const [outcome, count] of [
    ["completed", 2],
    ["retried", 2],
    ["failed", 1],
  ]) {
    expect(text).toContain(`flowrag_job_duration_seconds_count{queue="records.embed",outcome="${outcome}"} ${count}`);
  }
  expect(text).toContain('bullmq_job_count{queue="records.embed",state="failed"} 1');
  expect(text).toContain('flowrag_queue_oldest_waiting_seconds{queue="records.embed"} 0');
});

test("GET /health, a job ignores its time limit and others wait, is a 503 that names the queue", async () => {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const { contract, producer, get, finish } = await start(async () => held.then(() => result), { timeoutMs: 50 });
  const jobId = await producer.send(contract, payloadOf(1));
  const stuck = await waitFor(async () => {
    const { status, text } = await get("/health");
    return status === 503 ? text : undefined;
  }, "the wedge to be found");
  expect(JSON.parse(stuck)).toMatchObject({ status: "wedged", parts: { "records.embed": { status: "stuck" } } });
  release();
  await finish(jobId);
  expect(await get("/health")).toMatchObject({ status: 200, text: expect.stringContaining('"ok"') as string });
});

test("GET /health, a consumer takes nothing although work waits, is a 503 that says for how long", async () => {
  const { contract, producer, consumer, get } = await start(async () => result);
  await consumer.close();
  await producer.send(contract, payloadOf(1));
  const { text } = await waitFor(async () => {
    const answer = await get("/health");
    return answer.status === 503 ? answer : undefined;
  }, "the wedge to be found");
  expect(text).toMatch(/takes no jobs for \d+ s while work waits/);
});

test("GET /health, the queue is paused on purpose, is well", async () => {
  const { contract, producer, consumer, get, prefix } = await start(async () => result);
  const queue = new Queue(contract.name, { connection: harness.redis, prefix });
  await queue.pause();
  await producer.send(contract, payloadOf(1));
  const sent = Date.now();
  const idleFrom = Math.max(sent, consumer.activity().lastActivity);
  await waitFor(async () => Date.now() - idleFrom > 110 || undefined, "the grace to be over");
  expect(await get("/health")).toMatchObject({ status: 200, text: expect.stringContaining("the queue is paused") as string });
  await queue.resume();
  await queue.close();
});
