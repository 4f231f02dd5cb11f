import { sourceFields, type SourceRecord } from "@flow-rag/contracts";
import { createHarness, type Harness } from "@flow-rag/testing";
import { Binary, Decimal128, Long, MaxKey, MinKey, ObjectId, Timestamp } from "mongodb";
import { createRecordSource, cursorInstant, type SourceCursor } from "../src/index.js";

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

const morning = new Date("2026-11-30T08:00:00Z");
const minutes = (n: number) => new Date(morning.getTime() + n * 60_000);
/** The same instant in every form that is read. */
const forms: readonly ((at: Date) => unknown)[] = [
  (at) => at,
  (at) => at.toISOString(),
  (at) => at.toISOString().replace("T", " ").slice(0, 19),
  (at) => at.toISOString().replace(/[-:]|\.\d+/g, ""),
  (at) => at.getTime(),
  (at) => Long.fromNumber(at.getTime()),
  (at) => at.getTime() / 1_000,
  (at) => Decimal128.fromString(String(at.getTime() / 1_000)),
  (at) => String(at.getTime() / 1_000),
  (at) => String(at.getTime()),
  (at) => new Timestamp({ t: at.getTime() / 1_000, i: 1 }),
  (at) => ObjectId.createFromTime(at.getTime() / 1_000),
];
const readOn = async (source: ReturnType<typeof open>, from: SourceCursor | undefined, now: Date, limit = 3) => {
  let mark = from;
  const ids = await readAll(async (after: SourceCursor | undefined) => {
    const page = await source.changedAfter(after ?? (from && source.rewind(from, 60_000, now)), limit, signal);
    if (page.last) mark = source.advance(mark, page.last, now) ?? mark;
    return page.records.length < limit ? { ...page, last: undefined } : page;
  });
  return { ids, mark };
};

test("changedAfter, equal, missing and differently typed times in pages of two, gives each once", async () => {
  const at = new Date("2026-05-05T00:00:00Z");
  const times = [at, at, at, null, undefined, 1_746_000_000, "2026-05-05T00:00:00Z", new Date("2026-05-06"), new Date("2026-05-04")];
  await insert(times.map((timestamp, index) => ({ _id: `r${index}`, ...(timestamp !== undefined && { timestamp }) })));
  const { ids } = await readOn(open(), undefined, morning, 2);
  expect(ids.toSorted()).toEqual(times.map((_, index) => `r${index}`));
});

test("changedAfter, times of every form, finds what comes later in each of them", async () => {
  await insert(forms.map((form, index) => ({ _id: `old-${index}`, timestamp: form(morning) })));
  const source = open();
  const first = await readOn(source, undefined, minutes(1));
  expect(first.ids.toSorted()).toEqual(forms.map((_, index) => `old-${index}`).toSorted());
  await insert(forms.map((form, index) => ({ _id: `new-${index}`, timestamp: form(minutes(10)) })));
  await insert([{ _id: "new-ended", ended_at: minutes(10) }]);
  const second = await readOn(source, first.mark, minutes(11));
  expect(second.ids.filter((id) => id.startsWith("new")).toSorted()).toEqual(
    ["new-ended", ...forms.map((_, index) => `new-${index}`)].toSorted(),
  );
  expect([cursorInstant(first.mark), cursorInstant(second.mark)]).toEqual([morning, minutes(10)]);
});

test.each(forms.map((form, index) => [index, form] as const))(
  "advance, a record dated next year in form %i, does not carry the watermark past now",
  async (_index, form) => {
    await insert([morning, new Date("2027-01-05T10:00:00Z")].map((at, index) => ({ _id: `r${index}`, timestamp: form(at) })));
    const source = open();
    const { mark } = await readOn(source, undefined, minutes(1));
    expect(cursorInstant(mark)).toEqual(morning);
    expect(cursorInstant(await source.lastPlace(minutes(1), signal))).toEqual(morning);
    await insert([{ _id: "later", timestamp: form(minutes(60)) }]);
    expect((await readOn(source, mark, minutes(61))).ids).toContain("later");
  },
);

test("changedAfter, 600 timestamps of BSON, reads each once and ends", async () => {
  await insert(
    Array.from({ length: 600 }, (_, index) => ({ _id: `r${index}`, timestamp: new Timestamp({ t: 1_795_900_000 + index * 10, i: 1 }) })),
  );
  const { ids, mark } = await readOn(open(), undefined, morning, 512);
  expect([ids.length, new Set(ids).size]).toEqual([600, 600]);
  expect(cursorInstant(mark)).toEqual(new Date((1_795_900_000 + 5_990) * 1_000));
});

