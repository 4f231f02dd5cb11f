import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createLogger } from "@flow-rag/kernel";
import type { Evaluate } from "@flow-rag/testing";
import { cpuThreads } from "../src/cpu-threads.js";
import { createE5Embedder, type E5Embedder } from "../src/e5-embedder.js";
import { locateModel } from "../src/model-files.js";
import { e5ShapedModel, recordTexts } from "./e5-shape.js";

const goals = { ratio: 7.5, megabytes: 400 };
const perJob = 512;
const jobsAtOnce = 2;
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const { signal } = new AbortController();

type Measured = { seconds: number; tokens: number; padded: number; peaks: number[] };

/**
 * `npm run bench -- embed [texts]`: the naive way and ours on the same distinct texts of 30 to 150 tokens, one after the other, then 10,000
 * more for the memory. Memory is each process's peak; jobs of 512 texts, two at once, as the worker has them.
 */
export const bench: Evaluate = async ([count = "2000"]) => {
  const folder = await e5ShapedModel(say);
  const texts = recordTexts(Number(count));
  const naive = await runNaively(folder, texts);
  say(`naive: ${(texts.length / naive.seconds).toFixed(1)} records/s`);

  const processes = await cpuThreads();
  const files = locateModel({ model: folder, modelDir: folder, dtype: "q8" });
  const embedder = await createE5Embedder(files, { dtype: "q8", processes, log: createLogger("bench", "warn") });
  await embedder.warmUp();
  const first = new Set(embedder.processes().map(({ pid }) => pid));
  await embedder.embedPassages(texts.slice(0, 8), signal);
  const ours = await run(embedder, texts);
  say(`ours: ${(texts.length / ours.seconds).toFixed(1)} records/s`);

  const growth: number[] = [];
  for (let round = 1; round <= 5; round += 1) {
    await run(embedder, recordTexts(2_000, 100 + round));
    growth.push(Math.round(embedder.processes().reduce((sum, { rssBytes }) => sum + rssBytes, memoryNow()) / 1e6));
  }
  const peaks = peaksOf(embedder);
  const replaced = embedder.processes().filter(({ pid }) => !first.has(pid)).length;
  await embedder.close();

  const ratio = naive.seconds / ours.seconds;
  const row = (way: string, { seconds, tokens, padded }: Measured, megabytes: readonly number[]) => ({
    way,
    "records/s": round(texts.length / seconds),
    "tokens/s": Math.round(tokens / seconds),
    "padding %": round((padded / tokens - 1) * 100),
    "peak MB per process": megabytes.join(" + "),
  });
  const flat = growth.at(-1)! - growth[0]! <= 40;
  return {
    table: [row("fp32, 32 in arrival order, 1 process", naive, naive.peaks), row(`q8, 512 tokens, ${processes} processes`, ours, peaks)],
    summary: {
      ratio: round(ratio),
      recordsPerSecond: round(texts.length / ours.seconds),
      naiveRecordsPerSecond: round(texts.length / naive.seconds),
      tokensPerText: Math.round(ours.tokens / texts.length),
      peakMegabytes: { worker: peaks[0], tokenizer: peaks[1], sessions: peaks.slice(2) },
      megabytesEvery2000Texts: growth,
      replaced,
      goals,
    },
    passed: ratio >= goals.ratio && Math.max(...peaks) < goals.megabytes && flat && replaced === 0,
  };
};

async function run(embedder: E5Embedder, texts: readonly string[]): Promise<Measured> {
  const before = embedder.work();
  const begin = performance.now();
  const jobs = Array.from({ length: Math.ceil(texts.length / perJob) }, (_, job) => texts.slice(job * perJob, (job + 1) * perJob));
  const worker = async (): Promise<void> => {
    for (let job = jobs.shift(); job; job = jobs.shift()) await embedder.embedPassages(job, signal);
  };
  await Promise.all(Array.from({ length: jobsAtOnce }, worker));
  const seconds = (performance.now() - begin) / 1_000;
  const after = embedder.work();
  return { seconds, tokens: after.tokens - before.tokens, padded: after.padded - before.padded, peaks: peaksOf(embedder) };
}

async function runNaively(folder: string, texts: readonly string[]): Promise<Measured> {
  const child = fork(new URL("naive-process.ts", import.meta.url), [folder], { execArgv: process.execArgv });
  await once(child, "message");
  child.send(texts);
  const [measured] = (await once(child, "message")) as [Omit<Measured, "peaks">];
  const peaks = [peakOf(child.pid ?? 0)];
  child.kill();
  return { ...measured, peaks };
}

const round = (value: number): number => Math.round(value * 10) / 10;
const memoryNow = (): number => process.memoryUsage.rss();
const peaksOf = (embedder: E5Embedder): number[] => [process.pid, ...embedder.processes().map(({ pid }) => pid)].map(peakOf);

/** Peak resident memory of a process in MB. Source: proc(5), VmHWM. */
const peakOf = (pid: number): number =>
  Math.round((Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1_024) / 1e6);
