import { AppError } from "@flow-rag/kernel";
import { ObjectId, type Db, type Document } from "mongodb";
import { toStoreError } from "./mongo-errors.js";

export type RecordSink = ReturnType<typeof createRecordSink>;

/** Writes to the source collection: for importing files and samples alone. The services only ever read it. */
export const createRecordSink = (db: Db, { collection, cursorFields }: { collection: string; cursorFields: readonly string[] }) => {
  const rows = db.collection(collection);
  return {
    /** Empties the collection and returns how many records it held. */
    async drop(): Promise<number> {
      const { deletedCount } = await rows.deleteMany({}).catch(toStoreError);
      return deletedCount;
    },
    /** The indexes that incremental pulls read by. */
    async ensureIndexes(): Promise<void> {
      await rows.createIndexes(cursorFields.map((field) => ({ key: { [field]: 1, _id: 1 } }))).catch(toStoreError);
    },
    /** Writes each document under its `_id`, replacing an older one. At most some thousands a call. */
    async put(documents: readonly Document[]): Promise<{ added: number; replaced: number; unchanged: number }> {
      if (documents.length === 0) return { added: 0, replaced: 0, unchanged: 0 };
      const operations = documents.map((document) => {
        if (document["_id"] === undefined) throw new AppError("invalid_input", "_id: missing");
        return { replaceOne: { filter: { _id: document["_id"] as never }, replacement: document, upsert: true } };
      });
      const { upsertedCount, modifiedCount, matchedCount } = await rows.bulkWrite(operations, { ordered: false }).catch(toStoreError);
      return { added: upsertedCount, replaced: modifiedCount, unchanged: matchedCount - modifiedCount };
    },
  };
};

/** An ObjectId from 24 hex digits, for records that bring no `_id` of their own. */
export const objectIdOf = (hex: string): unknown => ObjectId.createFromHexString(hex);
