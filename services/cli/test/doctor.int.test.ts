import { listCollections } from "@flow-rag/stores";
import { createHarness, type Harness } from "@flow-rag/testing";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentOf, flowRag, killRunning, startServiceOf } from "./command-line.js";

jest.setTimeout(120_000);

let world: Harness;
let dir: string;
beforeEach(async () => {
  world = await createHarness();
  dir = await mkdtemp(join(tmpdir(), "flow-rag-doctor-"));
  await world.source.collection("flow_monitoring").insertOne({ pipeline_name: "a", tech: "Spark", status: "OK", timestamp: new Date() });
});
afterEach(async () => {
  killRunning();
  expect(await world.lifecycle.close()).toBe(true);
  await rm(dir, { recursive: true });
});
type Found = { status: string; checks: { name: string; status: string; message: string; hint?: string; ms: number }[] };
const statuses = (text: string) => Object.fromEntries((JSON.parse(text) as Found).checks.map(({ name, status }) => [name, status]));

test("flow-rag doctor, everything runs, sends a record through the real worker and leaves nothing behind", async () => {
  const env = environmentOf(world);
  const worker = await startServiceOf("worker", env);
  const before = (await world.state.listCollections().toArray()).map(({ name }) => name).sort();
  const { code, stdout } = await flowRag(["doctor", "--json"], env, { cwd: dir });
  expect(statuses(stdout)).toEqual({
    "source flows": "ok",
    "what flows says": "ok",
    state: "ok",
    redis: expect.stringMatching(/ok|warn/) as string,
    chroma: "ok",
    embedder: "ok",
    "language model": "skipped",
    slack: "skipped",
    "e-mail": "skipped",
    "record through the queue": "ok",
    figures: "ok",
    "clock and zone": "ok",
  });
  expect(code).toBe(0);
  expect((await world.state.listCollections().toArray()).map(({ name }) => name).sort()).toEqual(before);
  expect(await world.state.collection("runs").countDocuments()).toBe(0);
  const collections = await listCollections(world.chromaUrl, world.indexPrefix, AbortSignal.timeout(10_000));
  expect(collections.filter((name) => name.includes("selftest"))).toEqual([]);
  expect(await world.redis.keys(`${world.queuePrefix}:records.embed:*canary*`)).toEqual([]);
  worker.kill("SIGTERM");
  expect(await once(worker, "exit")).toEqual([0, null]);
});

test("flow-rag doctor, Redis and Chroma are away, names both with a hint and ends with 1", async () => {
  const env = { ...environmentOf(world), REDIS_URL: "redis://127.0.0.1:1", CHROMA_URL: "http://127.0.0.1:1" };
  const { code, stdout } = await flowRag(["doctor"], env, { cwd: dir });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^FAIL +redis: Redis does not answer.*\n +→ .*REDIS_URL/m);
  expect(stdout).toMatch(/^FAIL +chroma: .*\n +→ .*CHROMA_URL/m);
  expect(stdout).toMatch(/^ok +state:/m);
});

test("flow-rag doctor, no worker is connected to a given Redis, says so", async () => {
  const env = environmentOf(world);
  const worker = await startServiceOf("worker", env);
  worker.kill("SIGTERM");
  await once(worker, "exit");
  const { code, stdout } = await flowRag(["doctor"], env, { cwd: dir });
  expect([code, stdout]).toEqual([1, expect.stringMatching(/^FAIL +record through the queue: no worker is connected/m)]);
});
