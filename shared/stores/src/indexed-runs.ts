import type { Run } from "@flow-rag/contracts";
import type { Db, Filter } from "mongodb";
import { readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";

/** A run with its id, which is its document's too. */
export type IndexedRun = Run & { readonly id: string };
export type IndexedRuns = ReturnType<typeof createIndexedRuns>;

/** The runs of all sources in the order of their ids, for what goes through the whole index. */
export const createIndexedRuns = (db: Db) => {
  const runs = db.collection<Run & { _id: string }>("runs");
  const find = async (filter: Filter<Run & { _id: string }>, limit: number, signal: AbortSignal): Promise<IndexedRun[]> => {
    const found = await runs.find(filter, readOptions(signal)).sort({ _id: 1 }).limit(limit).toArray().catch(toStoreError);
    return found.map(({ _id, ...run }) => ({ ...run, id: _id }));
  };
  return {
    /** Runs after an id (from the first for ""), at most `limit`; `besides` leaves out those that bear this fingerprint. */
    page: ({ after, limit, besides }: { after: string; limit: number; besides?: string }, signal: AbortSignal): Promise<IndexedRun[]> =>
      find({ _id: { $gt: after }, ...(besides !== undefined && { fingerprint: { $ne: besides } }) }, limit, signal),
    /** Those that are there, in the order of their ids. */
    byIds: (ids: readonly string[], signal: AbortSignal): Promise<IndexedRun[]> => find({ _id: { $in: [...ids] } }, ids.length, signal),
    count: (signal: AbortSignal): Promise<number> => runs.countDocuments({}, readOptions(signal)).catch(toStoreError),
    /** Says of runs that their document is in the index of `fingerprint`. One that has changed since it was read stays as it is. */
    async adopt(read: readonly Pick<IndexedRun, "id" | "contentHash" | "signature">[], fingerprint: string): Promise<void> {
      if (read.length === 0) return;
      const operations = read.map(({ id, contentHash, signature }) => ({
        updateOne: { filter: { _id: id, contentHash }, update: { $set: { fingerprint, signature } } },
      }));
      await runs.bulkWrite(operations, { ordered: false }).catch(toStoreError);
    },
  };
};
