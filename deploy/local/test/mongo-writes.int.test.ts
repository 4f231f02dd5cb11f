import { randomUUID } from "node:crypto";
import { Double, Int32, Long, type MongoBulkWriteError, MongoServerError, type Document } from "mongodb";
import { openThings } from "./mongo-under-test.js";

const world = openThings();

const failure = async (work: Promise<unknown>): Promise<MongoServerError> => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof MongoServerError)) throw new Error(`expected a server error, got ${String(error)}`);
  return error;
};

test("insert, a document without an id, gets an ObjectId as its first field", async () => {
  await world.things.insertOne({ a: 1 });
  const stored = await world.things.findOne();
  expect(Object.keys(stored ?? {})).toEqual(["_id", "a"]);
  expect(stored?._id).toHaveProperty("_bsontype", "ObjectId");
});

test("insert, ordered and unordered with a duplicate, stops or goes on", async () => {
  const rows = [{ _id: 1 }, { _id: 1 }, { _id: 2 }] as Document[];
  const ordered = (await failure(world.things.insertMany(rows))) as MongoBulkWriteError;
  expect([ordered.code, ordered.insertedCount]).toEqual([11000, 1]);
  await world.things.deleteMany({});
  const unordered = (await failure(world.things.insertMany(rows, { ordered: false }))) as MongoBulkWriteError;
  expect([unordered.code, unordered.insertedCount]).toEqual([11000, 2]);
  expect([unordered.writeErrors].flat()[0]?.index).toBe(1);
});

test.each<[string, Document, Document, Document]>([
  ["$set makes a path", { a: 1 }, { $set: { "b.c": 2 } }, { a: 1, b: { c: 2 } }],
  ["$set in an array", { a: [1, 2] }, { $set: { "a.1": 5 } }, { a: [1, 5] }],
  ["$set beyond an array", { a: [1] }, { $set: { "a.3": 5 } }, { a: [1, null, null, 5] }],
  ["$unset", { a: 1, b: { c: 1, d: 2 } }, { $unset: { a: "", "b.c": "", "x.y": "" } }, { b: { d: 2 } }],
  ["$unset in an array", { a: [1, 2] }, { $unset: { "a.0": "" } }, { a: [null, 2] }],
  ["$inc and $mul", { a: 1, b: 3 }, { $inc: { a: 2, n: 1 }, $mul: { b: 2, m: 5 } }, { a: 3, b: 6, n: 1, m: 0 }],
  ["$min and $max", { a: 5, b: 5 }, { $min: { a: 3, c: 1 }, $max: { b: 9 } }, { a: 3, b: 9, c: 1 }],
  ["$push", { a: [1] }, { $push: { a: 2, b: 1 } }, { a: [1, 2], b: [1] }],
  ["$push with its modifiers", { a: [5, 1] }, { $push: { a: { $each: [3, 9], $sort: -1, $slice: 3 } } }, { a: [9, 5, 3] }],
  ["$push at a position", { a: [1, 4] }, { $push: { a: { $each: [2, 3], $position: 1 } } }, { a: [1, 2, 3, 4] }],
  ["$addToSet", { a: [1, { b: 1 }] }, { $addToSet: { a: { $each: [1, 2, { b: 1 }] } } }, { a: [1, { b: 1 }, 2] }],
  ["$pull by condition", { a: [1, 5, 8] }, { $pull: { a: { $gte: 5 } } }, { a: [1] }],
  ["$pull by fields", { a: [{ k: 1, v: 1 }, { k: 2 }] }, { $pull: { a: { k: 1 } } }, { a: [{ k: 2 }] }],
  ["$pullAll", { a: [1, 2, 1, 3] }, { $pullAll: { a: [1, 3] } }, { a: [2] }],
  ["$pop", { a: [1, 2, 3], b: [1, 2] }, { $pop: { a: 1, b: -1 } }, { a: [1, 2], b: [2] }],
  ["$rename", { a: 1 }, { $rename: { a: "b" } }, { b: 1 }],
  ["$setOnInsert of a document that exists", { a: 1 }, { $setOnInsert: { b: 1 }, $set: { a: 2 } }, { a: 2 }],
  ["every element", { a: [1, 2] }, { $inc: { "a.$[]": 10 } }, { a: [11, 12] }],
  ["a pipeline", { a: 2 }, [{ $set: { b: { $multiply: ["$a", 3] } } }, { $unset: "a" }], { b: 6 }],
])("update, %s, changes the document so", async (_name, before, update, after) => {
  await world.things.insertOne({ _id: 1, ...before } as Document);
  await world.things.updateOne({ _id: 1 } as Document, update);
  expect(await world.things.findOne()).toEqual({ _id: 1, ...after });
});

