import { runId, type DeadLetter, type RecordRef } from "@flow-rag/contracts";
import type { Db } from "mongodb";
import { readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";

type Row = DeadLetter & { _id: string; discarded?: boolean };

export type LetterFilter = { readonly ids?: readonly string[]; readonly stage?: DeadLetter["stage"]; readonly reason?: string };
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
              update: {
                $set: { ...letter, lastSeenAt: now },
                $unset: { discarded: "" },
                $setOnInsert: { firstSeenAt: now },
                $inc: { attempts: 1 },
              },
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
    /** The latest first, at most `limit`, without the discarded ones. `reason` is a part of the reason's text. */
    async list(source: string, limit: number, signal: AbortSignal, { ids, stage, reason }: LetterFilter = {}): Promise<DeadLetter[]> {
      const filter = {
        source,
        discarded: { $ne: true },
        ...(ids && { _id: { $in: ids.map((recordId) => runId({ source, recordId })) } }),
        ...(stage && { stage }),
      };
      const found = await rows.find(filter, readOptions(signal)).sort({ lastSeenAt: -1, _id: 1 }).toArray().catch(toStoreError);
      const wanted = reason === undefined ? found : found.filter((letter) => letter.reason.includes(reason));
      return wanted.slice(0, limit).map(({ _id, discarded: _no, ...letter }) => letter);
    },
    /** Keeps the rows but no longer lists or counts them: the record is not tried again until it changes. */
    async discard(refs: readonly RecordRef[]): Promise<void> {
      if (refs.length > 0) await rows.updateMany({ _id: { $in: refs.map(runId) } }, { $set: { discarded: true } }).catch(toStoreError);
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
    /** Records that are set aside and not discarded. */
    count: (source: string, signal: AbortSignal): Promise<number> =>
      rows.countDocuments({ source, discarded: { $ne: true } }, readOptions(signal)).catch(toStoreError),
    /** The same with the discarded ones. */
    countHeld: (source: string, signal: AbortSignal): Promise<number> =>
      rows.countDocuments({ source }, readOptions(signal)).catch(toStoreError),
  };
};
