import { startChroma, startRedis, type LocalService } from "@flow-rag/local";
import { createLogger } from "@flow-rag/kernel";
import { createHarness, startTcpProxy, waitFor, type Harness } from "@flow-rag/testing";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { environmentOf, flowRag, killRunning, startServiceOf } from "./command-line.js";
import { fillSource, inParityOf } from "./filled-source.js";

jest.setTimeout(400_000);

const count = 3_000; // enough for something to happen in the middle
const log = createLogger("test", "silent");
const toolsDir = fileURLToPath(new URL("../../../.flow-rag/tools", import.meta.url));

let world: Harness;
let dir: string;
const services: LocalService[] = [];
beforeEach(async () => {
  world = await createHarness();
  dir = await mkdtemp(join(tmpdir(), "flow-rag-outage-"));
  await fillSource(world, count);
});
afterEach(async () => {
  killRunning();
  for (const service of services.splice(0)) await service.stop();
  expect(await world.lifecycle.close()).toBe(true);
  await rm(dir, { recursive: true });
});

const inParity = inParityOf(count);
const indexedRuns = async (atLeast: number) =>
  waitFor(async () => ((await world.state.collection("runs").countDocuments()) >= atLeast ? true : undefined), `${atLeast} runs`, 60_000);

test("ingestion, Redis restarts in the middle of it, goes on by itself and ends in parity", async () => {
  let redis = await startRedis({ dir, log });
  services.push(redis);
  const env = { ...environmentOf(world), REDIS_URL: redis.url, QUEUE_LOCK: "3s" };
  const worker = await startServiceOf("worker", env);
  const producer = await startServiceOf("producer", env);
  const ingest = flowRag(["ingest", "--json"], env, { cwd: dir });
  await indexedRuns(500);
  await redis.stop();
  redis = await startRedis({ dir, port: redis.port, log });
  services.push(redis);
  await indexedRuns(count);
  expect((await ingest).code).toBe(0);
  const parity = await flowRag(["parity", "--json"], env, { cwd: dir });
  expect(JSON.parse(parity.stdout)).toEqual(inParity);
  for (const child of [worker, producer]) child.kill("SIGTERM");
  expect(await Promise.all([once(worker, "exit"), once(producer, "exit")])).toEqual([
    [0, null],
    [0, null],
  ]);
});

test("ingestion and questions, Chroma stops in the middle of it, wait and degrade, and go on by themselves when it is back", async () => {
  let chroma = await startChroma({ dir, toolsDir, log });
  services.push(chroma);
  const env = { ...environmentOf(world), CHROMA_URL: chroma.url, QUEUE_LOCK: "5s" };
  const worker = await startServiceOf("worker", { ...env, LOG_LEVEL: "silent" });
  const producer = await startServiceOf("producer", env);
  expect((await flowRag(["ingest", "--tech", "none"], env, { cwd: dir })).code).toBe(0); // the index is there before it stops
  const ingest = flowRag(["ingest", "--json"], env, { cwd: dir });
  await indexedRuns(500);
  await chroma.stop();
  const failures = () => world.redis.zcard(`${world.queuePrefix}:records.embed:failed`);
  const paused = async () => ((await world.redis.zcard(`${world.queuePrefix}:records.embed:delayed`)) > 0 ? true : undefined);
  await waitFor(paused, "a batch that is put back", 60_000);
  const question = ["query", "combien d'échecs hier ?", "--now", "2026-05-02T09:00:00Z", "--json"];
  const answer = await flowRag(question, env, { cwd: dir });
  expect([answer.code, JSON.parse(answer.stdout)]).toEqual([0, expect.objectContaining({ answer: expect.stringMatching(/\d/) as string })]);
  const similar = await flowRag(["query", "a-t-on déjà vu un disque plein ?", "--now", "2026-05-02T09:00:00Z", "--json"], env, {
    cwd: dir,
  });
  expect([similar.code, JSON.parse(similar.stdout)]).toEqual([0, expect.objectContaining({ degraded: true })]);

  chroma = await startChroma({ dir, port: chroma.port, toolsDir, log });
  services.push(chroma);
  const { code, stdout } = await ingest;
  expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ read: count, failed: 0 })]);
  expect(await failures()).toBe(0);
  const parity = await flowRag(["parity", "--json"], env, { cwd: dir });
  expect([parity.code, JSON.parse(parity.stdout)]).toEqual([0, inParity]);
  for (const child of [worker, producer]) child.kill("SIGTERM");
  expect(await Promise.all([once(worker, "exit"), once(producer, "exit")])).toEqual([
    [0, null],
    [0, null],
  ]);
});

test("ingestion, connections to MongoDB are reset again and again, ends in parity", async () => {
  const { hostname, port } = new URL(world.mongoUri);
  const proxy = await startTcpProxy({ host: hostname, port: Number(port) });
  const env = environmentOf(world);
  const through = { ...env, MONGO_URI: `mongodb://127.0.0.1:${proxy.port}`, STATE_MONGO_URI: env["MONGO_URI"], QUEUE_LOCK: "3s" };
  const ingest = flowRag(["ingest", "--json"], through, { cwd: dir });
  for (const mark of [1, 800, 1_600]) {
    await indexedRuns(mark);
    proxy.reset();
  }
  const { code, stdout } = await ingest;
  expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ read: count, failed: 0 })]);
  await proxy.close();
  const parity = await flowRag(["parity", "--json"], env, { cwd: dir });
  expect([parity.code, JSON.parse(parity.stdout)]).toEqual([0, inParity]);
});
