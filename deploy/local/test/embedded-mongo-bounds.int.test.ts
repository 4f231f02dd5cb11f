import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@flow-rag/kernel";
import { MongoClient, type Collection, type Document } from "mongodb";
import { startEmbeddedMongo, type EmbeddedMongo } from "../src/embedded-mongo/server.js";
import { encodeCommand, MessageReader } from "../src/embedded-mongo/wire-protocol.js";
import { codeOf } from "./mongo-under-test.js";
import { until } from "./processes.js";

jest.setTimeout(60_000);

let dir: string;
let server: EmbeddedMongo;
let client: MongoClient;
let things: Collection<Document>;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "flow-rag-bounds-"));
  server = await startEmbeddedMongo({ dir, log: createLogger("test", "silent") });
  client = await new MongoClient(`mongodb://127.0.0.1:${server.port}`).connect();
});
beforeEach(() => {
  things = client.db("d").collection(`c${Math.random()}`.replace(".", ""));
});
afterAll(async () => {
  await client.close();
  await server.stop();
  await rm(dir, { recursive: true, force: true });
});

const megabyte = 1024 * 1024;
const nested = (levels: number): Document => (levels === 1 ? {} : { a: nested(levels - 1) });

test("documents, of more than 16 MiB by insert, update, upsert or $push of a group, are refused and nothing is stored", async () => {
  const text = "x".repeat(15.5 * megabyte);
  await things.insertOne({ _id: 1, text } as Document);
  const more = "y".repeat(megabyte);
  expect(await codeOf(things.updateOne({ _id: 1 } as Document, { $set: { more } }))).toBe(10334);
  expect(await codeOf(things.updateOne({ _id: 2 } as Document, { $set: { a: { text, more } } }, { upsert: true }))).toBe(10334);
  expect(await codeOf(things.findOneAndUpdate({ _id: 1 } as Document, [{ $set: { more: { $concat: ["$text", "$text"] } } }]))).toBe(10334);
  const [stored, ...others] = await things.find().toArray();
  expect([String(stored?.["text"]).length, stored?.["more"], others.length]).toEqual([text.length, undefined, 0]);
  await things.updateOne({ _id: 2 } as Document, { $set: { text: more } }, { upsert: true });
  expect(await codeOf(things.aggregate([{ $group: { _id: null, all: { $push: "$text" } } }]).toArray())).toBe(10334);
});

test("documents, of exactly 16 MiB and one byte more, are stored and refused", async () => {
  const text = "x".repeat(16 * megabyte - 25); // {_id: int32, text}: 25 bytes beside the text
  await things.insertOne({ _id: 1, text } as Document);
  expect(await codeOf(things.updateOne({ _id: 1 } as Document, { $set: { text: `${text}x` } }))).toBe(10334);
  expect(String((await things.findOne())?.["text"]).length).toBe(text.length);
});

test("documents, nested in 100 levels and in 101, are stored and refused", async () => {
  await things.insertOne({ ...nested(100), _id: 1 } as Document);
  expect(await codeOf(things.insertOne({ ...nested(101), _id: 2 } as Document))).toBe(15);
  expect(await codeOf(things.updateOne({ _id: 1 } as Document, { $set: { b: nested(101) } }))).toBe(15);
  expect(await codeOf(things.find(nested(300)).toArray())).toBe(15);
  expect(await things.distinct("_id")).toEqual([1]);
});

const evil = { _id: 1, text: `${"a".repeat(40)}!` } as Document;
const catastrophe = { text: { $regex: "^(a+)+$" } };

test("a regular expression that runs for ever, with and without a limit, ends with an error and holds up nobody for long", async () => {
  await things.insertOne(evil);
  expect(await codeOf(things.find(catastrophe, { maxTimeMS: 100 }).toArray())).toBe(50);
  expect(await codeOf(things.countDocuments(catastrophe))).toBe(50);
  expect(await codeOf(things.updateMany(catastrophe, { $set: { a: 1 } }))).toBe(50);
  expect(await codeOf(things.updateMany({}, { $pull: { list: { $regex: "^(a+)+$" } } } as Document))).toBeUndefined();
  const match = [{ $project: { hit: { $regexMatch: { input: "$text", regex: "^(a+)+$" } } } }];
  expect(await codeOf(things.aggregate(match).toArray())).toBe(50);
  expect(await things.findOne()).toEqual(evil);
});

test("killOp, of a query over much, ends it while others are answered", async () => {
  await things.insertMany(Array.from({ length: 300 }, (_, i) => ({ text: `${"a".repeat(22)}!`, i })));
  const comment = { $nor: [catastrophe], i: { $gte: 0 } };
  const running = codeOf(things.find(comment).toArray());
  const find = async () => {
    const { inprog } = await client.db("admin").command({ currentOp: 1 });
    return (inprog as Document[]).find(({ ns }) => ns === things.namespace)?.["opid"] as number | undefined;
  };
  let op: number | undefined;
  await until(async () => (op = await find()) !== undefined);
  await client.db("admin").command({ killOp: 1, op });
  expect(await running).toBe(11601);
});

