import type { RecordsEmbedResult } from "./queues.js";

/** What became of the batches of a pull. `failed` counts batches that were given up, the others records. */
export type BatchTotals = RecordsEmbedResult & { readonly failed: number };

export const noBatches: BatchTotals = { indexed: 0, unchanged: 0, removed: 0, setAside: 0, failed: 0 };

/** The totals with one more batch that has ended; one that the queue forgot says nothing. */
export function addBatch(totals: BatchTotals, { state, result }: { state: string; result: RecordsEmbedResult | undefined }): BatchTotals {
  return {
    indexed: totals.indexed + (result?.indexed ?? 0),
    unchanged: totals.unchanged + (result?.unchanged ?? 0),
    removed: totals.removed + (result?.removed ?? 0),
    setAside: totals.setAside + (result?.setAside ?? 0),
    failed: totals.failed + (state === "failed" ? 1 : 0),
  };
}
