import { runId, type DeadLetter, type RecordRef } from "@flow-rag/contracts";
import type { Db } from "mongodb";
import { readOptions, toStoreError } from "./mongo.js";

type Row = DeadLetter & { _id: string };
export type DeadLetterStore = ReturnType<typeof createDeadLetterStore>;

/** Records that could not become runs. One row a record, whatever number of times it was tried. */
export const createDeadLetterStore = (db: Db) => {
  const rows = db.collection<Row>("dead_letters");
  return {
    /** Content hashes of those among the records that are set aside, by record id: unchanged ones need not be tried again. */
    async contentHashes(source: string, recordIds: readonly string[], signal: AbortSignal): Promise<Map<string, string>> {
      const ids = recordIds.map((recordId) => runId({ source, recordId }));
      const found = await rows
        .find({ _id: { $in: ids } }, { ...readOptions(signal), projection: { recordId: 1, contentHash: 1 } })
        .toArray()
        .catch(toStoreError);
      return new Map(found.map(({ recordId, contentHash }) => [recordId, contentHash]));
    },
    async put(letters: readonly Omit<DeadLetter, "attempts" | "firstSeenAt" | "lastSeenAt">[], now: Date): Promise<void> {
      if (letters.length === 0) return;
      await rows
        .bulkWrite(
          letters.map((letter) => ({
            updateOne: {
              filter: { _id: runId(letter) },
              update: { $set: { ...letter, lastSeenAt: now }, $setOnInsert: { firstSeenAt: now }, $inc: { attempts: 1 } },
              upsert: true,
            },
          })),
          { ordered: false },
        )
        .catch(toStoreError);
    },
    /** Takes records off the list because they were indexed or are gone from the source. */
    async resolve(refs: readonly RecordRef[]): Promise<void> {
      if (refs.length > 0) await rows.deleteMany({ _id: { $in: refs.map(runId) } }).catch(toStoreError);
    },
    /** The latest first, at most `limit`. */
    async list(source: string, limit: number, signal: AbortSignal): Promise<DeadLetter[]> {
      const found = await rows
        .find({ source }, readOptions(signal))
        .sort({ lastSeenAt: -1, _id: 1 })
        .limit(limit)
        .toArray()
        .catch(toStoreError);
      return found.map(({ _id, ...letter }) => letter);
    },
    /** Record ids after `after`, in the order of the stored id, at most `limit`. */
    async idsAfter(source: string, after: string, limit: number, signal: AbortSignal): Promise<string[]> {
      const range = { source, _id: { $gt: runId({ source, recordId: after }) } };
      const found = await rows
        .find(range, { ...readOptions(signal), projection: { recordId: 1 } })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray()
        .catch(toStoreError);
      return found.map(({ recordId }) => recordId);
    },
    count: (source: string, signal: AbortSignal): Promise<number> =>
      rows.countDocuments({ source }, readOptions(signal)).catch(toStoreError),
  };
};
