import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createLogger } from "@flow-rag/kernel";
import { ChromaClient } from "chromadb";
import { Redis } from "ioredis";
import { startChroma, startRedis } from "../src/index.js";
import { listens } from "./processes.js";

jest.setTimeout(120_000); // the first run may install Redis and Chroma

const log = createLogger("test", "silent");
const toolsDir = fileURLToPath(new URL("../../../.flow-rag/tools", import.meta.url));
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "flow-rag-services-"));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

test("redis, started, evicts nothing and keeps its data over a restart", async () => {
  const first = await startRedis({ dir, log });
  let redis = new Redis(first.url);
  expect(await redis.config("GET", "maxmemory-policy")).toEqual(["maxmemory-policy", "noeviction"]);
  expect(await redis.config("GET", "appendonly")).toEqual(["appendonly", "yes"]);
  await redis.set("k", "v");
  redis.disconnect();
  await first.stop();
  await first.stop();
  expect(await listens(first.url)).toBe(false);
  const second = await startRedis({ dir, port: first.port, log });
  expect(second.port).toBe(first.port);
  redis = new Redis(second.url);
  expect(await redis.get("k")).toBe("v");
  redis.disconnect();
  await second.stop();
});

test("chroma, started, stores vectors that are found after a restart", async () => {
  const open = ({ port }: { port: number }) =>
    new ChromaClient({ host: "127.0.0.1", port, ssl: false }).getOrCreateCollection({ name: "flows", embeddingFunction: null });
  const first = await startChroma({ dir, log, toolsDir });
  const collection = await open(first);
  await collection.upsert({
    ids: ["a", "b"],
    embeddings: [
      [1, 0],
      [0, 1],
    ],
    metadatas: [{ n: 1 }, { n: 2 }],
  });
  await first.stop();
  expect(await listens(first.url)).toBe(false);
  const second = await startChroma({ dir, log, toolsDir });
  const found = await (await open(second)).query({ queryEmbeddings: [[0, 1]], nResults: 1 });
  expect(found.ids).toEqual([["b"]]);
  await second.stop();
});
