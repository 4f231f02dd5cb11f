import { Binary, BSONRegExp, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp, UUID, type Document } from "mongodb";
import { codeOf, openThings } from "./mongo-under-test.js";

const world = openThings();

/** Inserts documents numbered from 0 and gives the numbers of those that match. */
async function matching(documents: readonly Document[], filter: Document): Promise<unknown[]> {
  const rows: Document[] = documents.map((document, _id) => ({ _id, ...document }));
  await world.things.insertMany(rows);
  return (await world.things.find(filter).sort({ _id: 1 }).toArray()).map(({ _id }) => _id as unknown);
}

const id = new ObjectId("64b000000000000000000005");
const arrays = [{ a: [1, 5] }, { a: [] }, { a: [[1, 5]] }, { a: 1 }, {}, { a: [{ b: 1 }, { b: 2, c: 3 }] }];
const nulls = [{ a: null }, {}, { a: 0 }, { a: [null] }, { a: [] }, { a: { b: null } }, { a: [{ b: 1 }, {}] }, { a: 4 }, { a: [1] }];
const numbers = [{ a: new Int32(5) }, { a: new Double(5) }, { a: Long.fromNumber(5) }, { a: Decimal128.fromString("5.0") }, { a: "5" }];
const mixed = [{ a: 1 }, { a: "x" }, { a: null }, { a: new Date(5) }, { a: true }, { a: id }, { a: NaN }, {}];

test.each<[string, readonly Document[], Document, number[]]>([
  ["equality reaches into arrays", arrays, { a: 1 }, [0, 3]],
  ["equality with an array", arrays, { a: [1, 5] }, [0, 2]],
  ["$size", arrays, { a: { $size: 2 } }, [0, 5]],
  ["$elemMatch on values", arrays, { a: { $elemMatch: { $gt: 2, $lt: 9 } } }, [0]],
  ["$elemMatch on objects", arrays, { a: { $elemMatch: { b: 2, c: 3 } } }, [5]],
  ["conditions may meet different elements", arrays, { "a.b": 1, "a.c": 3 }, [5]],
  ["an index in the path", arrays, { "a.1": 5 }, [0]],
  ["$all", arrays, { a: { $all: [5, 1] } }, [0]],
  ["$nin", arrays, { a: { $nin: [1] } }, [1, 2, 4, 5]],
  ["null equals missing", nulls, { a: null }, [0, 1, 3]],
  ["null below a field", nulls, { "a.b": null }, [0, 1, 2, 5, 6, 7]],
  ["$ne null", nulls, { a: { $ne: null } }, [2, 4, 5, 6, 7, 8]],
  ["$exists", nulls, { a: { $exists: false } }, [1]],
  ["$exists below a field", nulls, { "a.b": { $exists: true } }, [5, 6]],
  ["$in with null", nulls, { a: { $in: [null, 4] } }, [0, 1, 3, 7]],
  ["$gte null", nulls, { a: { $gte: null } }, [0, 1, 3]],
  ["number types are equal", numbers, { a: 5 }, [0, 1, 2, 3]],
  ["$in over number types", numbers, { a: { $in: [Decimal128.fromString("5")] } }, [0, 1, 2, 3]],
  ["$type tells number types apart", numbers, { a: { $type: "int" } }, [0]],
  ["$type with several names", numbers, { a: { $type: ["double", "string"] } }, [1, 4]],
  ["$type number", numbers, { a: { $type: "number" } }, [0, 1, 2, 3]],
  ["$gt compares within a type", mixed, { a: { $gt: 0 } }, [0]],
  ["$lt compares within a type", mixed, { a: { $lt: new Date(9) } }, [3]],
  ["$gte ObjectId", mixed, { a: { $gte: new ObjectId("64b000000000000000000001") } }, [5]],
  ["equality with ObjectId", mixed, { a: id }, [5]],
  ["NaN equals itself", mixed, { a: NaN }, [6]],
  ["$not includes missing", mixed, { a: { $not: { $gt: 0 } } }, [1, 2, 3, 4, 5, 6, 7]],
  ["$regex", mixed, { a: /^X$/i }, [1]],
  ["$mod", [{ a: 4 }, { a: 5 }, { a: "4" }], { a: { $mod: [2, 0] } }, [0]],
  ["fields of an object count in order", [{ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }], { a: { x: 1, y: 2 } }, [0]],
  ["$or, $and and $nor", [{ a: 1 }, { a: 2 }, { a: 3 }], { $or: [{ a: 1 }, { $and: [{ a: 2 }] }], $nor: [{ a: 1 }] }, [1]],
  [
    "$expr",
    [
      { a: 1, b: 2 },
      { a: 2, b: 1 },
    ],
    { $expr: { $gt: ["$a", "$b"] } },
    [1],
  ],
  ["$ before a final newline", [{ a: "x\n" }, { a: "x\ny" }], { a: { $regex: "x$" } }, [0]],
])("find, %s, finds these", async (_name, documents, filter, expected) => {
  expect(await matching(documents, filter)).toEqual(expected);
});

