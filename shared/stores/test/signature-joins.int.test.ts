import { createHarness, sampleRun as run, type Harness } from "@flow-rag/testing";
import fc from "fast-check";
import {
  createRunFacts,
  createRunList,
  createRunMirror,
  createRunStore,
  createRunStream,
  createSignatureJoins,
  createSignatureList,
  createSignatureStore,
  type RunFacts,
} from "../src/index.js";
import { allOf, anyFilter, anyLimits, anyRun, hour, origin } from "./any-figures.js";

const signal = new AbortController().signal;
let world: Harness;
beforeEach(async () => (world = await createHarness()));
afterEach(async () => expect(await world.lifecycle.close()).toBe(true));

function openReaders() {
  const facts = createRunFacts(world.state);
  const mirror = createRunMirror(world.state, { facts, capacity: 100_000_000, zone: "Europe/Paris", log: world.log });
  world.lifecycle.own("mirror", mirror, (resource) => resource.close());
  return { facts, mirror, store: createRunStore(world.state), signatures: createSignatureStore(world.state) };
}

const join = (version: number, into: string, ...others: string[]) => ({
  version,
  born: [],
  joined: others.map((from) => ({ into, from })),
});
const all = async <T>(rows: AsyncIterable<T>): Promise<T[]> => {
  const read: T[] = [];
  for await (const row of rows) read.push(row);
  return read;
};

test("figures, of random runs after random joins, are those of runs that had borne the kept ids from the first", async () => {
  const { facts, mirror, store, signatures } = openReaders();
  const other = await createHarness();
  const runs = fc.sample(fc.tuple(...Array.from({ length: 150 }, (_, id) => anyRun(id))), 1)[0] ?? [];
  await store.upsert(runs);
  await mirror.refresh();
  const kept = (id: string) => (id === "sig-23" ? "sig-17" : id);
  await createRunStore(other.state).upsert(runs.map((one) => ({ ...one, signature: one.signature && kept(one.signature) })));
  const relabelled = createRunFacts(other.state);
  await signatures.append("3", join(1, "sig-17", "sig-23"));
  await fc.assert(
    fc.asyncProperty(anyFilter, anyLimits, async (filter, limits) => {
      const asKept = { ...filter, signatures: filter.signatures?.map(kept) };
      const expected = await allOf(relabelled.limitedTo(limits), asKept);
      expect(await allOf(facts.limitedTo(limits), filter)).toEqual(expected);
      expect(await allOf((await mirror.snapshot(signal)).limitedTo(limits), filter)).toEqual(expected);
    }),
    { numRuns: 30 },
  );
  expect(await other.lifecycle.close()).toBe(true);
}, 120_000);

