import { startChroma, type LocalService } from "@flow-rag/local";
import { createLogger } from "@flow-rag/kernel";
import { createIndexStateStore, dropCollection, openCollection, signaturesOf, type IndexState } from "@flow-rag/stores";
import { createHarness, type Harness } from "@flow-rag/testing";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { environmentOf, flowRag, killRunning, startServiceOf } from "./command-line.js";
import { fillSource, inParityOf } from "./filled-source.js";

jest.setTimeout(400_000);

const count = 900; // two batches
const log = createLogger("test", "silent");
const toolsDir = fileURLToPath(new URL("../../../.flow-rag/tools", import.meta.url));

let world: Harness;
let dir: string;
let env: NodeJS.ProcessEnv;
const services: LocalService[] = [];
beforeEach(async () => {
  world = await createHarness();
  dir = await mkdtemp(join(tmpdir(), "flow-rag-repair-"));
  env = environmentOf(world);
  await fillSource(world, count);
});
afterEach(async () => {
  killRunning();
  for (const service of services.splice(0)) await service.stop();
  expect(await world.lifecycle.close()).toBe(true);
  await rm(dir, { recursive: true });
});

const inParity = inParityOf(count);
const run = (...args: string[]) => flowRag(args, env, { cwd: dir });
/** As where the commands are typed: none of them has to start these for itself. */
const startServices = () => Promise.all((["worker", "producer"] as const).map((name) => startServiceOf(name, env)));

test("reconcile, Chroma lost all its data, brings every document back", async () => {
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
  await startServices();
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

test("flow-rag parity and reconcile, records were changed, added and deleted while nothing ran, find and mend it", async () => {
  await startServices();
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
  await startServices();
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
