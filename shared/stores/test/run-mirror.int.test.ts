import { createHarness, sampleRun as run, waitFor, type Harness } from "@flow-rag/testing";
import fc from "fast-check";
import { createRunChanges } from "../src/run-changes.js";
import { createRunFacts, createRunMirror, createRunStore, type RunFacts } from "../src/index.js";
import { allOf, anyFilter, anyLimits, anyRun, hour, origin } from "./any-figures.js";

const signal = new AbortController().signal;
const roomy = 100_000_000;
let world: Harness;
beforeEach(async () => (world = await createHarness()));
afterEach(async () => expect(await world.lifecycle.close()).toBe(true));

/** A mirror that follows the harness's runs; it reads them when it is asked to. */
function openMirror(capacity = roomy) {
  const facts = createRunFacts(world.state);
  const mirror = createRunMirror(world.state, { facts, capacity, zone: "Europe/Paris", log: world.log });
  world.lifecycle.own("mirror", mirror, (resource) => resource.close());
  return { facts, mirror, store: createRunStore(world.state) };
}

describe("runs in memory", () => {
  test("figures, of random runs within random filters and limits, equal the database's, also where days are left to it", async () => {
    const { facts, store } = openMirror();
    await store.ensureIndexes();
    const runs = fc.sample(fc.tuple(...Array.from({ length: 250 }, (_, id) => anyRun(id))), 1)[0] ?? [];
    await store.upsert(runs);
    const mirrors = [roomy, 25_000].map((capacity) => openMirror(capacity).mirror);
    await Promise.all(mirrors.map((mirror) => mirror.refresh()));
    await fc.assert(
      fc.asyncProperty(anyFilter, anyLimits, async (filter, limits) => {
        const expected = await allOf(facts.limitedTo(limits), filter);
        for (const mirror of mirrors) {
          const snapshot = await mirror.snapshot(signal);
          expect(snapshot).not.toBe(facts);
          expect(await allOf(snapshot.limitedTo(limits), filter)).toEqual(expected);
        }
      }),
      { numRuns: 30 },
    );
  }, 120_000);

  test("snapshot, after each of many writes and removals by two writers, holds all of them", async () => {
    const { facts, mirror, store } = openMirror();
    await mirror.refresh();
    const other = createRunStore(world.state);
    for (let step = 0; step < 12; step++) {
      const [recordId = "0"] = fc.sample(fc.integer({ min: 0, max: 20 }).map(String), 1);
      const [made] = fc.sample(anyRun(Number(recordId)), 1);
      await Promise.all([
        step % 4 === 3 ? store.remove([{ source: "flows", recordId }]) : store.upsert(made ? [made] : []),
        other.upsert([run(`other-${step}`, { pipeline: "others", ts: new Date(origin + step * 9 * hour) })]),
      ]);
      // The database's names are looked at once a second only.
      const names = { pipelines: (await world.state.collection("runs").distinct("pipeline")).sort() };
      const { catalogue, ...figures } = await allOf(await mirror.snapshot(signal), {});
      const { catalogue: _seldom, ...expected } = await allOf(facts, {});
      expect([figures, catalogue]).toEqual([expected, expect.objectContaining(names)]);
    }
  });

  test("snapshot, once taken, does not change with later writes", async () => {
    const { mirror, store } = openMirror();
    await store.upsert([run("a")]);
    await mirror.refresh();
    const before = await mirror.snapshot(signal);
    await store.upsert([run("a", { status: "failed" }), run("b")]);
    const counts = async (facts: RunFacts) => (await facts.cells({}, signal)).map(({ status, count }) => `${status} ${count}`).sort();
    expect([await counts(before), await counts(await mirror.snapshot(signal))]).toEqual([["success 1"], ["failed 1", "success 1"]]);
  });

  test("a write, whose writer was killed before it could say so, is noticed", async () => {
    const { mirror, store } = openMirror();
    await store.upsert([run("a")]);
    await mirror.refresh();
    await createRunChanges(world.state).begin(["flows:a"]);
    await mirror.snapshot(signal);
    await world.state.collection<{ _id: string }>("runs").updateOne({ _id: "flows:a" }, { $set: { status: "failed" } });
    const status = async () => (await (await mirror.snapshot(signal)).latestRuns({}, 1, signal))[0]?.status;
    await waitFor(async () => (await status()) === "failed" || undefined, "the killed writer's run");
  });

  test("snapshot, of a mirror that missed changes no longer kept or whose database was emptied, reads the runs anew", async () => {
    const { facts, mirror, store } = openMirror();
    await store.upsert([run("a")]);
    await mirror.refresh();
    const latest = async () => (await (await mirror.snapshot(signal)).latestRuns({}, 9, signal)).map(({ id }) => id);
    await store.upsert([run("b")]);
    await store.upsert([run("c")]);
    await world.state.collection<{ _id: number }>("run_changes").deleteMany({ _id: { $lt: 3 } });
    await mirror.snapshot(signal);
    await waitFor(async () => (await mirror.snapshot(signal)) !== facts || undefined, "the runs in memory");
    expect(await latest()).toEqual(["flows:c", "flows:b", "flows:a"]);
    await world.state.dropDatabase();
    await createRunStore(world.state).upsert([run("z")]);
    expect(await latest()).toEqual(["flows:z"]);
  });

  test("begin, by many writers at once, gives numbers without gaps", async () => {
    const writers = [1, 2, 3, 4].map(() => createRunChanges(world.state));
    const entries = Array.from({ length: 6 }, (_, index) => writers.map((writer) => writer.begin([`flows:${index}`])));
    const numbers = await Promise.all(entries.flat());
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, index) => index + 1));
  });
});
