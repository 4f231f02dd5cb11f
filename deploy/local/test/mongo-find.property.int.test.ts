import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { MongoClient, type Collection, type Document } from "mongodb";
import { openMongo } from "./mongo-under-test.js";

let mongo: Awaited<ReturnType<typeof openMongo>>;
let client: MongoClient;
let things: Collection<Document>;

beforeAll(async () => {
  mongo = await openMongo(process.env["TEST_MONGO_URI"]);
  client = await new MongoClient(mongo.uri).connect();
  things = client.db(`test-${randomUUID()}`).collection("things");
});
afterAll(async () => {
  await client.db(things.dbName).dropDatabase();
  await client.close();
  await mongo.close();
});

type Value = number | string | null | undefined;
type Row = { _id: number; a: Value; b: Value };
type Bounds = { gt: Value; gte: Value; lt: Value; lte: Value; eq: Value; in: Value[] | undefined };

const value = fc.oneof(fc.integer({ min: -3, max: 6 }), fc.constantFrom("x", "y", ""), fc.constant(null));
const stored = fc.oneof(value, fc.constant(undefined));
const rows = fc.array(fc.record({ a: stored, b: stored }), { maxLength: 25 }).map((list) => list.map((row, _id): Row => ({ _id, ...row })));
const some = fc.option(value, { nil: undefined, freq: 2 });
const bounds = fc.record({
  gt: some,
  gte: some,
  lt: some,
  lte: some,
  eq: fc.option(value, { nil: undefined, freq: 4 }),
  in: fc.option(fc.array(value), { nil: undefined, freq: 5 }),
});
const direction = fc.constantFrom<1 | -1>(1, -1);
const page = fc.record({ skip: fc.nat(4), limit: fc.nat(9), a: direction, b: direction });

const rank = (item: Value): number => (typeof item === "number" ? 2 : typeof item === "string" ? 3 : 1);
const compare = (x: Value, y: Value): number =>
  rank(x) - rank(y) || (rank(x) === 1 || x === y ? 0 : (x as number) < (y as number) ? -1 : 1);

/** What each condition means, said once more without any index or query plan. */
function holds(item: Value, { gt, gte, lt, lte, eq, in: list }: Bounds): boolean {
  const related = (bound: Value, test: (order: number) => boolean) =>
    bound === undefined || (rank(item) === rank(bound) && test(compare(item, bound)));
  const strict = (bound: Value, test: (order: number) => boolean) => related(bound, test) && bound !== null;
  return (
    strict(gt, (order) => order > 0) &&
    related(gte, (order) => order >= 0) &&
    strict(lt, (order) => order < 0) &&
    related(lte, (order) => order <= 0) &&
    related(eq, (order) => order === 0) &&
    (list === undefined || list.some((bound) => compare(item, bound) === 0))
  );
}

const toFilter = (conditions: Bounds): Document =>
  Object.fromEntries(Object.entries(conditions).flatMap(([name, bound]) => (bound === undefined ? [] : [[`$${name}`, bound]])));
const present = (document: Row): Document => Object.fromEntries(Object.entries(document).filter(([, item]) => item !== undefined));

test("find, any rows, conditions, indexes and pages, agrees with a plain filter and sort", async () => {
  const indexes = fc.subarray([{ a: 1 }, { a: 1, b: -1 }, { b: 1, _id: 1 }, { a: -1, _id: 1 }] as Document[]);
  await fc.assert(
    fc.asyncProperty(rows, bounds, bounds, bounds, page, indexes, async (list, onA, orA, onB, { skip, limit, a, b }, keys) => {
      await things.drop();
      if (list.length > 0) await things.insertMany(list.map(present));
      for (const key of keys) await things.createIndex(key);
      const parts = [...[toFilter(onB)].filter((part) => Object.keys(part).length > 0).map((part) => ({ b: part }))];
      const either = [toFilter(onA), toFilter(orA)].map((part) => (Object.keys(part).length > 0 ? { a: part } : {}));
      const found = await things
        .find({ $and: [{ $or: either }, ...parts] })
        .sort({ a, b, _id: 1 })
        .skip(skip)
        .limit(limit)
        .toArray();
      const expected = list
        .filter((row) => (holds(row.a, onA) || holds(row.a, orA)) && holds(row.b, onB))
        .sort((x, y) => compare(x.a, y.a) * a || compare(x.b, y.b) * b || x._id - y._id)
        .slice(skip, limit === 0 ? undefined : skip + limit);
      expect(found).toEqual(expected.map(present));
    }),
    { numRuns: 300 },
  );
}, 60_000);

test("update and delete, any sequence, keeps indexes and documents in step", async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("set" as const), id: fc.nat(9), a: value }),
    fc.record({ kind: fc.constant("delete" as const), id: fc.nat(9), a: value }),
    fc.record({ kind: fc.constant("find" as const), id: fc.nat(9), a: value }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      await things.drop();
      await things.createIndex({ a: 1, _id: 1 });
      const model = new Map<number, Value>();
      for (const { kind, id, a } of steps) {
        if (kind === "set") {
          model.set(id, a);
          await things.updateOne({ _id: id } as Document, { $set: { a } }, { upsert: true });
        } else if (kind === "delete") {
          model.delete(id);
          await things.deleteOne({ _id: id } as Document);
        } else {
          const expected = [...model]
            .filter(([, item]) => rank(item) === rank(a) && compare(item, a) >= 0)
            .sort((x, y) => compare(x[1], y[1]) || x[0] - y[0]);
          const found = await things
            .find({ a: { $gte: a } })
            .sort({ a: 1, _id: 1 })
            .toArray();
          expect(found.map((row) => [row._id as unknown, row["a"] as unknown])).toEqual(expected);
        }
      }
    }),
    { numRuns: 100 },
  );
}, 60_000);
