import { AppError, type Logger } from "@flow-rag/kernel";
import type { DeadLetterStore } from "@flow-rag/stores";
import type { Asker } from "./asker.js";

/** What an answer could rest on. */
export type Coverage = {
  /** Instant of the latest run; null when there is none. */
  dataUntil: string | null;
  /** The data reach the end of the window, and nothing is known to be waiting. */
  complete: boolean;
  /** Records that are read but not indexed yet; null when it cannot be told. */
  pending: number | null;
  /** Records that could not be understood: they are in no figure. */
  setAside: number;
};
type CoverageDeps = {
  readonly deadLetters: Pick<DeadLetterStore, "count">;
  readonly sources: readonly string[];
  readonly pending?: (sources: readonly string[], signal: AbortSignal) => Promise<number | null>;
  readonly log: Logger;
};

/** Records of the asker's sources that could not be understood. */
export async function countSetAside({ deadLetters, sources }: CoverageDeps, asker: Asker, signal: AbortSignal): Promise<number> {
  const counts = await Promise.all(sourcesOf(sources, asker).map((source) => deadLetters.count(source, signal)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Records of the asker's sources that wait to be indexed. An answer does not fail because the queue cannot be asked: null. */
export async function countPending({ pending, sources, log }: CoverageDeps, asker: Asker, signal: AbortSignal): Promise<number | null> {
  if (!pending) return null;
  return await pending(sourcesOf(sources, asker), signal).catch((thrown: unknown) => {
    if (signal.aborted) throw thrown;
    log.warn({ err: AppError.from(thrown) }, "what is waiting cannot be told");
    return null;
  });
}

const sourcesOf = (sources: readonly string[], asker: Asker): readonly string[] =>
  sources.filter((source) => !asker.sources || asker.sources.includes(source));

/** A minute without a run at the end of a window is no gap; the answer's text says the same. */
const toleranceMs = 60_000;

/** Whether the data reach `to`, with what is known of records that are not in them. */
export const coverageOf = (
  until: Date | null,
  to: Date,
  { pending, setAside }: { pending: number | null; setAside: number },
): Coverage => ({
  dataUntil: until?.toISOString() ?? null,
  complete: until !== null && until.getTime() >= to.getTime() - toleranceMs && !pending,
  pending,
  setAside,
});
