import { sourcePull, type BatchTotals, type SourcePullResult } from "@flow-rag/contracts";
import { waitForJob, type WatchDeps } from "./wait-for-job.js";
import { watchBatches } from "./watch-batches.js";

export type IngestionResult = Omit<SourcePullResult, "batches"> & BatchTotals;
/** Records done of those that are known to be there. */
type IngestionProgress = (stage: "read" | "embed", done: number, total: number) => void;

/**
 * Follows one pull and the batches it made until all are done; says what really became of them.
 * @throws AppError `unexpected` when the pull itself failed; the signal's reason once it has aborted.
 */
export async function watchIngestion(
  deps: WatchDeps & { onProgress: IngestionProgress },
  pullId: string,
  signal: AbortSignal,
): Promise<IngestionResult> {
  const pull = await waitForJob(deps, sourcePull, pullId, signal, (progress) => {
    const { read = 0, total = 0 } = (progress ?? {}) as { read?: number; total?: number };
    deps.onProgress("read", read, Math.max(read, total));
  });
  const due = pull.enqueued + pull.removed;
  const totals = await watchBatches(deps, pull.batches, signal, (done) => deps.onProgress("embed", done, due));
  const { read, matched, enqueued, ahead, keptBack, unchanged } = pull;
  return { read, matched, enqueued, ahead, keptBack, ...totals, unchanged: unchanged + totals.unchanged };
}
