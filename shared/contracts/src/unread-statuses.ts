import { z } from "zod";
import type { Doubt } from "./doubt.js";
import type { Run } from "./runs.js";

/** Runs of one pipeline whose status is `unknown` under one word. `withError`: those of them that have an error text. */
export type UnreadStatus = Pick<Run, "source" | "pipeline"> & {
  /** As the source wrote it, redacted; empty when it wrote none. */
  readonly word: string;
  readonly runs: number;
  readonly withError: number;
};

/**
 * What is not known of some runs: they count with neither the failures nor the successes. `words`: the most frequent first, at most ten of
 * `wordCount`.
 */
export const unreadStatuses = z.strictObject({
  runs: z.int(),
  withError: z.int(),
  words: z.array(z.strictObject({ word: z.string(), runs: z.int() })),
  wordCount: z.int(),
});
export type UnreadStatuses = z.output<typeof unreadStatuses>;

const mostWords = 10;

/** The sums of some rows; undefined when every status was read. */
export function sumUnread(rows: Iterable<UnreadStatus>): UnreadStatuses | undefined {
  const words = new Map<string, number>();
  let [runs, withError] = [0, 0];
  for (const row of rows) {
    runs += row.runs;
    withError += row.withError;
    words.set(row.word, (words.get(row.word) ?? 0) + row.runs);
  }
  if (runs === 0) return undefined;
  const sorted = [...words].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return { runs, withError, words: sorted.slice(0, mostWords).map(([word, count]) => ({ word, runs: count })), wordCount: words.size };
}

/** The same as a doubt about the figures that leave them out. */
export const unreadDoubt = ({ wordCount, words, ...counts }: UnreadStatuses): Extract<Doubt, { kind: "unread_status" }> => ({
  kind: "unread_status",
  ...counts,
  words,
  others: wordCount - words.length,
});
