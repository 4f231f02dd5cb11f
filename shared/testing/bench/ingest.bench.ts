import { recordsEmbed } from "@flow-rag/contracts";
import { createProducer } from "@flow-rag/queue";
import type { ChildProcess } from "node:child_process";
import type { Evaluate } from "../src/evaluation.js";
import { createHarness, type Harness } from "../src/harness.js";
import { fillSource, ingest, seconds, startService, stop, writeBare } from "./whole-path.js";

export const needsServices = true;

const goalShare = 0.85;
const idsEnqueued = 100_000;

/**
 * Records per second from the source to the index, by the real producer and worker with the lexical embedder, against what Chroma alone
 * takes: the same documents, vectors and metadata, written again into a fresh collection by this process.
 */
export const bench: Evaluate = async () => {
  const harness = await createHarness();
  const children: ChildProcess[] = [];
  try {
    const records = await fillSource(harness, "website-checks");

    for (const name of ["worker", "producer"] as const) children.push(await startService(name, harness, { EMBEDDER: "lexical" }));
    const endToEnd = records / (await seconds(() => ingest(harness)));
    for (const child of children.splice(0)) await stop(child);
    const bare = records / (await writeBare(harness));
    const enqueueSeconds = await seconds(() => enqueueMany(harness));

    const share = endToEnd / bare;
    const table = [
      { what: "end to end", "records/s": Math.round(endToEnd) },
      { what: "Chroma alone", "records/s": Math.round(bare) },
    ];
    const summary = {
      records,
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
