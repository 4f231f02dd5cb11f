import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, watch } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { MongoClient, type AnyBulkWriteOperation, type Collection } from "mongodb";

jest.setTimeout(process.env["FLOW_RAG_SOAK"] === "true" ? 1_800_000 : 300_000);

const kills = process.env["FLOW_RAG_SOAK"] === "true" ? 200 : 20;
const loader = new URL("../bin/source.mjs", import.meta.url).href;
const program = fileURLToPath(new URL("./killed-mongo.ts", import.meta.url));
const [writers, keysEach] = [4, 40];

/** A version says what the whole document is, so that half of one is noticed. */
type Thing = { _id: string; version: number; text: string };
const thing = (_id: string, version: number): Thing => ({ _id, version, text: `${_id}:${version};`.repeat(200 + (version % 7) * 150) });
/** What may be there of a key: one state, or while its change is not acknowledged the one before and the one after. Null is no document. */
type States = readonly (number | null)[];

let dir: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "flow-rag-killed-"));
});
afterEach(async () => {
  child?.kill("SIGKILL");
  await rm(dir, { recursive: true, force: true });
});

async function start(operation: number): Promise<{ things: Collection<Thing>; client: MongoClient; died: Promise<unknown> }> {
  child = spawn(process.execPath, ["--import", loader, program, dir, String(operation)], { stdio: ["pipe", "pipe", "inherit"] });
  const died = once(child, "exit");
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const [port] = (await Promise.race([once(lines, "line"), died.then(() => ["none"])])) as [string];
  expect(port).toMatch(/^\d+$/); // it starts again, whatever it was killed in
  const options = { serverSelectionTimeoutMS: 500, retryWrites: false };
  const client = await new MongoClient(`mongodb://127.0.0.1:${port}`, options).connect();
  return { things: client.db("d").collection<Thing>("c"), client, died };
}

/** Changes its own keys, one command after the other, until the server is gone. */
async function write(things: Collection<Thing>, keys: readonly string[], model: Map<string, States>): Promise<void> {
  for (let version = 1 + Math.max(0, ...keys.flatMap((key) => model.get(key) ?? []).map(Number)); ; version++) {
    const changed = keys.filter((_key, index) => (index + version) % 8 === 0);
    const after = (key: string, index: number) => [key, (index + version) % 5 === 0 ? null : version] as const;
    const changes = changed.map(after);
    for (const [key, next] of changes) model.set(key, [...(model.get(key) ?? [null]), next]);
    const operations = changes.map(([_id, next]): AnyBulkWriteOperation<Thing> =>
      next === null ? { deleteOne: { filter: { _id } } } : { replaceOne: { filter: { _id }, replacement: thing(_id, next), upsert: true } },
    );
    const done = await things.bulkWrite(operations).then(
      () => true,
      () => false,
    );
    if (!done) return;
    for (const [key, next] of changes) model.set(key, [next]);
  }
}

/** Nothing acknowledged is lost, nothing is there by half, and what is there becomes what is known. */
async function settle(things: Collection<Thing>, model: Map<string, States>): Promise<void> {
  const found = new Map((await things.find().toArray()).map((one) => [one._id, one]));
  for (const [key, states] of model) {
    const version = found.get(key)?.version ?? null;
    expect({ key, version, of: states }).toEqual({ key, version: states.find((state) => state === version), of: states });
    if (version !== null) expect(found.get(key)).toEqual(thing(key, version));
    model.set(key, [version]);
  }
  expect([...found.keys()].filter((key) => !model.has(key))).toEqual([]);
  const byIndex = await things.countDocuments({ version: { $gte: 0 } }, { hint: "version_1" });
  expect(byIndex).toBe(found.size);
}

test("kill -9, while the log is written anew under changes, loses nothing acknowledged, leaves nothing by half and starts again", async () => {
  const model = new Map<string, States>();
  const keys = Array.from({ length: writers }, (_, writer) => Array.from({ length: keysEach }, (_, key) => `w${writer}-${key}`));
  let inTheMiddle = 0;
  for (let kill = 0; kill < kills; kill++) {
    const fromOutside = kill % 2 === 1;
    const { things, client, died } = await start(fromOutside ? -1 : (kill / 2) % 10);
    if (kill === 0) await things.createIndex({ version: 1 });
    await settle(things, model);
    const watcher = watch(dir, (_event, name) => {
      if (fromOutside && name === "documents.log.new") setTimeout(() => child?.kill("SIGKILL"), kill % 16);
    });
    await Promise.all([died, ...keys.map((own) => write(things, own, model))]);
    watcher.close();
    await client.close();
    if (existsSync(join(dir, "documents.log.new"))) inTheMiddle++;
  }
  const { things, client, died } = await start(-1);
  await settle(things, model);
  await client.close();
  child?.stdin?.end();
  await died;
  expect(inTheMiddle).toBeGreaterThanOrEqual(kills / 5); // the others fell behind its end
});
