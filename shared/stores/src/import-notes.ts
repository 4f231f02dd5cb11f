import type { Db } from "mongodb";
import { toStoreError } from "./mongo-errors.js";
import { sourceHealthCollection, type Imported, type RefusedRows, type SourceHealthRow } from "./source-health-store.js";

/** Files whose refused rows are remembered for a source. */
export const refusedFiles = 20;

export type ImportNotes = ReturnType<typeof createImportNotes>;

/** What imports leave to be told until it is settled, in the row that tells of a source. */
export const createImportNotes = (db: Db) => {
  const rows = db.collection<SourceHealthRow>(sourceHealthCollection);
  return {
    /** Records were written: until a reading begins after `at` and reaches back to `from`, they are in no figure. Adds to what waits already. */
    async imported(source: string, { records, from, at }: Imported): Promise<void> {
      const row = await rows.findOne({ _id: source }).catch(toStoreError);
      const waiting = row?.imported ?? null;
      const earliest = waiting === null ? from : waiting.from === null || from === null ? null : new Date(Math.min(+waiting.from, +from));
      const imported: Imported = { records: records + (waiting?.records ?? 0), from: earliest, at };
      await rows.updateOne({ _id: source }, { $set: { imported } }, { upsert: true }).catch(toStoreError);
    },
    /** A reading that began at `startedAt` has ended well; it read everything, or (`from`) what is not older than that. */
    async read(source: string, { startedAt, from }: { startedAt: Date; from: Date | null }): Promise<void> {
      const reached = { "imported.at": { $lte: startedAt }, ...(from && { "imported.from": { $gte: from } }) };
      await rows.updateOne({ _id: source, ...reached }, { $set: { imported: null } }).catch(toStoreError);
    },
    /** What the latest import of a file refused; none settles what an earlier one did. */
    async refused(source: string, { file, at, rows: count, problems }: RefusedRows): Promise<void> {
      await rows.updateOne({ _id: source }, { $pull: { refused: { file } } }, { upsert: true }).catch(toStoreError);
      if (count === 0) return;
      const each = [{ file, at, rows: count, problems }];
      await rows.updateOne({ _id: source }, { $push: { refused: { $each: each, $slice: -refusedFiles } } }).catch(toStoreError);
    },
    /** The refused rows are no longer told; how many there were. */
    async forgetRefused(source: string): Promise<number> {
      const row = await rows.findOneAndUpdate({ _id: source }, { $set: { refused: [] } }).catch(toStoreError);
      return (row?.refused ?? []).reduce((sum, { rows: count }) => sum + count, 0);
    },
  };
};
