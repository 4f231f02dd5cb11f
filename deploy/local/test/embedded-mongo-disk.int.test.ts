import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createLogger } from "@flow-rag/kernel";
import { MongoClient, type Collection, type Document } from "mongodb";
import { startEmbeddedMongo, type EmbeddedMongo } from "../src/embedded-mongo/server.js";
import { FailingFiles } from "./failing-files.js";
import { codeOf } from "./mongo-under-test.js";
import { until } from "./processes.js";

jest.setTimeout(180_000);

const run = promisify(execFile);
const log = createLogger("test", "silent");
let dir: string;
let server: EmbeddedMongo | undefined;
let client: MongoClient | undefined;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "flow-rag-disk-"));
});
afterEach(async () => {
  await close();
  await rm(dir, { recursive: true, force: true });
});

async function open(options: { files?: FailingFiles; dir?: string; worthBytes?: number } = {}): Promise<Collection<Document>> {
  server = await startEmbeddedMongo({ dir, log, ...options });
  client = await new MongoClient(`mongodb://127.0.0.1:${server.port}`).connect();
  return client.db("d").collection("c");
}
async function close(): Promise<void> {
  await client?.close();
  await server?.stop();
  [client, server] = [undefined, undefined];
}
const contents = async (things: Collection<Document>) =>
  Object.fromEntries((await things.find().sort({ _id: 1 }).toArray()).map(({ _id, ...rest }) => [String(_id), rest]));

