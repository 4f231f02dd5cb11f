import { runId, type Run } from "@flow-rag/contracts";
import type { Db } from "mongodb";
import { readOptions, toStoreError } from "./mongo.js";
import { sourcesMatch } from "./run-filter.js";

/** What statistics over many runs need of each. `at` is epoch ms. */
export type RunRow = Pick<Run, "pipeline" | "tech" | "status" | "durationMs" | "signature" | "owner"> & {
  readonly id: string;
  readonly at: number;
};
export type RunStream = ReturnType<typeof createRunStream>;

const batchSize = 5_000;

/** The runs one after the other, for what has to see all of them: never more than a batch in memory. */
export const createRunStream = (db: Db) => {
  const runs = db.collection<Run & { _id: string }>("runs");
  return {
    /** Every run with `from` <= ts < `to`, in no order; of the given sources only, or of all. */
    async *between(
      { from, to, sources }: { from: Date; to: Date; sources?: readonly string[] | undefined },
      signal: AbortSignal,
    ): AsyncGenerator<RunRow> {
      const projection = { source: 1, recordId: 1, pipeline: 1, tech: 1, status: 1, ts: 1, durationMs: 1, signature: 1, owner: 1 };
      // No time limit but the caller's: reading a million runs takes as long as it takes.
      const found = runs.find({ ts: { $gte: from, $lt: to }, ...sourcesMatch({ sources }) }, { signal, projection, batchSize });
      try {
        for await (const { source, recordId, pipeline, tech, status, ts, durationMs, signature, owner } of found) {
          yield { id: runId({ source, recordId }), pipeline, tech, status, at: ts.getTime(), durationMs, signature, owner: owner ?? null };
        }
      } catch (error) {
        toStoreError(error);
      }
    },
    /** When each error signature was last seen with a failure before an instant, and where the runs begin; epoch ms. */
    async errorsBefore(
      before: Date,
      signal: AbortSignal,
      sources?: readonly string[],
    ): Promise<{ lastSeen: Map<string, number>; since: number }> {
      const groups = await runs
        .aggregate<{ _id: string; last: Date }>(
          [
            { $match: { status: "failed", ts: { $lt: before }, signature: { $ne: null }, ...sourcesMatch({ sources }) } },
            { $group: { _id: "$signature", last: { $max: "$ts" } } },
          ],
          { ...readOptions(signal), allowDiskUse: true },
        )
        .toArray()
        .catch(toStoreError);
      const [first] = await runs
        .find(sourcesMatch({ sources }), { ...readOptions(signal), projection: { ts: 1 } })
        .sort({ ts: 1 })
        .limit(1)
        .toArray()
        .catch(toStoreError);
      return { lastSeen: new Map(groups.map(({ _id, last }) => [_id, last.getTime()])), since: first?.ts.getTime() ?? Infinity };
    },
  };
};
