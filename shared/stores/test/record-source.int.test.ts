import { sourceFields, type SourceRecord } from "@flow-rag/contracts";
import { createHarness, type Harness } from "@flow-rag/testing";
import { Long, ObjectId } from "mongodb";
import { createRecordSource, type SourceCursor } from "../src/index.js";

const signal = new AbortController().signal;
let world: Harness;
beforeEach(async () => (world = await createHarness()));
afterEach(async () => expect(await world.lifecycle.close()).toBe(true));

const open = (fields = {}, cursorField: "timestamp" | "updatedAt" = "timestamp") =>
  createRecordSource(world.source, { name: "flows", collection: "runs", fields: sourceFields.parse(fields), cursorField });
const insert = (rows: Record<string, unknown>[]) => world.source.collection("runs").insertMany(rows);

async function readAll<C>(
  page: (after: C | undefined) => Promise<{ records: readonly SourceRecord[]; last: C | undefined }>,
): Promise<string[]> {
  const ids: string[] = [];
  for (let after: C | undefined; ;) {
    const { records, last } = await page(after);
    ids.push(...records.map(({ recordId }) => recordId));
    if (!last) return ids;
    after = last;
  }
}

test("all, ids of every type in pages of two, gives each once in MongoDB's order", async () => {
  const ids = [2, Long.fromString("9007199254740993"), "a", "b", new ObjectId("6df3a50a785dcb51b0d4f4ee"), true, new Date("2026-01-01")];
  await insert(ids.toReversed().map((_id) => ({ _id })));
  const source = open();
  expect(await readAll((after: { id: unknown } | undefined) => source.all(after, 2, signal))).toEqual([
    "~n:2",
    "~l:9007199254740993",
    "a",
    "b",
    "6df3a50a785dcb51b0d4f4ee",
    '~e:{"id":true}',
    '~e:{"id":{"$date":{"$numberLong":"1767225600000"}}}',
  ]);
});

test("changedAfter, equal, missing and differently typed times in pages of two, gives each once", async () => {
  const at = new Date("2026-05-05T00:00:00Z");
  const times = [at, at, at, null, undefined, 1_746_000_000, "2026-05-05T00:00:00Z", new Date("2026-05-06"), new Date("2026-05-04")];
  await insert(times.map((timestamp, index) => ({ _id: `r${index}`, ...(timestamp !== undefined && { timestamp }) })));
  const source = open();
  const ids = await readAll((after: SourceCursor | undefined) => source.changedAfter(after, 2, signal));
  expect(ids).toEqual(["r3", "r4", "r5", "r6", "r8", "r0", "r1", "r2", "r7"]);
});

test("changedAfter, from a rewound place, reads the overlap again", async () => {
  const minute = (n: number) => new Date(Date.UTC(2026, 4, 5, 0, n));
  await insert([0, 10, 20, 30].map((n) => ({ _id: `m${n}`, timestamp: minute(n) })));
  const source = open();
  const place = source.rewind({ at: minute(30), id: "m30" }, 15 * 60_000);
  expect((await source.changedAfter(place, 10, signal)).records.map(({ recordId }) => recordId)).toEqual(["m20", "m30"]);
});

test("find, mapped and nested fields, come under our names and as plain values", async () => {
  const started = new Date("2026-05-05T00:00:00Z");
  await insert([{ _id: 7, job: { name: "orders" }, state: "OK", timestamp: started, rows: Long.fromNumber(12), secret: "not mapped" }]);
  const source = open({ pipeline: "job.name", status: "state", recordsProcessed: "rows" });
  expect(await source.find(["~n:7", "~n:8"], signal)).toEqual([
    { source: "flows", recordId: "~n:7", fields: { pipeline: "orders", status: "OK", timestamp: started, recordsProcessed: 12 } },
  ]);
});

test("existing, some ids are gone, names the others", async () => {
  await insert([{ _id: "a" }, { _id: "c" }]);
  expect(await open().existing(["a", "b", "c"], signal)).toEqual(new Set(["a", "c"]));
});

test.each([
  ["only past times", [new Date("2026-05-05")], { at: new Date("2026-05-05"), id: "r0" }],
  ["one time ahead of the clock", [new Date("2026-05-05"), new Date("2099-01-01")], { at: new Date("2026-05-06"), id: null }],
])("lastPlace, %s, is never in the future", async (_situation, times, expected) => {
  await insert(times.map((timestamp, index) => ({ _id: `r${index}`, timestamp })));
  expect(await open().lastPlace(new Date("2026-05-06"), signal)).toEqual(expected);
});

test("advance, places within the overlap or ahead of the clock, moves no watermark", () => {
  const source = open();
  const [past, later, future] = ["2026-05-04", "2026-05-05", "2099-01-01"].map((day) => ({ at: new Date(day), id: "a" })) as [
    SourceCursor,
    SourceCursor,
    SourceCursor,
  ];
  const now = new Date("2026-05-06");
  expect([
    source.advance(later, past, now),
    source.advance(past, later, now),
    source.advance(past, future, now),
    source.advance(null, past, now),
  ]).toEqual([undefined, later, undefined, past]);
});

test("changedAfter, an aborted signal, rejects", async () => {
  await expect(open().changedAfter(undefined, 2, AbortSignal.abort(new Error("stop")))).rejects.toThrow();
});