test("every reader, while a history is joined in the middle, tells all of it under the kept id from that moment on", async () => {
  const { facts, mirror, store, signatures } = openReaders();
  const failing = (id: number, signature: string) =>
    run(String(id), { pipeline: `p${id % 3}`, status: "failed", error: `error ${id}`, signature, ts: new Date(origin + id * hour) });
  const runs = Array.from({ length: 60 }, (_, id) => failing(id, ["sig-a", "sig-b", "sig-c"][id % 3] ?? ""));
  await store.upsert(runs);
  await signatures.note(
    runs.map((one) => ({ signature: one.signature ?? "", template: `t ${one.signature}`, example: one.error ?? "", pipeline: one.pipeline, tech: one.tech, at: one.ts })), // prettier-ignore
  );
  const [list, errors, stream] = [createRunList(world.state), createSignatureList(world.state), createRunStream(world.state)];
  const span = { from: new Date(origin), to: new Date(origin + 90 * hour) };

  /** What each reader tells: ids with how often. */
  const told = async () => {
    const count = (ids: readonly (string | null)[]) =>
      Object.fromEntries([...new Set(ids)].sort().map((id) => [String(id), ids.filter((one) => one === id).length]));
    const figuresOf = async (reader: RunFacts) => ({
      cells: count((await reader.cells({}, signal)).flatMap((cell) => Array<string | null>(cell.count).fill(cell.signature))),
      kinds: Object.fromEntries((await reader.errorKinds({}, signal)).map((kind) => [kind.signature, kind.count])),
      latest: count((await reader.latestRuns({}, 99, signal)).map(({ signature }) => signature)),
      asked: (await reader.latestRuns({ signatures: ["sig-b"] }, 99, signal)).length,
    });
    const listed = await errors.list({}, 10, signal);
    const page = await list.page({ signatures: ["sig-b"] }, { limit: 99 }, signal);
    return {
      facts: await figuresOf(facts),
      mirror: await figuresOf(await mirror.snapshot(signal)),
      list: Object.fromEntries(listed.map(({ id, count: runsOf }) => [id, runsOf])),
      days: listed.find(({ id }) => id === "sig-a")?.days.length,
      page: count(page.map(({ signature }) => signature)),
      byId: (await list.byId("flows:1", null, signal))?.signature,
      exported: count((await all(list.all({}, signal))).map(({ signature }) => signature)),
      stream: count((await all(stream.between(span, signal))).map(({ signature }) => signature)),
      seen: [...(await stream.errorsBefore(span.to, signal)).lastSeen].map(([id, at]) => [id, (at - origin) / hour]).sort(),
      first: (await signatures.read(["sig-b"], signal)).get("sig-b"),
      known: (await signatures.latest(10, signal)).map(({ id }) => id),
      byDay: [...(await signatures.countsByDay("sig-b", signal)).values()].reduce((sum, runsOf) => sum + runsOf, 0),
      parity: await store.signaturesOf("flows", signal),
      bearing: (await store.bearing("flows", ["sig-a"], signal)).length,
    };
  };
  const figures = (a: number, b?: number) => {
    const counts = { "sig-a": a, ...(b && { "sig-b": b }), "sig-c": 20 };
    return { cells: counts, kinds: counts, latest: counts, asked: b ?? a };
  };
  const before = await told();
  expect(before).toMatchObject({ facts: figures(20, 20), mirror: figures(20, 20), page: { "sig-b": 20 }, byId: "sig-b", bearing: 20 });

  await signatures.append("3", join(1, "sig-a", "sig-b"));
  const counts = { "sig-a": 40, "sig-c": 20 };
  expect(await told()).toEqual({
    facts: figures(40),
    mirror: figures(40),
    list: counts,
    days: 3,
    page: { "sig-a": 40 },
    byId: "sig-a",
    exported: counts,
    stream: counts,
    seen: [["sig-a", 58], ["sig-c", 59]], // prettier-ignore
    first: {
      id: "sig-a",
      template: "t sig-a",
      example: "error 0",
      pipelines: ["p0", "p1"],
      techs: [runs[0]?.tech],
      firstSeen: new Date(origin),
      lastSeen: new Date(origin + 58 * hour),
    },
    known: ["sig-c", "sig-a"],
    byDay: 40,
    parity: ["sig-a", "sig-c"],
    bearing: 40,
  });
});

test("signature joins, of ids that were joined before, lead to the last; a database that was emptied leads nowhere", async () => {
  const { signatures } = openReaders();
  const joins = createSignatureJoins(world.state);
  await signatures.append("3", join(1, "sig-b", "sig-c", "sig-d"));
  expect((await joins.current(signal)).membersOf("sig-c")).toEqual(["sig-b", "sig-c", "sig-d"]);
  await signatures.append("3", join(2, "sig-a", "sig-b"));
  const ids = await joins.current(signal);
  expect([ids.moved, ids.resolve("sig-d"), ids.membersOf("sig-d")]).toEqual([3, "sig-a", ["sig-a", "sig-b", "sig-c", "sig-d"]]);
  await world.state.dropDatabase();
  await signatures.append("3", join(1, "sig-x", "sig-y"));
  const anew = await joins.current(signal);
  expect([anew.moved, anew.resolve("sig-d"), anew.resolve("sig-y")]).toEqual([1, "sig-d", "sig-x"]);
});