/** A sequence that is the same in each run of the test. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * sides);
  };
}

test("a full disk, at 200 random writes, loses nothing that was acknowledged and keeps nothing that was not", async () => {
  const files = new FailingFiles();
  let things = await open({ files, worthBytes: 64 * 1024 });
  const roll = dice(7);
  const model = new Map<string, Document>();
  for (let round = 0; round < 200; round++) {
    files.fillAfter(roll(4));
    const failuresBefore = files.failures;
    for (let step = 0; files.failures === failuresBefore; step++) {
      const [_id, text] = [`k${roll(40)}`, "x".repeat(roll(3000))];
      const kind = roll(4);
      const change = async () => {
        if (kind === 0) return void (await things.deleteOne({ _id } as Document));
        await things.updateOne({ _id } as Document, { $set: { text, round, step } }, { upsert: true });
      };
      const code = await codeOf(change());
      if (code === undefined && kind === 0) model.delete(_id);
      else if (code === undefined) model.set(_id, { text, round, step });
      else expect(code).toBe(14031);
    }
    expect(await contents(things)).toEqual(Object.fromEntries(model));
    files.free();
    await things.updateOne({ _id: "after" } as Document, { $set: { round } }, { upsert: true });
    model.set("after", { round });
    if (round % 20 !== 19) continue;
    await close();
    things = await open({ files, worthBytes: 64 * 1024 });
    expect(await contents(things)).toEqual(Object.fromEntries(model));
  }
  expect(files.failures).toBeGreaterThanOrEqual(200);
});

test("a full disk, of a real file system, is survived and used again once there is room", async () => {
  if (
    process.getuid?.() !== 0 ||
    !(await run("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", dir]).then(
      () => true,
      () => false,
    ))
  ) {
    process.stderr.write("skipped: mounting a small file system needs root\n");
    return;
  }
  try {
    let things = await open();
    const ballast = join(dir, "ballast");
    await writeFile(ballast, Buffer.alloc(1024 * 1024));
    const acknowledged: string[] = [];
    const add = async (_id: string) => {
      const code = await codeOf(things.insertOne({ _id, text: "x".repeat(20_000) } as Document));
      if (code === undefined) acknowledged.push(_id);
      return code;
    };
    let full: unknown;
    for (let i = 0; full === undefined; i++) full = await add(`before-${i}`);
    expect(full).toBe(14031);
    await rm(ballast);
    for (let i = 0; i < 20; i++) expect(await add(`after-${i}`)).toBeUndefined();
    await close();
    things = await open();
    expect((await things.distinct("_id")).sort()).toEqual(acknowledged.sort());
  } finally {
    await close();
    await run("umount", [dir]);
  }
});

test("an update of many, when the disk fills up in the middle, has not happened at all", async () => {
  const files = new FailingFiles();
  let things = await open({ files });
  for (let _id = 0; _id < 40; _id++) await things.insertOne({ _id, n: 0, text: "x".repeat(1_100_000) } as Document);
  files.fillAfter(1); // what one command changes is written in parts when it is much
  expect(await codeOf(things.updateMany({}, { $set: { n: 1 } }))).toBe(14031);
  expect(await things.distinct("n")).toEqual([0]);
  files.free();
  await close();
  things = await open({ files });
  expect(await things.distinct("n")).toEqual([0]);
  expect(await things.countDocuments()).toBe(40);
});

test("a torn write that cannot be cut off, refuses changes until it can", async () => {
  const files = new FailingFiles();
  const things = await open({ files });
  await things.insertOne({ _id: 1 } as Document);
  files.fillAfter(0);
  files.failing.add("truncate");
  expect(await codeOf(things.insertOne({ _id: 2, text: "x".repeat(500) } as Document))).toBe(14031);
  expect(await codeOf(things.insertOne({ _id: 3 } as Document))).toBe(1);
  expect(await things.distinct("_id")).toEqual([1]);
  files.free();
  await things.insertOne({ _id: 4 } as Document);
  await close();
  expect(await (await open()).distinct("_id")).toEqual([1, 4]);
});

test("a failed fsync, of a write that asks for the disk, refuses changes until the log was written anew", async () => {
  const files = new FailingFiles();
  let things = await open({ files });
  await things.insertOne({ _id: 1 } as Document);
  files.failing.add("sync");
  expect(await codeOf(things.insertOne({ _id: 2 } as Document, { writeConcern: { w: 1, j: true } }))).toBe(1);
  await expect(things.insertOne({ _id: 3 } as Document)).rejects.toThrow("the disk did not take earlier ones");
  expect(await things.countDocuments({ _id: 1 } as Document)).toBe(1);
  files.free();
  await until(async () => (await codeOf(things.insertOne({ _id: 4 } as Document))) === undefined);
  await close();
  things = await open();
  expect(await things.distinct("_id")).toEqual(expect.arrayContaining([1, 4]));
});

test("compaction, while changes and a reader go on, shrinks the file and loses nothing", async () => {
  let things = await open({ worthBytes: 256 * 1024 });
  const rows: Document[] = Array.from({ length: 300 }, (_, _id) => ({ _id, n: 0, text: "x".repeat(1000) }));
  await things.insertMany(rows);
  await things.createIndex({ n: 1 });
  const file = join(dir, "documents.log");
  const reader = things.find({}, { batchSize: 10 }).sort({ _id: 1 });
  await reader.next();
  // Half of what was written is gone: one round and the file can be as large as before it, since changes go on while it is rewritten.
  for (let n = 1; n < 6 || (await stat(file)).size > (n * rows.length * 1000) / 2; n++) await things.updateMany({}, { $set: { n } });
  expect((await reader.toArray()).map(({ n }) => n as unknown)).toEqual(Array.from({ length: 299 }, () => 0));
  await things.deleteOne({ _id: 7 } as Document);
  const expected = await contents(things);
  await close();
  things = await open();
  expect(await contents(things)).toEqual(expected);
  expect(await things.indexExists("n_1")).toBe(true);
});

test("compaction, without room for another file, leaves the old one and nothing beside it", async () => {
  const files = new FailingFiles();
  const things = await open({ files, worthBytes: 16 * 1024 });
  for (let n = 0; n < 30; n++) await things.updateOne({ _id: 1 } as Document, { $set: { n, text: "x".repeat(2000) } }, { upsert: true });
  files.fillAfter(0);
  await until(() => files.failures > 0);
  files.free();
  await things.insertOne({ _id: 2 } as Document);
  expect((await contents(things))["1"]).toMatchObject({ n: 29 });
  await until(async () => !(await readdir(dir)).includes("documents.log.new"));
});