test.each([
  ["an unknown operator", { a: { $nope: 1 } }],
  ["an unknown top level operator", { $nope: [] }],
  ["an empty $or", { $or: [] }],
  ["$in without an array", { a: { $in: 1 } }],
])("find, %s, is BadValue", async (_name, filter) => {
  expect(await codeOf(world.things.find(filter).toArray())).toBe(2);
});

const values: unknown[] = [
  new MinKey(),
  null,
  NaN,
  -1.5,
  new Int32(0),
  Long.fromString("9007199254740993"),
  Decimal128.fromString("1E+30"),
  "",
  "a",
  "b",
  {},
  { a: 1 },
  { a: 2 },
  { b: 0 },
  new Binary(Buffer.from([1])),
  new Binary(Buffer.from([1, 2])),
  id,
  false,
  true,
  new Date(-1),
  new Date(1),
  Timestamp.fromBits(1, 1),
  new BSONRegExp("a"),
  new MaxKey(),
];

test.each([1, -1] as const)("sort, values of all types in direction %i, follows the BSON order", async (direction) => {
  const rows: Document[] = values.map((a, _id) => ({ _id, a }));
  await world.things.insertMany([...rows].sort((x, y) => ((Number(x["_id"]) * 7) % 24) - ((Number(y["_id"]) * 7) % 24)));
  const order = async () => (await world.things.find().sort({ a: direction, _id: direction }).toArray()).map(({ _id }) => _id as unknown);
  const expected = values.map((_, index) => index);
  expect(await order()).toEqual(direction === 1 ? expected : expected.toReversed());
  await world.things.createIndex({ a: 1, _id: 1 });
  expect(await order()).toEqual(direction === 1 ? expected : expected.toReversed());
});

test("sort, arrays and missing fields, takes the least or the greatest element", async () => {
  await world.things.insertMany([{ _id: 0, a: [1, 9] }, { _id: 1, a: 5 }, { _id: 2 }, { _id: 3, a: [] }] as Document[]);
  const by = async (direction: 1 | -1) => (await world.things.find().sort({ a: direction }).toArray()).map(({ _id }) => _id as unknown);
  expect([await by(1), await by(-1)]).toEqual([
    [3, 2, 0, 1],
    [0, 1, 2, 3],
  ]);
});

test("types, everything BSON has, survives a round trip", async () => {
  const document = {
    _id: id,
    int: new Int32(1),
    double: new Double(1),
    long: Long.fromString("9007199254740993"),
    decimal: Decimal128.fromString("1.10"),
    binary: new Binary(Buffer.from("abc")),
    uuid: new UUID(),
    date: new Date(),
    null: null,
    nested: { list: [new Int32(1), new Double(2), { deep: null }], empty: {} },
    regex: new BSONRegExp("a+", "i"),
    timestamp: Timestamp.fromBits(3, 4),
    min: new MinKey(),
    max: new MaxKey(),
  };
  await world.things.insertOne(document);
  const options = { promoteValues: false, promoteBuffers: false, bsonRegExp: true };
  expect(await world.things.findOne({ _id: id }, options)).toEqual(document);
  expect(await world.things.findOne({}, { ...options, projection: { double: 1, nested: 1, _id: 0 } })).toEqual({
    double: document.double,
    nested: document.nested,
  });
  await world.things.updateOne({}, { $set: { added: true } });
  expect(await world.things.findOne({}, options)).toEqual({ ...document, added: true });
});

