import { appendFile, mkdtemp, readFile, rm, truncate, writeFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@flow-rag/kernel";
import { MongoClient, type Db, type Document } from "mongodb";
import { startEmbeddedMongo, type EmbeddedMongo } from "../src/embedded-mongo/server.js";
import { startMongo } from "../src/mongo.js";

jest.setTimeout(60_000);

const log = createLogger("test", "silent");
let dir: string;
let server: EmbeddedMongo | undefined;
let client: MongoClient | undefined;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "flow-rag-durability-"));
});
afterEach(async () => {
  await close();
  await rm(dir, { recursive: true, force: true });
});

async function open(): Promise<Db> {
  server = await startEmbeddedMongo({ dir, log });
  client = await new MongoClient(`mongodb://127.0.0.1:${server.port}`).connect();
  return client.db("d");
}
async function close(): Promise<void> {
  await client?.close();
  await server?.stop();
  [client, server] = [undefined, undefined];
}
const file = () => join(dir, "documents.log");
const ids = async (db: Db) => (await db.collection("c").find().toArray()).map(({ _id }) => _id as unknown);

test("restart, after every kind of change, has the last state", async () => {
  let db = await open();
  await db.collection("c").insertMany([
    { _id: 1, a: 1 },
    { _id: 2, a: 2 },
    { _id: 3, a: 3 },
  ] as Document[]);
  await db.collection("c").createIndex({ a: 1 }, { unique: true });
  await db.collection("c").updateOne({ a: 2 }, { $set: { a: 20 } });
  await db.collection("c").deleteOne({ a: 3 });
  await db.collection("gone").insertOne({});
  await db.collection("gone").drop();
  await db.createCollection("empty");
  await close();
  db = await open();
  expect(await db.collection("c").find().toArray()).toEqual([
    { _id: 1, a: 1 },
    { _id: 2, a: 20 },
  ]);
  expect((await db.listCollections().toArray()).map(({ name }) => name)).toEqual(["c", "empty"]);
  await expect(db.collection("c").insertOne({ a: 20 })).rejects.toMatchObject({ code: 11000 });
});

test("renameCollection, onto another name, takes its place at once and for good, and a torn frame leaves both as they were", async () => {
  let db = await open();
  await db.collection("c").insertOne({ _id: 1 } as Document);
  await db.collection("beside").insertMany([{ _id: 2, a: 1 }] as Document[]);
  await db.collection("beside").createIndex({ a: 1 }, { unique: true });
  await expect(db.collection("beside").rename("c")).rejects.toMatchObject({ code: 48 });
  await expect(db.collection("nothing").rename("c", { dropTarget: true })).rejects.toMatchObject({ code: 26 });
  await db.collection("beside").rename("c", { dropTarget: true });
  expect(await ids(db)).toEqual([2]);
  await close();
  const whole = await readFile(file());
  db = await open();
  expect([await ids(db), (await db.listCollections().toArray()).map(({ name }) => name)]).toEqual([[2], ["c"]]);
  await expect(db.collection("c").insertOne({ a: 1 })).rejects.toMatchObject({ code: 11000 });
  await close();
  await writeFile(file(), whole.subarray(0, whole.length - 1));
  db = await open();
  expect([await ids(db), await db.collection("beside").countDocuments()]).toEqual([[1], 1]);
  await close();
  await writeFile(file(), whole);
  db = await open();
  await db.collection("beside").insertOne({ _id: 3 } as Document); // the name that is free again
  for (let n = 0; n < 200; n++) await db.collection("c").updateOne({ _id: 2 } as Document, { $set: { n } });
  await close(); // the start after this writes the log anew
  for (let start = 0; start < 2; start++) {
    db = await open();
    expect([await ids(db), await db.collection("c").findOne(), await db.collection("beside").countDocuments()]).toEqual([
      [2],
      { _id: 2, a: 1, n: 199 },
      1,
    ]);
    await close();
  }
  expect((await stat(file())).size).toBeLessThan(2_000);
});

test("restart, the last frame is torn, loses that frame only and goes on writing", async () => {
  let db = await open();
  await db.collection("c").insertOne({ _id: 1 } as Document);
  await close();
  const whole = (await stat(file())).size;
  db = await open();
  await db.collection("c").insertOne({ _id: 2, text: "x".repeat(100) } as Document);
  await close();
  await truncate(file(), (await stat(file())).size - 3);
  db = await open();
  expect(await ids(db)).toEqual([1]);
  expect((await stat(file())).size).toBe(whole);
  await db.collection("c").insertOne({ _id: 3 } as Document);
  await close();
  expect(await ids(await open())).toEqual([1, 3]);
});

test("restart, rubbish behind the last frame, is cut off", async () => {
  let db = await open();
  await db.collection("c").insertOne({ _id: 1 } as Document);
  await close();
  await appendFile(file(), Buffer.from("00000010deadbeef0102", "hex"));
  db = await open();
  expect(await ids(db)).toEqual([1]);
});

test("restart, mostly garbage, compacts the file", async () => {
  let db = await open();
  for (let n = 0; n < 50; n++) await db.collection("c").updateOne({ _id: 1 } as Document, { $set: { n } }, { upsert: true });
  await close();
  const before = (await stat(file())).size;
  db = await open();
  expect((await stat(file())).size).toBeLessThan(before / 10);
  await db.collection("c").insertOne({ _id: 2 } as Document);
  await close();
  db = await open();
  expect(await db.collection("c").find().toArray()).toEqual([{ _id: 1, n: 49 }, { _id: 2 }]);
});

test("kill -9, in the middle of writing, keeps what was answered", async () => {
  const mongo = await startMongo({ dir, log });
  const driver = await new MongoClient(mongo.url, { serverSelectionTimeoutMS: 2000 }).connect();
  const things = driver.db("d").collection<Document>("c");
  let answered = -1;
  const writing = (async () => {
    for (let _id = 0; ; _id++) {
      await things.insertOne({ _id } as Document);
      answered = _id;
      if (answered === 200) process.kill(mongo.pid ?? 0, "SIGKILL");
    }
  })();
  await expect(writing).rejects.toThrow();
  await driver.close();
  await mongo.stop();
  const again = await startMongo({ dir, log });
  const reader = await new MongoClient(again.url).connect();
  const found = (await reader.db("d").collection("c").find().sort({ _id: 1 }).toArray()).map(({ _id }) => Number(_id));
  expect(answered).toBeGreaterThanOrEqual(200);
  expect(found.slice(0, answered + 1)).toEqual(Array.from({ length: answered + 1 }, (_, i) => i));
  await reader.close();
  await again.stop();
});

test("a connection that speaks another protocol, is closed and hurts nobody", async () => {
  const db = await open();
  const answer = await fetch(`http://127.0.0.1:${server?.port ?? 0}/`).catch((error: unknown) => error);
  expect(answer).toHaveProperty("cause");
  expect(await db.command({ ping: 1 })).toMatchObject({ ok: 1 });
});

test("the log file, of one insert, holds the document as BSON", async () => {
  const db = await open();
  await db.collection("c").insertOne({ _id: 1, text: "needle" } as Document);
  expect((await readFile(file())).includes("needle")).toBe(true);
});