test("update, array filters, changes the elements that match", async () => {
  await world.things.insertOne({
    a: [
      { s: "x", n: 1 },
      { s: "y", n: 1 },
    ],
  });
  await world.things.updateOne({}, { $set: { "a.$[e].n": 9 } }, { arrayFilters: [{ "e.s": "y" }] });
  expect((await world.things.findOne())?.["a"]).toEqual([
    { s: "x", n: 1 },
    { s: "y", n: 9 },
  ]);
});

test.each<[string, Document, Document, number]>([
  ["an unknown operator", {}, { $nope: { a: 1 } }, 9],
  ["$inc of a text", { a: "x" }, { $inc: { a: 1 } }, 14],
  ["$push to a number", { a: 1 }, { $push: { a: 1 } }, 2],
  ["a path through a number", { a: 1 }, { $set: { "a.b": 1 } }, 28],
  ["another id", {}, { $set: { _id: 2 } }, 66],
  ["two changes of one path", {}, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
])("update, %s, is an error", async (_name, before, update, code) => {
  await world.things.insertOne({ _id: 1, ...before } as Document);
  expect((await failure(world.things.updateOne({ _id: 1 } as Document, update))).code).toBe(code);
});

test("update, nothing changes, is matched and not modified", async () => {
  await world.things.insertMany([{ a: 1 }, { a: 1 }, { a: 2 }]);
  expect(await world.things.updateMany({ a: 1 }, { $set: { a: 1 } })).toMatchObject({ matchedCount: 2, modifiedCount: 0 });
  expect(await world.things.updateMany({ a: 1 }, { $set: { a: 3 } })).toMatchObject({ matchedCount: 2, modifiedCount: 2 });
});

test("update, upsert without a match, starts from what the filter pins", async () => {
  const filter = { _id: "k", "a.b": 1, c: { $eq: 2 }, d: { $gt: 5 } } as Document;
  const result = await world.things.updateOne(filter, { $set: { x: 1 }, $setOnInsert: { y: 2 } }, { upsert: true });
  expect(result).toMatchObject({ upsertedCount: 1, upsertedId: "k", matchedCount: 0 });
  expect(await world.things.findOne()).toEqual({ _id: "k", a: { b: 1 }, c: 2, x: 1, y: 2 });
});

test("update, integer arithmetic, keeps and widens types", async () => {
  await world.things.insertOne({ i: new Int32(2 ** 31 - 1), d: new Double(1), l: Long.fromString("9007199254740993") });
  await world.things.updateOne({}, { $inc: { i: 1, d: 1, l: 1 } });
  const stored = await world.things.findOne({}, { promoteValues: false });
  expect(stored).toMatchObject({ i: { _bsontype: "Long" }, d: { _bsontype: "Double" }, l: { _bsontype: "Long" } });
  expect([String(stored?.["i"]), String(stored?.["d"]), String(stored?.["l"])]).toEqual(["2147483648", "2", "9007199254740994"]);
});

test("replace, with and without a match, keeps the id", async () => {
  await world.things.insertOne({ _id: 1, a: 1 } as Document);
  await world.things.replaceOne({ a: 1 }, { b: 2 });
  expect(await world.things.findOne()).toEqual({ _id: 1, b: 2 });
  await world.things.replaceOne({ _id: 2 } as Document, { c: 3 }, { upsert: true });
  expect(await world.things.findOne({ c: 3 })).toEqual({ _id: 2, c: 3 });
});

test("bulkWrite, mixed operations, counts each kind", async () => {
  const result = await world.things.bulkWrite([
    { insertOne: { document: { _id: 1, a: 1 } as Document } },
    { updateOne: { filter: { _id: 1 } as Document, update: { $set: { a: 2 } } } },
    { updateOne: { filter: { _id: 2 } as Document, update: { $set: { a: 2 } }, upsert: true } },
    { deleteOne: { filter: { _id: 1 } as Document } },
  ]);
  expect(result).toMatchObject({ insertedCount: 1, modifiedCount: 1, upsertedCount: 1, deletedCount: 1 });
  expect(await world.things.find().toArray()).toEqual([{ _id: 2, a: 2 }]);
});

test("delete, one and many, says how many", async () => {
  await world.things.insertMany([{ a: 1 }, { a: 1 }, { a: 1 }, { a: 2 }]);
  expect((await world.things.deleteOne({ a: 1 })).deletedCount).toBe(1);
  expect((await world.things.deleteMany({ a: 1 })).deletedCount).toBe(2);
  expect(await world.things.countDocuments()).toBe(1);
});

test("findOneAndUpdate, before, after, sorted and upserted, gives the right document", async () => {
  await world.things.insertMany([
    { _id: 1, n: 1 },
    { _id: 2, n: 2 },
  ] as Document[]);
  const bump = { $inc: { n: 10 } };
  expect(await world.things.findOneAndUpdate({}, bump, { sort: { n: -1 } })).toEqual({ _id: 2, n: 2 });
  expect(await world.things.findOneAndUpdate({ _id: 2 } as Document, bump, { returnDocument: "after", projection: { _id: 0 } })).toEqual({
    n: 22,
  });
  expect(await world.things.findOneAndUpdate({ _id: 9 } as Document, bump)).toBeNull();
  expect(await world.things.findOneAndUpdate({ _id: 9 } as Document, bump, { upsert: true, returnDocument: "after" })).toEqual({
    _id: 9,
    n: 10,
  });
  expect(await world.things.findOneAndDelete({ _id: 1 } as Document)).toEqual({ _id: 1, n: 1 });
  expect(await world.things.findOneAndReplace({ _id: 9 } as Document, { z: 1 }, { returnDocument: "after" })).toEqual({ _id: 9, z: 1 });
});

test("unique index, insert, update and findAndModify, refuse a duplicate and name it", async () => {
  await world.things.createIndex({ a: 1, b: 1 }, { unique: true });
  await world.things.insertMany([
    { _id: 1, a: 1, b: 1 },
    { _id: 2, a: 1, b: 2 },
  ] as Document[]);
  const insert = await failure(world.things.insertOne({ a: 1, b: 1 }));
  expect(insert).toMatchObject({ code: 11000, keyPattern: { a: 1, b: 1 }, keyValue: { a: 1, b: 1 } });
  expect((await failure(world.things.updateOne({ _id: 2 } as Document, { $set: { b: 1 } }))).code).toBe(11000);
  expect((await failure(world.things.findOneAndUpdate({ _id: 2 } as Document, { $set: { b: 1 } }))).code).toBe(11000);
  expect((await failure(world.things.updateOne({ a: 1, b: 1, c: 1 }, { $set: { d: 1 } }, { upsert: true }))).code).toBe(11000);
  await world.things.deleteOne({ _id: 1 } as Document);
  await world.things.updateOne({ _id: 2 } as Document, { $set: { b: 1 } });
  expect(await world.things.countDocuments({ b: 1 })).toBe(1);
});

test("unique index, sparse, partial and over arrays, holds where it applies", async () => {
  await world.things.createIndex({ s: 1 }, { unique: true, sparse: true });
  await world.things.createIndex({ p: 1 }, { unique: true, partialFilterExpression: { on: true } });
  await world.things.createIndex({ tags: 1 }, { unique: true, sparse: true });
  await world.things.insertMany([{ x: 1 }, { x: 2 }, { p: 1, on: false }, { p: 1, on: true }, { s: null }, { tags: ["a", "b"] }]);
  for (const clash of [{ s: null }, { p: 1, on: true }, { tags: ["c", "a"] }]) {
    expect((await failure(world.things.insertOne({ ...clash }))).code).toBe(11000);
  }
  await world.things.insertOne({ p: 1, on: false, tags: ["c"] });
});

test("unique index, documents that break it already, is not made", async () => {
  await world.things.insertMany([{ a: 1 }, { a: 1 }]);
  expect((await failure(world.things.createIndex({ a: 1 }, { unique: true }))).code).toBe(11000);
  expect(await world.things.indexes()).toHaveLength(1);
});

test("indexes, created, listed and dropped, are as they were asked for", async () => {
  await world.things.createIndex({ ts: 1, _id: 1 });
  await world.things.createIndex({ ts: 1, _id: 1 });
  await world.things.createIndex({ k: -1 }, { unique: true, name: "by-k" });
  expect((await world.things.indexes()).map(({ name, key, unique }) => [name, key, unique ?? false])).toEqual([
    ["_id_", { _id: 1 }, false],
    ["ts_1__id_1", { ts: 1, _id: 1 }, false],
    ["by-k", { k: -1 }, true],
  ]);
  expect((await failure(world.things.createIndex({ k: 1 }, { name: "by-k" }))).code).toBe(86);
  await world.things.dropIndex("by-k");
  expect(await world.things.indexExists("by-k")).toBe(false);
  expect((await failure(world.things.dropIndex("by-k"))).code).toBe(27);
});

test("collections and databases, made and dropped, are listed", async () => {
  const own = world.client.db(`test-${randomUUID()}`);
  await own.createCollection("made");
  await own.collection("written").insertOne({});
  expect((await own.listCollections().toArray()).map(({ name }) => name).sort()).toEqual(["made", "written"]);
  expect((await own.listCollections({ name: "made" }, { nameOnly: true }).toArray()).map(({ name }) => name)).toEqual(["made"]);
  const { databases } = await world.client.db().admin().listDatabases();
  expect(databases.map(({ name }) => name)).toContain(own.databaseName);
  expect(await own.collection("made").drop()).toBe(true);
  await own.dropDatabase();
  expect(await own.listCollections().toArray()).toEqual([]);
});

test("concurrent increments, from many connections, are all counted", async () => {
  const counter = { _id: "counter" } as Document;
  const add = () => world.things.findOneAndUpdate(counter, { $inc: { n: 1 } }, { upsert: true });
  await add();
  await Promise.all(Array.from({ length: 200 }, add));
  expect((await world.things.findOne(counter))?.["n"]).toBe(201);
});
