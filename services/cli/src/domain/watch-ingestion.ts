import { recordsEmbed, sourcePull, type RecordsEmbedResult, type SourcePullResult } from "@flow-rag/contracts";
import { AppError } from "@flow-rag/kernel";
import type { Producer } from "@flow-rag/queue";

export type IngestionResult = Omit<SourcePullResult, "batches"> & RecordsEmbedResult & { failed: number };
/** Records done of those that are known to be there. */
type IngestionProgress = (stage: "read" | "embed", done: number, total: number) => void;
type Deps = { jobs: Pick<Producer, "outcome">; pause: () => Promise<void>; onProgress: IngestionProgress };

/**
 * Follows one pull and the batches it made until all are done; says what really became of them.
 * @throws AppError `unexpected` when the pull itself failed; the signal's reason once it has aborted.
 */
export async function watchIngestion({ jobs, pause, onProgress }: Deps, pullId: string, signal: AbortSignal): Promise<IngestionResult> {
  const pull = await waitForPull();
  const result = { indexed: 0, unchanged: pull.unchanged, removed: 0, setAside: 0, failed: 0 };
  const waiting = new Set(pull.batches);
  let done = 0;
  while (waiting.size > 0) {
    signal.throwIfAborted();
    for (const id of waiting) {
      const { state, result: batch } = await jobs.outcome(recordsEmbed, id);
      if (state === "waiting" || state === "running") continue;
      waiting.delete(id);
      if (state === "failed") result.failed += 1;
      if (!batch) continue;
      result.indexed += batch.indexed;
      result.unchanged += batch.unchanged;
      result.removed += batch.removed;
      result.setAside += batch.setAside;
      done += batch.indexed + batch.unchanged + batch.removed + batch.setAside;
    }
    onProgress("embed", done, pull.enqueued + pull.removed);
    if (waiting.size > 0) await pause();
  }
  const { read, matched, enqueued, keptBack } = pull;
  return { read, matched, enqueued, keptBack, ...result };

  async function waitForPull(): Promise<SourcePullResult> {
    for (;;) {
      signal.throwIfAborted();
      const outcome = await jobs.outcome(sourcePull, pullId);
      const { read = 0, total = 0 } = (outcome.progress ?? {}) as { read?: number; total?: number };
      onProgress("read", read, Math.max(read, total));
      if (outcome.result) return outcome.result;
      if (outcome.state === "failed") throw new AppError("unexpected", `reading the source failed: ${outcome.reason ?? "no reason given"}`);
      if (outcome.state === "gone") throw new AppError("unexpected", "the queue no longer knows the pull: was Redis emptied?");
      await pause();
    }
  }
}
