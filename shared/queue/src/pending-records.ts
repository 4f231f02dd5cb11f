import { recordsEmbed } from "@flow-rag/contracts";
import { keepLooks } from "@flow-rag/kernel";
import type { QueueGate } from "./queue-gate.js";

type Batch = { readonly source: string; readonly records: readonly unknown[] };
const keptForMs = 1_000;
/** A longer queue is told as at least so much. */
const maxJobs = 1_000;

/** How many records of the sources wait to be indexed. Looked at once a second at most, however many questions are asked. */
export function createPendingRecords(gate: Pick<QueueGate, "unfinished">) {
  const look = keepLooks(keptForMs, async (): Promise<readonly Batch[]> => await gate.unfinished(recordsEmbed, maxJobs));
  return async (sources: readonly string[]): Promise<number> => {
    const batches = await look(undefined);
    return batches.reduce((sum, { source, records }) => sum + (sources.includes(source) ? records.length : 0), 0);
  };
}