test("maxTimeMS, of a sort and of a group over much, is kept", async () => {
  await things.insertMany(Array.from({ length: 30_000 }, (_, i) => ({ i: (i * 7919) % 30_000, s: `${i}` })));
  expect(await codeOf(things.find({}, { maxTimeMS: 1 }).sort({ i: 1, s: -1 }).toArray())).toBe(50);
  expect(await codeOf(things.aggregate([{ $group: { _id: "$s" } }], { maxTimeMS: 1 }).toArray())).toBe(50);
});

test("names that JavaScript knows, as fields everywhere, are ordinary and change nobody else's answers", async () => {
  const names = ["__proto__", "constructor", "toString", "hasOwnProperty", "_bsontype", "10", "2"];
  for (const name of names) {
    const stored = new Map<string, unknown>([
      ["_id", name],
      [name, { multi: 1 }],
      ["z", 1],
    ]);
    await things.insertOne(stored);
    expect(await things.countDocuments({ [`${name}.multi`]: 1 })).toBe(1);
    await things.find({}, { projection: { [`${name}.multi`]: 1 } }).toArray();
    await things
      .find()
      .sort({ [`${name}.multi`]: 1 })
      .toArray();
    await things.aggregate([{ $addFields: { [`${name}.limit`]: 1 } }, { $unset: `${name}.multi` }]).toArray();
    await things.updateOne({ _id: name } as Document, { $set: { [`${name}.more`]: 2 } });
    await things.updateOne({ _id: `up-${name}`, [`${name}.up`]: 1 } as Document, { $set: { b: 1 } }, { upsert: true });
    const path = [{ $match: { _id: name } }, { $project: { _id: 0, v: `$${name}.more`, k: { $objectToArray: "$$ROOT" } } }];
    const [row] = await things.aggregate(path).toArray();
    expect([row?.["v"], (row?.["k"] as { k: string }[]).map(({ k }) => k)]).toEqual([2, ["_id", name, "z"]]);
  }
  expect(({} as Document)["multi"] ?? ({} as Document)["limit"]).toBeUndefined();
  expect((await things.updateOne({}, { $set: { one: 1 } })).modifiedCount).toBe(1);
  expect(await things.countDocuments({ constructor: { $exists: true } })).toBe(2);
});

test("expired documents, by filter, path and arrays of dates, go and others stay", async () => {
  const [old, now] = [new Date(0), new Date()];
  await things.createIndex({ at: 1 }, { expireAfterSeconds: 60, partialFilterExpression: { done: true } });
  await things.createIndex({ "x.at": 1 }, { expireAfterSeconds: 60 });
  const rows: Document[] = [
    { _id: "done", at: old, done: true },
    { _id: "open", at: old, done: false },
    { _id: "fresh", at: now, done: true },
    { _id: "path", x: { at: old } },
    { _id: "earliest", x: { at: [now, old] } },
    { _id: "both fresh", x: { at: [now, now] } },
    { _id: "text", x: { at: "1970-01-01" } },
    { _id: "objects", x: [{ at: now }, { at: old }] },
  ];
  await things.insertMany(rows);
  await server.tidy();
  expect((await things.distinct("_id")).sort()).toEqual(["both fresh", "fresh", "open", "text"]);
});

test("60 large answers that nobody reads, take no more than one of them at a time", async () => {
  await things.insertOne({ _id: 1, text: "x".repeat(4 * megabyte) } as Document);
  const before = process.memoryUsage().rss;
  const socket = createConnection({ host: "127.0.0.1", port: server.port });
  await once(socket, "connect");
  socket.pause();
  for (let i = 0; i < 60; i++) socket.write(encodeCommand({ find: things.collectionName, $db: "d" }));
  await client.db("d").command({ ping: 1 }); // others are answered
  for (let i = 0; i < 20; i++) expect(await things.countDocuments()).toBe(1);
  expect((process.memoryUsage().rss - before) / megabyte).toBeLessThan(120);
  const reader = new MessageReader();
  let answers = 0;
  socket.on("data", (chunk: Buffer) => {
    for (const message of reader.push(chunk)) {
      if (message.length > 4 * megabyte) answers++;
    }
  });
  socket.resume();
  await until(() => answers === 60);
  socket.destroy();
});

test("a client with a user name, is told that this server has none", async () => {
  const other = new MongoClient(`mongodb://me:secret@127.0.0.1:${server.port}/`, { serverSelectionTimeoutMS: 2000 });
  await expect(other.connect()).rejects.toThrow(/has no users/);
  await other.close();
});

test("a write that changes nothing, makes no collection", async () => {
  await things.updateOne({ a: 1 }, { $set: { b: 1 } });
  await things.deleteMany({});
  await things.findOneAndUpdate({ a: 1 }, { $set: { b: 1 } });
  expect(await client.db("d").listCollections({ name: things.collectionName }).toArray()).toEqual([]);
});

test("the last date that JavaScript has, when another field changes, stays what it was", async () => {
  await things.insertOne({ _id: 9 } as Document);
  await things.updateOne({ _id: 9 } as Document, [{ $set: { far: { $toDate: 8_640_000_000_000_000 } } }]);
  await things.updateOne({ _id: 9 } as Document, { $set: { other: 1 } });
  expect(Number((await things.findOne({ _id: 9 } as Document))?.["far"])).toBe(8_640_000_000_000_000);
});
