import type { Run } from "@flow-rag/contracts";
import { createHarness, type Harness } from "@flow-rag/testing";
import { createIndexedRuns, createIndexStateStore, createReindexStore, createRunStore, type IndexDescription } from "../src/index.js";

const signal = new AbortController().signal;
const now = new Date("2026-05-05T10:00:00Z");
const later = (ms: number) => new Date(now.getTime() + ms);
let world: Harness;
beforeEach(async () => (world = await createHarness()));
afterEach(async () => expect(await world.lifecycle.close()).toBe(true));

const index = (name: string): IndexDescription => ({
  collection: `flows-${name}`,
  fingerprint: name,
  embedder: { kind: "lexical", fingerprint: `lexical ${name}`, dimensions: 384 },
  createdAt: now,
});

test("index state store, two switch at once, lets one win and keeps the way back until it is given up", async () => {
  const states = createIndexStateStore(world.state);
  const first = await states.readOrCreate(index("a"), signal);
  const won = await Promise.all([states.switchOver(first, index("b")), states.switchOver(first, index("c"))]);
  expect(won.toSorted()).toEqual([false, true]);
  const active = (await states.read(signal))!;
  expect(active).toEqual({ ...index(won[0] ? "b" : "c"), previous: index("a") });
  expect(await states.switchOver(active, active.previous!)).toBe(true);
  expect(await states.read(signal)).toEqual({ ...index("a"), previous: index(won[0] ? "b" : "c") });
  await states.forgetPrevious();
  expect(await states.read(signal)).toEqual(index("a"));
});

test("reindex store, several claim at once, gives the lease to one, which alone changes the plan until its lease has run out", async () => {
  const reindexes = createReindexStore(world.state);
  const owners = ["p", "q", "r", "s"];
  const claimed = await Promise.all(owners.map((owner) => reindexes.claim(owner, 1_000, now)));
  expect(claimed.filter(Boolean)).toHaveLength(1);
  const holder = owners[claimed.indexOf(true)]!;
  const other = owners[claimed.indexOf(false)]!;
  const plan = { target: index("b"), rollback: false, startedAt: now };
  await reindexes.savePlan(holder, plan);
  await expect(reindexes.savePlan(other, { ...plan, rollback: true })).rejects.toMatchObject({ kind: "unexpected" });
  expect([await reindexes.claim(other, 1_000, later(999)), await reindexes.claim(holder, 1_000, later(999))]).toEqual([false, true]);

  expect(await reindexes.claim(other, 1_000, later(2_000))).toBe(true); // the holder was killed
  await expect(reindexes.endPlan(holder)).rejects.toMatchObject({ message: expect.stringContaining("taken over") as string });
  expect(await reindexes.readPlan(signal)).toEqual(plan);
  await reindexes.endPlan(other);
  await reindexes.release(other);
  expect([await reindexes.readPlan(signal), await reindexes.claim(holder, 1_000, later(2_001))]).toEqual([undefined, true]);
});

test("indexed runs, adopted after one has changed, leave that one to be looked at again", async () => {
  const runs = createIndexedRuns(world.state);
  const run = (recordId: string, contentHash: string): Run => ({
    source: "flows",
    recordId,
    contentHash,
    pipeline: "orders",
    tech: "Spark",
    status: "failed",
    rawStatus: "KO",
    ts: now,
    durationMs: null,
    error: "disk full",
    environment: null,
    owner: null,
    runRef: null,
    recordsProcessed: null,
    signature: "sig-old",
    fingerprint: "a",
    indexedAt: now,
  });
  const store = createRunStore(world.state);
  await store.upsert(["1", "2", "3"].map((id) => run(id, "h1")));
  const read = await runs.page({ after: "", limit: 2 }, signal);
  expect(read.map(({ id }) => id)).toEqual(["flows:1", "flows:2"]);
  await store.upsert([run("2", "h2")]);
  await runs.adopt(
    read.map((one) => ({ ...one, signature: "sig-new" })),
    "b",
  );
  expect((await runs.page({ after: "", limit: 9, besides: "b" }, signal)).map(({ id }) => id)).toEqual(["flows:2", "flows:3"]);
  expect(await runs.byIds(["flows:1", "flows:9"], signal)).toEqual([
    { ...run("1", "h1"), id: "flows:1", fingerprint: "b", signature: "sig-new" },
  ]);
  expect(await runs.count(signal)).toBe(3);
});
