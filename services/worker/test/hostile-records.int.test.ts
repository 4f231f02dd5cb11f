import { createHarness, type Harness } from "@flow-rag/testing";
import fc from "fast-check";
import { Binary, Code, Decimal128, Long, MaxKey, MinKey, ObjectId, Timestamp, type Document } from "mongodb";
import { createWorld } from "./ingestion-world.js";

const now = new Date("2026-05-06T08:00:00Z");
let world: Harness;
beforeAll(async () => (world = await createHarness()));
afterAll(async () => expect(await world.lifecycle.close()).toBe(true));

const nested = (depth: number): unknown => Array.from({ length: depth }).reduce<unknown>((inner) => ({ inner }), "deep");

/** Values as nobody means them to stand in any field. */
const oddValue = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    "",
    "  ",
    "\u0000",
    "a\u0000b",
    "\ufffd\ufffd",
    "𝕬\u202e\u200b",
    "x".repeat(100_000),
    "é ".repeat(20_000),
    "\u001b[31mred",
    "29/11/2026",
    "2026-99-99",
    "2026 soon",
    "1e400",
    NaN,
    Infinity,
    -Infinity,
    -0,
    1e308,
    Number.MAX_SAFE_INTEGER,
    true,
    new Date(NaN),
    new Date(8.64e15),
    new Date(-1),
    new Date("2099-01-01"),
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Decimal128.fromString("NaN"),
    Decimal128.fromString("9.99E+6144"),
    new Timestamp({ t: 0xffffffff, i: 1 }),
    new Timestamp({ t: 1_778_000_000, i: 1 }),
    new ObjectId("ffffffffffffffffffffffff"),
    new Binary(Buffer.alloc(10_000, 255)),
    new Code("while(true){}"),
    /(a+)+$/i,
    new MinKey(),
    new MaxKey(),
    [],
    [[[]]],
    [null, NaN],
    {},
    { message: nested(5) },
    { $date: "never" },
    { $numberLong: "x" },
    { _bsontype: null },
    { length: -1 },
    { toString: "none", valueOf: 7 },
    nested(80),
  ),
  fc.constant(JSON.parse('{"__proto__": {"ok": true}, "constructor": 1}') as unknown),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.double(),
);
const fieldNames = ["pipeline_name", "tech", "status", "error_message", "timestamp", "duration_ms", "started_at", "ended_at"];
const moreNames = ["run_id", "environment", "owner", "updated_at", "records_processed"];
/** Names that mean something to a driver, a database or the language. */
const reservedNames = ["_bsontype", "toBSON", "$where", "$date", "a.b", "__proto__", "constructor", "toString", "hasOwnProperty"];
const oddId = fc.oneof(
  fc.integer().map((n) => `odd-${n}`),
  fc.constantFrom<unknown>(
    "p/".repeat(700),
    "é".repeat(900),
    "",
    "a\u0000b",
    "~e:{",
    "~h:x",
    NaN,
    null,
    true,
    { a: nested(10) },
    { b: "x".repeat(3_000) },
  ),
  fc.nat(1_000_000).map((n) => new Timestamp({ t: n, i: 1 })),
  fc.nat(1_000_000).map((n) => ({ _bsontype: "ObjectId", n })),
);
const oddRecord: fc.Arbitrary<Document> = fc
  .tuple(oddId, fc.dictionary(fc.constantFrom(...fieldNames, ...moreNames, ...reservedNames), oddValue), fc.boolean())
  .map(([_id, fields, dated]) => ({ ...(dated && { timestamp: now, pipeline_name: "odd" }), ...fields, _id }));

const good = (index: number): Document => ({
  _id: index,
  pipeline_name: `orders-${index % 7}`,
  status: index % 5 === 0 ? "KO" : "OK",
  error_message: index % 5 === 0 ? "disk full" : null,
  timestamp: [
    new Date(now.getTime() - index * 60_000),
    new Date(now.getTime() - index * 60_000).toISOString(),
    now.getTime() - index * 60_000,
  ][index % 3],
});

test("ingestion, hostile records among good ones, indexes every good one, and each odd one is a run or set aside with a reason", async () => {
  let turn = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(oddRecord, { minLength: 20, maxLength: 40 }), fc.boolean(), async (odd, everything) => {
      const ingestion = createWorld(world, `hostile-${(turn += 1)}`, () => now);
      const { anyRows, runs, deadLetters } = ingestion;
      try {
        const goods = Array.from({ length: 60 }, (_, index) => good(index));
        await anyRows.insertMany(goods);
        for (const record of odd) await anyRows.insertOne(record).catch(() => undefined); // an id that was drawn twice, or that no server takes
        const total = await anyRows.countDocuments();
        await ingestion.pull(everything ? "everything" : "changes");
        await ingestion.drain();
        const indexed = await runs.countDocuments({ recordId: /^~n:\d+$/, pipeline: /^orders-/ });
        expect(indexed).toBe(goods.length);
        await ingestion.reconcile(); // what has no time and no lane is looked for every night
        await ingestion.drain();
        const reasons = (await deadLetters.find().toArray()).map(({ reason }) => reason as string);
        expect(reasons.filter((reason) => typeof reason !== "string" || reason === "")).toEqual([]);
        expect((await runs.countDocuments()) + reasons.length).toBe(total);
        expect(await ingestion.compare()).toMatchObject({ inSync: true, source: total, missing: 0, extra: 0, stale: 0 });
      } finally {
        await ingestion.drop();
      }
    }),
    { numRuns: 6 },
  );
}, 120_000);