test.each<[string, Document, Document]>([
  ["included", { a: 1, "b.c": 1 }, { _id: 0, a: 1, b: { c: 2 } }],
  ["excluded", { _id: 0, list: 0, "b.c": 0 }, { a: 1, b: { d: 3 }, items: [{ k: 1 }, { k: 2, x: 1 }] }],
  ["without id", { _id: 0, a: 1 }, { a: 1 }],
  ["in an array", { _id: 0, "items.k": 1 }, { items: [{ k: 1 }, { k: 2 }] }],
  ["$slice", { _id: 0, a: 1, list: { $slice: -2 } }, { a: 1, list: [2, 3] }],
  ["$elemMatch", { _id: 0, items: { $elemMatch: { k: 2 } } }, { items: [{ k: 2, x: 1 }] }],
  ["computed", { _id: 0, sum: { $add: ["$a", "$b.c"] } }, { sum: 3 }],
])("projection, %s, gives these fields", async (_name, projection, expected) => {
  await world.things.insertOne({ _id: 0, a: 1, b: { c: 2, d: 3 }, list: [1, 2, 3], items: [{ k: 1 }, { k: 2, x: 1 }] } as Document);
  expect(await world.things.findOne({}, { projection })).toEqual(expected);
});

test("projection, fields taken and left out at once, is an error", async () => {
  expect(await codeOf(world.things.findOne({}, { projection: { a: 1, b: 0 } }))).toBeGreaterThan(0);
});

test("cursor, several batches, gives every document once", async () => {
  const rows: Document[] = Array.from({ length: 1000 }, (_, _id) => ({ _id }));
  await world.things.insertMany(rows);
  const found = await world.things.find().batchSize(7).toArray();
  expect(found.map(({ _id }) => _id as unknown)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  expect(await world.things.find().skip(990).limit(20).toArray()).toHaveLength(10);
});

test("cursor, killed, is not found any more", async () => {
  await world.things.insertMany(Array.from({ length: 10 }, () => ({})));
  const find = async () =>
    (await world.db.command({ find: world.things.collectionName, batchSize: 2 }, { promoteLongs: false }))["cursor"] as {
      id: Long; // a server wants a long back, also for an id that would fit a double
      firstBatch: Document[];
    };
  const cursor = await find();
  expect(cursor.firstBatch).toHaveLength(2);
  const killed = await world.db.command({ killCursors: world.things.collectionName, cursors: [cursor.id] });
  expect((killed["cursorsKilled"] as unknown[]).map(String)).toEqual([String(cursor.id)]);
  expect(await codeOf(world.db.command({ getMore: cursor.id, collection: world.things.collectionName }))).toBe(43);
});

test("count and distinct, with filter, skip and limit, are exact", async () => {
  await world.things.insertMany([{ a: 1, t: ["x", "y"] }, { a: 1, t: "y" }, { a: 2 }, { a: 3, t: null }]);
  expect(await world.things.countDocuments({ a: 1 })).toBe(2);
  expect(await world.things.countDocuments({}, { skip: 1, limit: 2 })).toBe(2);
  expect(await world.things.estimatedDocumentCount()).toBe(4);
  expect(await world.things.distinct("t")).toEqual([null, "x", "y"]);
  expect(await world.things.distinct("a", { t: "y" })).toEqual([1]);
});

test("commands, one that nobody knows, is CommandNotFound", async () => {
  expect(await codeOf(world.db.command({ nope: 1 }))).toBe(59);
});

test("transactions, on a standalone server, are refused", async () => {
  const session = world.client.startSession();
  session.startTransaction();
  // The driver knows the server's answer (code 20) and gives it this name.
  await expect(world.things.insertOne({}, { session })).rejects.toThrow("does not support retryable writes");
  await session.endSession();
});

test("buildInfo, asked by a client, has a version it can read", async () => {
  const { version, versionArray } = await world.db.admin().buildInfo();
  expect([/^\d+\.\d+\.\d+/.test(String(version)), Array.isArray(versionArray)]).toEqual([true, true]);
});
