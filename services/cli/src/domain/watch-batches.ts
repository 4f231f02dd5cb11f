import { recordsEmbed, type RecordsEmbedResult } from "@flow-rag/contracts";
import type { WatchDeps } from "./wait-for-job.js";

/** `failed` counts batches that were given up, the others records. */
export type BatchTotals = RecordsEmbedResult & { failed: number };

/** Follows `records.embed` jobs until all are done and adds up what really became of them. `onProgress` is told how many records are done. */
export async function watchBatches(
  { jobs, pause }: WatchDeps,
  batches: readonly string[],
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<BatchTotals> {
  const totals: BatchTotals = { indexed: 0, unchanged: 0, removed: 0, setAside: 0, failed: 0 };
  const waiting = new Set(batches);
  while (waiting.size > 0) {
    signal.throwIfAborted();
    for (const id of waiting) {
      const { state, result } = await jobs.outcome(recordsEmbed, id);
      if (state === "waiting" || state === "running") continue;
      waiting.delete(id);
      if (state === "failed") totals.failed += 1;
      for (const key of ["indexed", "unchanged", "removed", "setAside"] as const) totals[key] += result?.[key] ?? 0;
    }
    onProgress(totals.indexed + totals.unchanged + totals.removed + totals.setAside);
    if (waiting.size > 0) await pause();
  }
  return totals;
}
