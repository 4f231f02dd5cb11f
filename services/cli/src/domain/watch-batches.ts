import { addBatch, noBatches, recordsEmbed, type BatchTotals } from "@flow-rag/contracts";
import type { WatchDeps } from "./wait-for-job.js";

/** Follows `records.embed` jobs until all are done and adds up what really became of them. `onProgress` is told how many records are done. */
export async function watchBatches(
  { jobs, pause }: WatchDeps,
  batches: readonly string[],
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<BatchTotals> {
  let totals = noBatches;
  const waiting = new Set(batches);
  while (waiting.size > 0) {
    signal.throwIfAborted();
    for (const id of waiting) {
      const outcome = await jobs.outcome(recordsEmbed, id);
      if (outcome.state === "waiting" || outcome.state === "running") continue;
      waiting.delete(id);
      totals = addBatch(totals, outcome);
    }
    onProgress(totals.indexed + totals.unchanged + totals.removed + totals.setAside);
    if (waiting.size > 0) await pause();
  }
  return totals;
}
