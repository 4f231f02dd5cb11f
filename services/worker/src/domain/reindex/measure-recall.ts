import { digest } from "@flow-rag/contracts";
import { embeddedText } from "@flow-rag/insights";
import type { ReindexDeps } from "./reindex-deps.js";
import { walkRuns } from "./walk-runs.js";

/** Distinct texts that are asked. A recall of 0.99 falls under the threshold once in ten thousand times, one of 0.9 passes once in a hundred. */
const sampled = 200;
const looked = 8;
const askedAtOnce = 4;

/** Share of the texts that must find themselves with the vector that passages get: less, and vectors are mixed up or the graph lost its way. */
const leastAsPassages = 0.95;
/**
 * The same with the vector that questions get. Among hundreds of texts that differ in a word a sound model may prefer another's, and one with
 * random weights still reaches 0.75 (measured); one whose questions have nothing to do with its passages stays at chance, 8 in all texts.
 */
const leastAsQuestions = 0.25;

export type Recall = { readonly asked: number; readonly asPassages: number; readonly asQuestions: number };

export const isEnough = ({ asked, asPassages, asQuestions }: Recall): boolean =>
  asPassages >= asked * leastAsPassages && asQuestions >= asked * leastAsQuestions;

/**
 * Asks the index its own texts and counts those that find a document of the same text or of the same error among the first eight. By text and
 * not by id: a failure that came a thousand times has a thousand documents with one vector. Ingestion goes on meanwhile and writes to another
 * index, so a run counts only if its document was there before it was asked and is about its content afterwards.
 */
export async function measureRecall(deps: ReindexDeps, signal: AbortSignal): Promise<Recall> {
  const samples = await withDocument(deps, await sampleTexts(deps, signal), signal);
  const vectors = await deps.embedder.embedPassages(
    samples.map(({ text }) => text),
    signal,
  );
  const finds = async ({ text, signature }: Sample, values: number[]): Promise<boolean> => {
    const nearest = await deps.vectors.search(values, { limit: looked }, signal);
    if (signature !== null && nearest.some(({ meta }) => meta.signature === signature)) return true;
    const ids = nearest.map(({ meta }) => meta.id);
    return (await deps.runs.byIds(ids, signal)).some((run) => embeddedText(run) === text);
  };
  const waiting = samples.map((sample, position) => ({ sample, vector: vectors[position] ?? [] }));
  const found = new Map<Sample, { asPassage: boolean; asQuestion: boolean }>();
  const ask = async (): Promise<void> => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { sample, vector } = next;
      const asPassage = await finds(sample, vector);
      const asQuestion = await finds(sample, await deps.embedder.embedQuery(sample.text, signal));
      found.set(sample, { asPassage, asQuestion });
      deps.onProgress({ stage: "recall", done: found.size, total: samples.length });
    }
  };
  await Promise.all(Array.from({ length: askedAtOnce }, ask));
  const counted = (await withDocument(deps, [...found.keys()], signal)).map((sample) => found.get(sample));
  return {
    asked: counted.length,
    asPassages: counted.filter((one) => one?.asPassage).length,
    asQuestions: counted.filter((one) => one?.asQuestion).length,
  };
}

/** Those whose run is as it was when it was sampled, and whose document is of that content. */
async function withDocument(deps: ReindexDeps, samples: readonly Sample[], signal: AbortSignal): Promise<Sample[]> {
  if (samples.length === 0) return [];
  const ids = samples.map(({ id }) => id);
  const [versions, runs] = await Promise.all([deps.vectors.versions(ids, signal), deps.runs.byIds(ids, signal)]);
  const present = new Map(runs.map(({ id, contentHash }) => [id, contentHash]));
  return samples.filter(({ id, contentHash }) => versions.get(id) === contentHash && present.get(id) === contentHash);
}

type Sample = { readonly text: string; readonly signature: string | null; readonly id: string; readonly contentHash: string };

/** The texts with the smallest hashes: distinct ones, each as likely as any other however often it occurs, and the same ones each time. */
async function sampleTexts(deps: ReindexDeps, signal: AbortSignal): Promise<Sample[]> {
  let smallest = new Map<string, Sample>();
  let limit = "~"; // above every hexadecimal digit
  const keep = (count: number): void => {
    smallest = new Map([...smallest].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, count));
    if (smallest.size === count) limit = [...smallest.keys()].at(-1) ?? limit;
  };
  await walkRuns(
    deps,
    async (page) => {
      for (const run of page) {
        const text = embeddedText(run);
        const key = digest(text);
        if (key < limit && !smallest.has(key))
          smallest.set(key, { text, signature: run.signature, id: run.id, contentHash: run.contentHash });
      }
      keep(sampled);
    },
    signal,
  );
  return [...smallest.values()];
}
