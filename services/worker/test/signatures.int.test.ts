import { maskVersion } from "@flow-rag/insights";
import { createSignatureStore } from "@flow-rag/stores";
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

test("signature keeper, four workers that meet the same new texts at once, give each text one signature and no template two", async () => {
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
  const [first = new Map<string, string>()] = given;
  expect(first.size).toBe(210);
  for (const other of given) expect([...other].sort()).toEqual([...first].sort());

  const changes = await store.changesAfter(maskVersion, 0, signal);
  expect(changes.map(({ version }) => version)).toEqual(changes.map((_, index) => index + 1));
  const templates = new Map(changes.flatMap(({ clusters }) => clusters.map(({ id, tokens }) => [id, tokens.join(" ")] as const)));
  expect(new Set(templates.values()).size).toBe(templates.size);
  expect([...first.values()].every((id) => templates.has(id))).toBe(true);
});

test("signature keeper, a restart and texts that come again in another order, keep their signatures", async () => {
  const before = createSignatureKeeper(createSignatureStore(world.state));
  const ids = new Map<string, string | undefined>();
  for (const text of texts(0)) ids.set(text, (await before.assign([text], signal))[0]?.id);
  const after = createSignatureKeeper(createSignatureStore(world.state));
  const again = texts(2);
  const given = await after.assign(again, signal);
  expect(given.map((signature) => signature?.id)).toEqual(again.map((text) => ids.get(text)));
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
  expect(await store.changesAfter(maskVersion, 0, signal)).toMatchObject([{ version: 1, clusters: [{ id: signature?.id }] }]);
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
