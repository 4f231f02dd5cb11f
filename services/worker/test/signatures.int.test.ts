import { maskVersion } from "@flow-rag/insights";
import { createSignatureJoins, createSignatureStore } from "@flow-rag/stores";
import { createHarness, type Harness } from "@flow-rag/testing";
import { createSignatureKeeper } from "../src/domain/keep-signatures.js";

const signal = new AbortController().signal;
let world: Harness;
beforeEach(async () => (world = await createHarness()));
afterEach(async () => expect(await world.lifecycle.close()).toBe(true));

const verbs = ["open", "read", "write", "close", "lock"];
const things = ["table", "file", "socket", "queue", "index", "schema", "bucket"];
/** 210 texts in 35 kinds; their order differs with `turn`. */
const texts = (turn: number): string[] =>
  Array.from({ length: 210 }, (_, index) => (index * ([11, 13, 17, 19][turn] ?? 1)) % 210).map(
    (index) =>
      `cannot ${verbs[index % 5]} ${things[index % 7]} name${index} of the ${["old", "new"][index % 2]} store after ${index} tries`,
  );

test("signature keeper, four workers that meet the same new texts at once, agree on what is one and under which id", async () => {
  const store = createSignatureStore(world.state);
  const workers = Array.from({ length: 4 }, () => createSignatureKeeper(createSignatureStore(world.state)));
  const given = await Promise.all(
    workers.map(async (worker, turn) => {
      const own = texts(turn);
      const ids = new Map<string, string>();
      for (let begin = 0; begin < own.length; begin += 30) {
        const batch = own.slice(begin, begin + 30);
        (await worker.assign(batch, signal)).forEach((signature, index) => ids.set(batch[index] ?? "", signature?.id ?? ""));
      }
      return ids;
    }),
  );
  const { resolve, moved } = await createSignatureJoins(world.state).current(signal);
  const kept = given.map((ids) => [...ids].map(([text, id]) => [text, resolve(id)] as const).sort());
  for (const other of kept) expect(other).toEqual(kept[0]);
  // Five verbs and seven things earned their places; "old" and "new" are two words.
  const age = (text: string): string => (text.includes(" old ") ? "old" : "new");
  expect(kept[0]?.length).toBe(210);
  expect(new Set(kept[0]?.map(([text, id]) => `${age(text)} ${id}`)).size).toBe(2);
  expect(new Set(kept[0]?.map(([, id]) => id)).size).toBe(2);
  expect(moved).toBeGreaterThan(0);

  const steps = await store.stepsAfter(maskVersion, 0, signal);
  expect(steps.map(({ version }) => version)).toEqual(steps.map((_, index) => index + 1));
  const later = await Promise.all(
    workers.map((worker) => worker.assign(["cannot seal vault name1 of the old store after 3 tries"], signal)),
  );
  expect(new Set(later.map(([signature]) => signature?.id)).size).toBe(1);
});

test("signature keeper, a restart and texts that come again in another order, keep their signatures", async () => {
  const before = createSignatureKeeper(createSignatureStore(world.state));
  const ids = new Map<string, string>();
  for (const text of texts(0)) ids.set(text, (await before.assign([text], signal))[0]?.id ?? "");
  const { resolve } = await createSignatureJoins(world.state).current(signal);
  const after = createSignatureKeeper(createSignatureStore(world.state));
  const again = texts(2);
  const given = await after.assign(again, signal);
  expect(given.map((signature) => signature?.id)).toEqual(again.map((text) => resolve(ids.get(text) ?? "")));
  const old = "cannot <*> <*> <*> of the old store after <num> tries";
  expect(given.filter((signature) => signature?.template.includes(" old ")).every((signature) => signature?.template === old)).toBe(true);
  expect(
    (await after.assign(["cannot open table name9999 of the old store after 3 tries", null, " "], signal)).map((one) => one?.id),
  ).toEqual([expect.stringMatching(/^sig-/), undefined, undefined]);
});

test("signature keeper, a change whose answer was lost, is neither lost nor made twice", async () => {
  const store = createSignatureStore(world.state);
  let lost = true;
  const keeper = createSignatureKeeper({
    ...store,
    append: async (...change) => {
      const done = await store.append(...change);
      if (!lost) return done;
      lost = false;
      throw new Error("connection closed");
    },
  });
  await expect(keeper.assign(["disk full on node 7"], signal)).rejects.toThrow("connection closed");
  const [signature] = await keeper.assign(["disk full on node 7"], signal);
  expect(signature?.template).toBe("disk full on node <num>");
  expect(await store.stepsAfter(maskVersion, 0, signal)).toMatchObject([{ version: 1, born: [{ id: signature?.id }], joined: [] }]);
});

test("signature store, a run that is noted twice, changes nothing and keeps the first example", async () => {
  const store = createSignatureStore(world.state);
  const seen = (pipeline: string, day: number, example: string) =>
    ({ signature: "sig-1", template: "disk <*>", example, pipeline, tech: "Spark", at: new Date(Date.UTC(2026, 4, day)) }); // prettier-ignore
  await store.note([seen("orders", 5, "disk full"), seen("stock", 3, "disk lost")]);
  await store.note([seen("orders", 5, "disk full")]);
  expect((await store.read(["sig-1", "sig-2"], signal)).get("sig-1")).toEqual({
    id: "sig-1",
    template: "disk <*>",
    example: "disk full",
    pipelines: ["orders", "stock"],
    techs: ["Spark"],
    firstSeen: new Date(Date.UTC(2026, 4, 3)),
    lastSeen: new Date(Date.UTC(2026, 4, 5)),
  });
});

test("signature store, counts by day, are those of the runs", async () => {
  const store = createSignatureStore(world.state);
  const run = (id: number, day: number) => ({ _id: `flows:${id}` as never, signature: "sig-1", ts: new Date(Date.UTC(2026, 4, day, 10)) });
  await world.state.collection("runs").insertMany([run(1, 5), run(2, 5), run(3, 7)]);
  expect([...(await store.countsByDay("sig-1", signal))]).toEqual([
    ["2026-05-05", 2],
    ["2026-05-07", 1],
  ]);
});
