import { createHarness } from "@flow-rag/testing";
import { listCollections } from "@flow-rag/stores";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentOf, flowRag, startServiceOf, type Ended } from "./command-line.js";
import { startEmbeddings } from "./embeddings-endpoint.js";

export const signal: AbortSignal = new AbortController().signal;

export const record = (id: number, version = 0) => ({
  _id: id,
  pipeline_name: `pipeline-${id % 40}`,
  tech: ["Spark", "Talend", "dbt"][id % 3],
  status: (id + version) % 3 === 0 ? "KO" : "OK",
  error_message: (id + version) % 3 === 0 ? `table ${["orders", "stock", "clients"][(id % 5) % 3]} not found after ${id} tries` : null,
  timestamp: new Date(Date.UTC(2026, 4, 1) + id * 1_000),
});

/** A world whose index can be built anew: with the lexical embedder, and with one behind an address. */
export async function openReindexing() {
  const world = await createHarness();
  const dir = await mkdtemp(join(tmpdir(), "flow-rag-reindex-"));
  const endpoint = await startEmbeddings();
  const env: NodeJS.ProcessEnv = {
    ...environmentOf(world),
    EMBEDDER: "auto",
    EMBED_OFFLINE: "true",
    EMBED_API_URL: endpoint.url,
    EMBED_API_MODEL: "test",
    QUEUE_LOCK: "3s",
  };
  const here = {
    world,
    dir,
    endpoint,
    env,
    rows: () => world.source.collection<ReturnType<typeof record>>("flow_monitoring"),
    async put(from: number, to: number, version = 0): Promise<void> {
      const operations = Array.from({ length: to - from }, (_, index) => {
        const replacement = record(from + index, version);
        return { replaceOne: { filter: { _id: replacement._id }, replacement, upsert: true } };
      });
      await here.rows().bulkWrite(operations);
    },
    /** A worker and a producer that go on running: `ingest` need not start its own. */
    startServices: () => Promise.all([startServiceOf("worker", here.env), startServiceOf("producer", here.env)]),
    run: (...args: string[]): Promise<Ended> => flowRag(args, here.env, { cwd: dir }),
    async json(...args: string[]): Promise<Record<string, unknown>> {
      const { code, stdout, stderr } = await here.run(...args, "--json");
      expect([args, code, code === 0 ? "" : stderr]).toEqual([args, 0, ""]);
      return JSON.parse(stdout) as Record<string, unknown>;
    },
    async inParity(count: number): Promise<void> {
      const wanted = { source: count, runs: count, index: count, missing: 0, extra: 0, stale: 0, inSync: true };
      expect(await here.json("parity")).toMatchObject(wanted);
    },
    pointer: () => world.state.collection("index_state").findOne({ _id: "active" as never }),
    collections: async () => (await listCollections(world.chromaUrl, world.indexPrefix, signal)).toSorted(),
    async signatureIds(): Promise<string[]> {
      const found = (await world.state.collection("runs").distinct("signature")) as (string | null)[];
      return found.filter((id) => id !== null).toSorted();
    },
    async close(): Promise<void> {
      await endpoint.close();
      expect(await world.lifecycle.close()).toBe(true);
      await rm(dir, { recursive: true });
    },
  };
  return here;
}
export type Reindexing = Awaited<ReturnType<typeof openReindexing>>;
