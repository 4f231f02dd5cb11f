import { recordsEmbed } from "@flow-rag/contracts";
import { createProducer } from "@flow-rag/queue";
import type { ChildProcess } from "node:child_process";
import { stderr } from "node:process";
import type { Evaluate } from "../src/evaluation.js";
import { createHarness, type Harness } from "../src/harness.js";
import { fillSource, ingest, readIndexed, seconds, startService, stop, writeBare } from "./whole-path.js";

export const needsServices = true;

const goalShare = 0.85;
const idsEnqueued = 100_000;

/**
 * `npm run bench -- ingest [rounds]`: records per second from the source to the index, by the real producer and worker with the lexical
 * embedder, against what Chroma alone takes: the same documents, vectors and metadata, by the same client, into a fresh collection.
 * Each round measures both, one after the other; the machine's moods are in both, and the median of the rounds' shares counts.
 */
export const bench: Evaluate = async ([given = "3"]) => {
  const rounds: Round[] = [];
  while (rounds.length < Number(given)) {
    rounds.push(await runRound());
    const { endToEnd, bare } = rounds.at(-1)!;
    stderr.write(
      `round ${rounds.length}: ${Math.round(endToEnd)} records/s, Chroma alone ${Math.round(bare)}, ${(endToEnd / bare).toFixed(3)}\n`,
    );
  }
  const enqueueSeconds = await measureEnqueueing();
  const shares = rounds.map(({ endToEnd, bare }) => endToEnd / bare).toSorted((a, b) => a - b);
  const share = median(shares);
  const table = [
    { what: "end to end", "records/s": Math.round(median(rounds.map(({ endToEnd }) => endToEnd))) },
    { what: "Chroma alone", "records/s": Math.round(median(rounds.map(({ bare }) => bare))) },
  ];
  const summary = {
    records: rounds[0]?.records,
    endToEnd: table[0]?.["records/s"],
    chromaAlone: table[1]?.["records/s"],
    share: Number(share.toFixed(3)),
    shares: shares.map((each) => Number(each.toFixed(3))),
    goalShare,
    enqueueSeconds: Number(enqueueSeconds.toFixed(2)),
  };
  return { table, summary, passed: share >= goalShare && enqueueSeconds < 5 };
};

type Round = { readonly records: number; readonly endToEnd: number; readonly bare: number };

async function runRound(): Promise<Round> {
  const harness = await createHarness();
  const children: ChildProcess[] = [];
  try {
    const records = await fillSource(harness, "website-checks");
    for (const name of ["worker", "producer"] as const) children.push(await startService(name, harness, { EMBEDDER: "lexical" }));
    const endToEnd = records / (await seconds(() => ingest(harness)));
    for (const child of children.splice(0)) await stop(child);
    return { records, endToEnd, bare: records / (await writeBare(harness, await readIndexed(harness))) };
  } finally {
    for (const child of children) child.kill("SIGKILL");
    await harness.lifecycle.close();
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function measureEnqueueing(): Promise<number> {
  const harness = await createHarness();
  try {
    return await seconds(() => enqueueMany(harness));
  } finally {
    await harness.lifecycle.close();
  }
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
