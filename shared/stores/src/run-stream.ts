import { digest, runId, type Run } from "@flow-rag/contracts";
import type { Db, Filter } from "mongodb";
import { readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";
import { sourcesMatch } from "./run-filter.js";
import type { SignatureIds } from "./signature-ids.js";
import { createSignatureJoins } from "./signature-joins.js";

/** What statistics over many runs need of each. `at` is epoch ms. */
export type RunRow = Pick<Run, "pipeline" | "tech" | "status" | "durationMs" | "signature" | "owner"> & {
  readonly id: string;
  readonly at: number;
  /** Equal for the attempts of one run of a pipeline: 32 bits of a hash of the source's name of it, never 0. Absent where it names none. */
  readonly runKey?: number;
  /** Epoch ms, as of the run; absent where they were not kept. */
  readonly firstIndexedAt?: number;
  readonly statusSince?: number;
};
export type RunStream = ReturnType<typeof createRunStream>;

const batchSize = 5_000;
const fields = [
  "source",
  "recordId",
  "pipeline",
  "tech",
  "status",
  "ts",
  "durationMs",
  "signature",
  "owner",
  "runRef",
  "firstIndexedAt",
  "statusSince",
];
const projection = Object.fromEntries(fields.map((field) => [field, 1]));
const toRow = (
  { source, recordId, pipeline, tech, status, ts, durationMs, signature, owner, runRef, ...run }: Run,
  ids: SignatureIds,
): RunRow => ({
  id: runId({ source, recordId }),
  pipeline,
  tech,
  status,
  at: ts.getTime(),
  durationMs,
  signature: signature && ids.resolve(signature),
  owner: owner ?? null,
  ...(runRef && { runKey: Number.parseInt(digest(runRef).slice(0, 8), 16) || 1 }),
  ...(run.firstIndexedAt && { firstIndexedAt: run.firstIndexedAt.getTime() }),
  ...(run.statusSince && { statusSince: run.statusSince.getTime() }),
});

/** The runs one after the other, for what has to see all of them: never more than a batch in memory. */
export const createRunStream = (db: Db) => {
  const runs = db.collection<Run & { _id: string }>("runs");
  const joins = createSignatureJoins(db);
  async function* read(filter: Filter<Run & { _id: string }>, signal: AbortSignal): AsyncGenerator<RunRow> {
    const ids = await joins.current(signal);
    // No time limit but the caller's: reading a million runs takes as long as it takes.
    const found = runs.find(filter, { signal, projection, batchSize });
    try {
      for await (const run of found) yield toRow(run, ids);
    } catch (error) {
      toStoreError(error);
    }
  }
  return {
    /** Every run with `from` <= ts < `to`, in no order; of the given sources only, or of all. */
    between: (
      { from, to, sources }: { from: Date; to: Date; sources?: readonly string[] | undefined },
      signal: AbortSignal,
    ): AsyncGenerator<RunRow> => read({ ts: { $gte: from, $lt: to }, ...sourcesMatch({ sources }) }, signal),
    /** Those of them that were indexed, for the first time or again, at `indexedFrom` or later. */
    indexedSince: ({ from, to, indexedFrom }: { from: Date; to: Date; indexedFrom: Date }, signal: AbortSignal): AsyncGenerator<RunRow> =>
      read({ indexedAt: { $gte: indexedFrom }, ts: { $gte: from, $lt: to } }, signal),
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
      const { resolve } = await joins.current(signal);
      const lastSeen = new Map<string, number>();
      for (const { _id, last } of groups) lastSeen.set(resolve(_id), Math.max(last.getTime(), lastSeen.get(resolve(_id)) ?? -Infinity));
      return { lastSeen, since: first?.ts.getTime() ?? Infinity };
    },
  };
};
