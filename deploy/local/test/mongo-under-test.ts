import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@flow-rag/kernel";
import { MongoClient, MongoServerError, type Collection, type Db, type Document } from "mongodb";
import { startEmbeddedMongo } from "../src/embedded-mongo/server.js";

/** The server that TEST_MONGO_URI names, or an embedded one for this test file. */
export async function openMongo(given: string | undefined): Promise<{ uri: string; close(): Promise<void> }> {
  if (given) return { uri: given, close: async () => {} };
  const dir = await mkdtemp(join(tmpdir(), "flow-rag-mongo-"));
  const server = await startEmbeddedMongo({ dir, log: createLogger("test", "silent") });
  const close = async () => {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  };
  return { uri: `mongodb://127.0.0.1:${server.port}`, close };
}

/** A database for a test file and an empty collection for each of its tests. */
export function openThings(): { readonly client: MongoClient; readonly db: Db; readonly things: Collection<Document> } {
  const opened = {} as { client: MongoClient; db: Db; things: Collection<Document> };
  let mongo: Awaited<ReturnType<typeof openMongo>>;
  beforeAll(async () => {
    mongo = await openMongo(process.env["TEST_MONGO_URI"]);
    opened.client = await new MongoClient(mongo.uri).connect();
    opened.db = opened.client.db(`test-${randomUUID()}`);
  });
  beforeEach(() => {
    opened.things = opened.db.collection(randomUUID());
  });
  afterAll(async () => {
    await opened.db.dropDatabase();
    await opened.client.close();
    await mongo.close();
  });
  return opened;
}

/** The code of the server's error; undefined when there was none, the error itself when it is not the server's. */
export const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
  await work.then(
    () => undefined,
    (error: unknown) => (error instanceof MongoServerError ? error.code : error),
  );
