import { startChroma, startRedis, type LocalService } from "@flow-rag/local";
import { createLogger } from "@flow-rag/kernel";
import { createIndexStateStore, dropCollection, openCollection, signaturesOf, type IndexState } from "@flow-rag/stores";
import { createHarness, startTcpProxy, waitFor, type Harness } from "@flow-rag/testing";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { environmentOf, flowRag, killRunning, startServiceOf } from "./command-line.js";

jest.setTimeout(400_000);

const count = 3_000;
const log = createLogger("test", "silent");
const toolsDir = fileURLToPath(new URL("../../../.flow-rag/tools", import.meta.url));

let world: Harness;
let dir: string;
const services: LocalService[] = [];
beforeEach(async () => {
  world = await createHarness();
  dir = await mkdtemp(join(tmpdir(), "flow-rag-outage-"));
  const rows = Array.from({ length: count }, (_, id) => ({
    _id: id,
    pipeline_name: `pipeline-${id % 40}`,
    tech: "Spark",
    status: id % 9 === 0 ? "KO" : "OK",
    error_message: id % 9 === 0 ? (id % 2 === 0 ? "disk full" : `executor ${id} lost`) : null,
    timestamp: new Date(Date.UTC(2026, 4, 1) + id * 1_000),
  }));
  await world.source.collection("flow_monitoring").insertMany(rows as never[]);
});
afterEach(async () => {
  killRunning();
  for (const service of services.splice(0)) await service.stop();
  expect(await world.lifecycle.close()).toBe(true);
  await rm(dir, { recursive: true });
});

const ofSignatures = { signatures: 2, missingSignatures: 0, staleSignatures: 0 };
const inParity = { source: count, runs: count, index: count, ...ofSignatures, missing: 0, extra: 0, stale: 0, dead: 0, inSync: true, differences: [] }; // prettier-ignore
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

test("reconcile, Chroma lost all its data, brings every document back", async () => {
  const env = environmentOf(world);
  const first = await startChroma({ dir: join(dir, "a"), toolsDir, log });
  services.push(first);
  expect(await flowRag(["ingest"], { ...env, CHROMA_URL: first.url }, { cwd: dir })).toMatchObject({ code: 0 });
  await first.stop();
  const empty = await startChroma({ dir: join(dir, "b"), toolsDir, log });
  services.push(empty);

  const afterLoss = { ...env, CHROMA_URL: empty.url };
  const broken = await flowRag(["parity", "--json"], afterLoss, { cwd: dir });
  expect([broken.code, JSON.parse(broken.stdout)]).toEqual([
    1,
    expect.objectContaining({ index: 0, missing: count, signatures: 0, missingSignatures: 2, inSync: false }),
  ]);
  const repaired = await flowRag(["reconcile", "--json"], afterLoss, { cwd: dir });
  expect([repaired.code, JSON.parse(repaired.stdout)]).toEqual([
    0,
    expect.objectContaining({ repaired: expect.objectContaining({ indexed: count, failed: 0 }) as object }),
  ]);
  const parity = await flowRag(["parity", "--json"], afterLoss, { cwd: dir });
  expect([parity.code, JSON.parse(parity.stdout)]).toEqual([0, inParity]);
});

test("flow-rag parity and reconcile, signatures' documents were lost and what is known of one signature too, find and mend it", async () => {
  const env = environmentOf(world);
  const run = (...args: string[]) => flowRag(args, env, { cwd: dir });
  expect((await run("ingest")).code).toBe(0);
  const { collection, fingerprint } = (await createIndexStateStore(world.state).read(AbortSignal.timeout(5_000))) as IndexState;
  await dropCollection(world.chromaUrl, signaturesOf(collection), AbortSignal.timeout(5_000));
  await openCollection(world.chromaUrl, signaturesOf(collection), fingerprint, AbortSignal.timeout(5_000));
  await world.state.collection("signatures").deleteOne({ template: "disk full" });

  const broken = await run("parity");
  expect([broken.code, broken.stdout]).toEqual([1, expect.stringContaining("signatures 0 (2 missing, 0 stale)")]);
  expect((await run("reconcile")).code).toBe(0);
  const parity = await run("parity", "--json");
  expect([parity.code, JSON.parse(parity.stdout)]).toEqual([0, inParity]);
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

test("flow-rag parity and reconcile, records were changed, added and deleted while nothing ran, find and mend it", async () => {
  const env = environmentOf(world);
  const run = (...args: string[]) => flowRag(args, env, { cwd: dir });
  expect((await run("ingest")).code).toBe(0);
  const rows = world.source.collection<{ _id: number }>("flow_monitoring");
  await rows.deleteMany({ _id: { $lt: 20 } });
  await rows.updateMany({ _id: { $gte: 100, $lt: 130 } }, { $set: { status: "EN COURS" } });
  await rows.insertMany([{ _id: 9_001, timestamp: new Date("2026-05-01T00:00:00Z") } as never, { _id: 9_002, timestamp: "soon" } as never]);

  const broken = await run("parity", "--json");
  expect([broken.code, JSON.parse(broken.stdout)]).toEqual([
    1,
    expect.objectContaining({ source: count - 18, missing: 2, extra: 20, stale: 30, dead: 0, inSync: false }),
  ]);
  expect((await run("reconcile")).code).toBe(0);
  const parity = await run("parity", "--json");
  expect([parity.code, JSON.parse(parity.stdout)]).toEqual([
    0,
    { ...inParity, source: count - 18, runs: count - 19, index: count - 19, dead: 1 },
  ]);

  const letters = await run("dead-letters", "list", "--json");
  expect(JSON.parse(letters.stdout)).toMatchObject({ recordId: "~n:9002", stage: "normalise", attempts: 1 });
  expect(await run("dead-letters", "retry")).toMatchObject({ code: 1, stdout: expect.stringContaining("1 set aside again") as string });
  await rows.updateOne({ _id: 9_002 }, { $set: { timestamp: new Date("2026-05-01T00:00:00Z") } });
  expect(await run("dead-letters", "retry", "--stage", "normalise")).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("1 indexed") as string,
  });
  expect((await run("dead-letters", "list")).stdout).toBe("");
});

test("flow-rag ingest by selection, of records that were ingested before, counts first and then really embeds them again", async () => {
  const env = environmentOf(world);
  const run = (...args: string[]) => flowRag(args, env, { cwd: dir });
  expect((await run("ingest")).code).toBe(0);
  const failed = Math.ceil(count / 9);
  const selection = ["ingest", "--status", "KO", "--json"];
  expect(JSON.parse((await run(...selection, "--dry-run")).stdout)).toMatchObject({
    read: count,
    matched: failed,
    enqueued: 0,
    indexed: 0,
  });
  expect(JSON.parse((await run(...selection)).stdout)).toMatchObject({ matched: failed, unchanged: failed, indexed: 0 });
  expect(JSON.parse((await run(...selection, "--full")).stdout)).toMatchObject({ matched: failed, unchanged: 0, indexed: failed });
  expect(JSON.parse((await run(...selection, "--full")).stdout)).toMatchObject({ indexed: failed });
});
