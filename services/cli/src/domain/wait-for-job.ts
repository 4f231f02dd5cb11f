import type { QueueContract } from "@flow-rag/contracts";
import { AppError } from "@flow-rag/kernel";
import type { Producer } from "@flow-rag/queue";
import type { z } from "zod";

export type WatchDeps = { jobs: Pick<Producer, "outcome">; pause: () => Promise<void> };

/**
 * Waits for one job's end and gives its result; `onLook` sees its progress at each look.
 * @throws AppError `unexpected` when the job was given up or forgotten; the signal's reason once it has aborted.
 */
export async function waitForJob<P extends z.ZodType, R extends z.ZodType>(
  { jobs, pause }: WatchDeps,
  contract: QueueContract<P, R>,
  jobId: string,
  signal: AbortSignal,
  onLook: (progress: unknown) => void = () => {},
): Promise<z.output<R>> {
  for (;;) {
    signal.throwIfAborted();
    const { state, progress, result, reason } = await jobs.outcome(contract, jobId);
    onLook(progress);
    if (state === "completed") return result as z.output<R>;
    if (state === "failed") throw new AppError("unexpected", `${contract.name} failed: ${reason ?? "no reason given"}`);
    if (state === "gone") throw new AppError("unexpected", `the queue no longer knows the ${contract.name} job: was Redis emptied?`);
    await pause();
  }
}