test("changedAfter, a page of times in lists of objects, ends with an error that names the field", async () => {
  await insert(Array.from({ length: 520 }, (_, index) => ({ _id: index, runs: [{ at: morning }] })));
  await expect(readOn(open({ timestamp: "runs.at" }), undefined, morning, 512)).rejects.toThrow(/^runs\.at: reading on does not advance/);
});

test("changedAfter, many records without a time, are read in turns, a bounded number in each pull", async () => {
  await insert(Array.from({ length: 6_000 }, (_, index) => ({ _id: index, pipeline_name: "a" })));
  const source = open();
  const first = await readOn(source, undefined, morning, 512);
  const second = await readOn(source, first.mark, morning, 512);
  const third = await readOn(source, second.mark, morning, 512);
  expect([first.ids.length, second.ids.length, third.ids.length]).toEqual([5_120, 880, 5_120]);
  expect(new Set([...first.ids, ...second.ids]).size).toBe(6_000);
});

test("changedAfter, many records ahead of the clock, reads all of them once, then a bounded number in each pull, and all of the past", async () => {
  const ahead = Array.from({ length: 7_000 }, (_, index) => ({
    _id: index,
    timestamp: new Date(morning.getTime() + (index + 1) * 60_000),
  }));
  await insert([...ahead, { _id: "past", timestamp: minutes(0) }]);
  const source = open();
  const first = await readOn(source, undefined, morning, 512);
  expect(first.ids).toHaveLength(7_001);
  await insert([
    { _id: "late", timestamp: minutes(1) },
    { _id: "text", timestamp: minutes(1).toISOString() },
    { _id: "text ahead", timestamp: "2027-01-01T00:00:00Z" },
  ]);
  const second = await readOn(source, first.mark, morning, 512);
  expect(second.ids).toEqual(expect.arrayContaining(["late", "text", "text ahead", "~n:0", "~n:5000"]));
  expect(second.ids.length).toBeLessThan(5_120 + 2 * 512);
  const later = new Date(morning.getTime() + 6_500 * 60_000);
  expect((await readOn(source, second.mark, later, 512)).ids).toContain("~n:6999");
}, 60_000);

test("changedAfter, from a rewound place, reads the overlap again", async () => {
  await insert([0, 10, 20, 30].map((n) => ({ _id: `m${n}`, timestamp: minutes(n) })));
  const source = open();
  const place = source.rewind({ places: { date: { at: minutes(30), id: "m30" } } }, 15 * 60_000, morning);
  expect((await source.changedAfter(place, 10, signal)).records.map(({ recordId }) => recordId)).toEqual(["m20", "m30"]);
});

const oddIds: readonly [string, unknown][] = [
  ["a text of 1,100 characters", `s3://landing/${"day=2026-11-29/".repeat(80)}part-0.csv`],
  ["another with the same beginning", `s3://landing/${"day=2026-11-29/".repeat(80)}part-1.csv`],
  ["a text of 600 letters that take two bytes", "é".repeat(600)],
  ["a text of emoji", "🐘".repeat(500)],
  ["an empty text", ""],
  ["a NUL character", "a\u0000b"],
  ["an object", { pipeline: "orders", day: 3 }],
  ["a large object", { text: "x".repeat(2_000) }],
  ["an object that names a type", { _bsontype: "ObjectId", id: "nonsense" }],
  ["an object that looks like extended JSON", { $date: "never" }],
  ["a binary", new Binary(Buffer.alloc(20, 7))],
  ["a large binary", new Binary(Buffer.alloc(3_000, 7))],
  ["a date that is none", new Date(NaN)],
  ["not a number", NaN],
  ["true", true],
  ["a decimal", Decimal128.fromString("1.50")],
  ["nothing", null],
  ["the least key", new MinKey()],
  ["the greatest key", new MaxKey()],
  ["a timestamp", new Timestamp({ t: 7, i: 1 })],
];

test("all and find, ids of odd kinds, gives each once under an id of at most 1,024 bytes, by which it is found again", async () => {
  for (const [name, _id] of oddIds) await insert([{ _id, pipeline_name: name }]).catch(() => undefined); // not every server takes every id
  const stored = await world.source.collection("runs").countDocuments();
  expect(stored).toBeGreaterThanOrEqual(oddIds.length - 4);
  const source = open();
  const ids = await readAll((after: { id: unknown } | undefined) => source.all(after, 2, signal));
  expect([ids.length, new Set(ids).size]).toEqual([stored, stored]);
  expect(ids.filter((id) => Buffer.byteLength(id) > 1_024)).toEqual([]);
  expect((await source.find(ids, signal)).map(({ recordId }) => recordId).toSorted()).toEqual(ids.toSorted());
  expect(await source.existing(ids, signal)).toEqual(new Set(ids));
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

test("changedAfter, an aborted signal, rejects", async () => {
  await expect(open().changedAfter(undefined, 2, AbortSignal.abort(new Error("stop")))).rejects.toThrow();
});
