import { cursorPathsOf, recordsEmbed, sourceFields, sourcePull } from "@flow-rag/contracts";
import { createProducer } from "@flow-rag/queue";
import {
  createIndexStateStore,
  createRecordSink,
  createVectorStore,
  dropCollection,
  openCollection,
  parseExtendedJson,
  type VectorDocument,
} from "@flow-rag/stores";
import { randomUUID } from "node:crypto";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Harness } from "../src/harness.js";
import { waitFor } from "../src/wait-for.js";

const root = new URL("../../../", import.meta.url);
const patienceMs = 300_000;
/** Seldom enough to cost the services under measurement nothing. */
const lookEveryMs = 100;
/** Of the ways to write to Chroma, those that were fastest when tried: rows of a request, requests at once. */
const bareWays = [
  { rows: 512, writers: 2 },
  { rows: 1_000, writers: 4 },
];

/** Puts the records of a file into the source; returns their number and one of their ids. */
export async function fillSource(harness: Harness, file: "website-checks" | "ci-builds"): Promise<{ records: number; anId: string }> {
  const text = await readFile(new URL(`../shared/data/runs/${file}.ndjson`, root), "utf8");
  const documents = text.trimEnd().split("\n").map(parseExtendedJson);
  const sink = createRecordSink(harness.source, { collection: "flow_monitoring", cursorFields: cursorPathsOf(sourceFields.parse({})) });
  await sink.ensureIndexes();
  for (let start = 0; start < documents.length; start += 1_000) await sink.put(documents.slice(start, start + 1_000));
  return { records: documents.length, anId: String(documents[0]?.["_id"]) };
}

/** Starts a service of its own for this world; what it logs goes to `onLine`, or where this process's goes. */
export async function startService(
  name: "producer" | "worker",
  harness: Harness,
  settings: NodeJS.ProcessEnv,
  onLine?: (line: string) => void,
): Promise<ChildProcess> {
  const path = (file: string) => fileURLToPath(new URL(file, root));
  const env = {
    PATH: process.env["PATH"],
    LOG_LEVEL: "warn",
    REDIS_URL: harness.redisUrl,
    MONGO_URI: harness.mongoUri,
    CHROMA_URL: harness.chromaUrl,
    MONGO_DB: harness.sourceDb,
    STATE_DB: harness.stateDb,
    INDEX_PREFIX: harness.indexPrefix,
    QUEUE_PREFIX: harness.queuePrefix,
    PULL_CRON: "0 0 29 2 *", // a pull of its own would be measured with ours
    ...settings,
  };
  const args = ["--import", new URL("deploy/local/bin/source.mjs", root).href, path(`services/${name}/src/main.ts`)];
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", onLine ? "pipe" : "inherit", "inherit", "ipc"] });
  if (onLine && child.stdout) createInterface({ input: child.stdout }).on("line", onLine);
  await once(child, "message");
  return child;
}

export async function stop(child: ChildProcess): Promise<void> {
  child.kill("SIGTERM");
  await once(child, "close");
}

/** The whole source, or the records of `ids`, from the pull to the last batch. */
export async function ingest({ redis, queuePrefix, log, state }: Harness, ids?: readonly string[]): Promise<void> {
  const producer = createProducer({ redis, prefix: queuePrefix, log });
  const wanted = ids ? { mode: "selected" as const, filter: { ids: [...ids] } } : { mode: "everything" as const };
  const id = await producer.send(sourcePull, { source: "flows", slot: `manual-${randomUUID()}`, ...wanted });
  const pull = await waitFor(async () => (await producer.outcome(sourcePull, id)).result, "the pull", patienceMs, lookEveryMs);
  const isDone = async () => ((await producer.depth(recordsEmbed)).unfinished === 0 ? true : undefined);
  await waitFor(isDone, "the batches", patienceMs, lookEveryMs);
  const held = await state.collection("runs").countDocuments();
  if (held !== pull.read) throw new Error(`${held} runs of ${pull.read} records`);
  await producer.close();
}

/** What was indexed: the documents as the worker wrote them. */
export async function readIndexed({ state, chromaUrl }: Harness): Promise<{ fingerprint: string; documents: VectorDocument[] }> {
  const signal = AbortSignal.timeout(patienceMs);
  const active = await createIndexStateStore(state).read(signal);
  if (!active) throw new Error("nothing was indexed");
  const full = await openCollection(chromaUrl, active.collection, active.fingerprint, signal);
  const documents: VectorDocument[] = [];
  for (let offset = 0; ; offset += 500) {
    const page = await full.get({ limit: 500, offset, include: ["embeddings", "documents", "metadatas"] });
    if (page.ids.length === 0) return { fingerprint: active.fingerprint, documents };
    for (const [row, id] of page.ids.entries()) {
      const { embeddings, documents: texts, metadatas } = page;
      documents.push({
        id,
        values: embeddings[row] ?? [],
        document: texts[row] ?? "",
        metadata: metadatas[row] as VectorDocument["metadata"],
      });
    }
  }
}

/** Seconds that Chroma takes for these documents into a fresh collection, in the fastest of some ways, by the client that the worker has. */
export async function writeBare({ chromaUrl, indexPrefix }: Harness, { fingerprint, documents }: Awaited<ReturnType<typeof readIndexed>>) {
  const signal = AbortSignal.timeout(patienceMs);
  const times: number[] = [];
  for (const { rows, writers } of bareWays) {
    const name = `${indexPrefix}bare`;
    const store = createVectorStore(await openCollection(chromaUrl, name, fingerprint, signal));
    const batches: VectorDocument[][] = [];
    for (let start = 0; start < documents.length; start += rows) batches.push(documents.slice(start, start + rows));
    const write = async () => {
      for (let batch = batches.shift(); batch; batch = batches.shift()) await store.upsert(batch, signal);
    };
    times.push(await seconds(() => Promise.all(Array.from({ length: writers }, write))));
    await dropCollection(chromaUrl, name, signal);
  }
  return Math.min(...times);
}

export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1_000;
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
