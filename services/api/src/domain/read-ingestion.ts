import { addBatch, noBatches, recordsEmbed, sourcePull, type BatchTotals, type SourcePullResult } from "@flow-rag/contracts";
import type { JobOutcome, Producer } from "@flow-rag/queue";

export type IngestionJobs = Pick<Producer, "outcome">;
/** How far a pull is. `running` until its batches are done too. */
export type Ingestion = {
  readonly id: string;
  readonly state: JobOutcome<unknown>["state"];
  readonly reason: string | null;
  /** While records are read. */
  readonly progress: { readonly read: number; readonly total: number } | null;
  /** Once all are read. */
  readonly pull: Omit<SourcePullResult, "batches"> | null;
  readonly batches: { readonly total: number; readonly done: number } & BatchTotals;
};

/** What has become of a pull and of the batches that it made, as of now. */
export async function readIngestion(jobs: IngestionJobs, id: string): Promise<Ingestion> {
  const { state, reason = null, progress, result } = await jobs.outcome(sourcePull, id);
  const { read = 0, total = 0 } = (progress ?? {}) as { read?: number; total?: number };
  const { batches = [], ...pull } = result ?? {};
  let totals = noBatches;
  let done = 0;
  for (const batch of batches) {
    const outcome = await jobs.outcome(recordsEmbed, batch);
    if (outcome.state === "waiting" || outcome.state === "running") continue;
    done += 1;
    totals = addBatch(totals, outcome);
  }
  return {
    id,
    state: state === "completed" && done < batches.length ? "running" : state,
    reason,
    progress: state === "running" || state === "waiting" ? { read, total: Math.max(read, total) } : null,
    pull: result ? (pull as Omit<SourcePullResult, "batches">) : null,
    batches: { total: batches.length, done, ...totals },
  };
}
