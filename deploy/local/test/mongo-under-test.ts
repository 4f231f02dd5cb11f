import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@flow-rag/kernel";
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
