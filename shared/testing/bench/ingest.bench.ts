import { recordsEmbed, sourceFields, sourcePull } from "@flow-rag/contracts";
import { createProducer } from "@flow-rag/queue";
import { createRecordSink, createIndexStateStore, openCollection, parseExtendedJson } from "@flow-rag/stores";
import { randomUUID } from "node:crypto";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Evaluate } from "../src/evaluation.js";
import { createHarness, type Harness } from "../src/harness.js";
import { waitFor } from "../src/wait-for.js";

export const needsServices = true;

const root = new URL("../../../", import.meta.url);
const goalShare = 0.85;
const idsEnqueued = 100_000;
const patienceMs = 300_000;

/**
 * Records per second from the source to the index, by the real producer and worker with the lexical embedder, against what Chroma alone
 * takes: the same documents, vectors and metadata, written again into a fresh collection by this process.
 */
export const bench: Evaluate = async () => {
  const harness = await createHarness();
  const children: ChildProcess[] = [];
  try {
    const text = await readFile(new URL("../shared/data/runs/website-checks.ndjson", root), "utf8");
    const documents = text.trimEnd().split("\n").map(parseExtendedJson);
    const { timestamp, updatedAt } = sourceFields.parse({});
    const sink = createRecordSink(harness.source, { collection: "flow_monitoring", cursorFields: [timestamp, updatedAt] });
    await sink.ensureIndexes();
    for (let start = 0; start < documents.length; start += 1_000) await sink.put(documents.slice(start, start + 1_000));

    for (const name of ["worker", "producer"] as const) children.push(await startService(name, harness));
    const endToEnd = documents.length / (await seconds(() => ingest(harness)));
    for (const child of children.splice(0)) await stop(child);
    const bare = documents.length / (await writeBare(harness));
    const enqueueSeconds = await seconds(() => enqueueMany(harness));

    const share = endToEnd / bare;
    const table = [
      { what: "end to end", "records/s": Math.round(endToEnd) },
      { what: "Chroma alone", "records/s": Math.round(bare) },
    ];
    const summary = {
      records: documents.length,
      endToEnd: Math.round(endToEnd),
      chromaAlone: Math.round(bare),
      share: Number(share.toFixed(3)),
      enqueueSeconds: Number(enqueueSeconds.toFixed(2)),
    };
    return { table, summary, passed: share >= goalShare && enqueueSeconds < 5 };
  } finally {
    for (const child of children) child.kill("SIGKILL");
    await harness.lifecycle.close();
  }
};

async function startService(name: "producer" | "worker", harness: Harness): Promise<ChildProcess> {
  const path = (file: string) => fileURLToPath(new URL(file, root));
  const env = {
    PATH: process.env["PATH"],
    LOG_LEVEL: "warn",
    EMBEDDER: "lexical",
    REDIS_URL: harness.redisUrl,
    MONGO_URI: harness.mongoUri,
    CHROMA_URL: harness.chromaUrl,
    MONGO_DB: harness.sourceDb,
    STATE_DB: harness.stateDb,
    INDEX_PREFIX: harness.indexPrefix,
    QUEUE_PREFIX: harness.queuePrefix,
  };
  const args = ["--import", new URL("deploy/local/bin/source.mjs", root).href, path(`services/${name}/src/main.ts`)];
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "inherit", "inherit", "ipc"] });
  await once(child, "message");
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill("SIGTERM");
  await once(child, "exit");
}

async function ingest({ redis, queuePrefix, log, state }: Harness): Promise<void> {
  const producer = createProducer({ redis, prefix: queuePrefix, log });
  const id = await producer.send(sourcePull, { source: "flows", slot: `manual-${randomUUID()}`, mode: "everything" });
  const pull = await waitFor(async () => (await producer.outcome(sourcePull, id)).result, "the pull", patienceMs);
  await waitFor(async () => ((await producer.depth(recordsEmbed)).unfinished === 0 ? true : undefined), "the batches", patienceMs);
  const held = await state.collection("runs").countDocuments();
  if (held !== pull.read) throw new Error(`${held} runs of ${pull.read} records`);
  await producer.close();
}

/** Seconds that Chroma takes for the same rows, in the batches and with the concurrency of the worker. */
async function writeBare({ state, chromaUrl, indexPrefix }: Harness): Promise<number> {
  const signal = AbortSignal.timeout(patienceMs);
  const active = await createIndexStateStore(state).read(signal);
  if (!active) throw new Error("nothing was indexed");
  const full = await openCollection(chromaUrl, active.collection, active.fingerprint, signal);
  const batches: { ids: string[]; embeddings: number[][]; documents: string[]; metadatas: Record<string, string | number>[] }[] = [];
  for (let offset = 0; ; offset += 500) {
    const page = await full.get({ limit: 500, offset, include: ["embeddings", "documents", "metadatas"] });
    if (page.ids.length === 0) break;
    batches.push({ ids: page.ids, embeddings: page.embeddings, documents: page.documents as string[], metadatas: page.metadatas as never });
  }
  const empty = await openCollection(chromaUrl, `${indexPrefix}bare`, active.fingerprint, signal);
  const queue = [...batches];
  const writer = async () => {
    for (let batch = queue.shift(); batch; batch = queue.shift()) await empty.upsert(batch);
  };
  return await seconds(() => Promise.all([writer(), writer()]));
}

async function enqueueMany({ redis, queuePrefix, log }: Harness): Promise<void> {
  const producer = createProducer({ redis, prefix: queuePrefix, log });
  const batches = Array.from({ length: Math.ceil(idsEnqueued / 512) }, (_, batch) => ({
    source: "flows",
    records: Array.from({ length: 512 }, (_record, index) => ({
      recordId: `${batch}-${index}`.padStart(24, "0"),
      contentHash: `${batch}${index}`.padEnd(32, "0"),
    })),
  }));
  await producer.sendAll(recordsEmbed, batches);
  await producer.close();
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1_000;
}
