import { AppError } from "@flow-rag/kernel";
import {
  MongoBulkWriteError,
  ObjectId,
  type AnyBulkWriteOperation,
  type Collection,
  type Db,
  type Document,
  type IndexDescription,
} from "mongodb";
import { randomBytes } from "node:crypto";
import { toStoreError } from "./mongo-errors.js";

/** What became of the documents of one call. `refused`: their places in the call, and why. */
export type PutResult = {
  readonly added: number;
  readonly replaced: number;
  readonly unchanged: number;
  readonly refused: readonly { readonly index: number; readonly reason: string }[];
};

/** Writes to the source collection: for importing files and samples alone. The services only ever read it. */
export type RecordSink = {
  /** Empties the collection and returns how many records it held. */
  drop(): Promise<number>;
  /** The indexes that incremental pulls read by. */
  ensureIndexes(): Promise<void>;
  /**
   * Writes each document under its `_id`, replacing an older one. At most some thousands a call. A document that the server refuses stops no
   * other. @throws AppError when the server does not answer, or refuses all by the user's rights.
   */
  put(documents: readonly Document[]): Promise<PutResult>;
};
type Options = { readonly collection: string; readonly cursorFields: readonly string[] };

export const createRecordSink = (db: Db, { collection, cursorFields }: Options): RecordSink =>
  sinkOf(db.collection(collection), cursorFields);

const sinkOf = (rows: Collection, cursorFields: readonly string[]): RecordSink => ({
  async drop() {
    const { deletedCount } = await rows.deleteMany({}).catch(toStoreError);
    return deletedCount;
  },
  async ensureIndexes() {
    await rows.createIndexes(cursorFields.map((field) => ({ key: { [field]: 1, _id: 1 } }))).catch(toStoreError);
  },
  async put(documents) {
    if (documents.length === 0) return { added: 0, replaced: 0, unchanged: 0, refused: [] };
    const operations = documents.map((document): AnyBulkWriteOperation => {
      if (document["_id"] === undefined) throw new AppError("invalid_input", "_id: missing");
      return { replaceOne: { filter: { _id: document["_id"] as never }, replacement: document, upsert: true } };
    });
    try {
      const { upsertedCount, modifiedCount, matchedCount } = await rows.bulkWrite(operations, { ordered: false });
      return { added: upsertedCount, replaced: modifiedCount, unchanged: matchedCount - modifiedCount, refused: [] };
    } catch (error) {
      return partlyWritten(error);
    }
  },
});

const lacksRight = new Set([13, 18]);

/** The result of a call of which the server refused some documents. The server's words may quote a record: its code stands for them. */
function partlyWritten(error: unknown): PutResult {
  if (!(error instanceof MongoBulkWriteError)) return toStoreError(error);
  const errors = [error.writeErrors].flat();
  if (errors.length === 0 || errors.some(({ code }) => lacksRight.has(code))) return toStoreError(error);
  const { upsertedCount, modifiedCount, matchedCount } = error.result;
  const refused = errors.map(({ index, code }) => ({ index, reason: `MongoDB refused it (code ${code})` }));
  return { added: upsertedCount, replaced: modifiedCount, unchanged: matchedCount - modifiedCount, refused };
}

/** A collection beside another one, to take its place as a whole. */
export type StagedSink = {
  readonly sink: RecordSink;
  /** Lets it take the other's place, all at once, with the other's indexes; returns how many records the other held. */
  swap(): Promise<number>;
  /** Removes it. */
  discard(): Promise<void>;
};

/** How long a collection of an import that was killed stays: another import may still be filling its own. */
const leftAfterMs = 24 * 3_600_000;

/**
 * A new, empty collection beside the source's. Until `swap` the source keeps every record, whatever happens; the swap itself is one
 * operation of the server. Collections that killed imports left behind are removed after a day.
 */
export async function stageRecords(db: Db, options: Options, now: Date): Promise<StagedSink> {
  const prefix = `${options.collection}.importing-`;
  for (const name of await collectionNames(db)) {
    if (name.startsWith(prefix) && now.getTime() - Number(/^\d+/.exec(name.slice(prefix.length))?.[0]) > leftAfterMs)
      await db.dropCollection(name).catch(toStoreError);
  }
  const staged = `${prefix}${now.getTime()}-${randomBytes(4).toString("hex")}`;
  const rows = await db.createCollection(staged).catch(toStoreError);
  const sink = sinkOf(rows, options.cursorFields);
  return {
    sink,
    async swap() {
      const target = db.collection(options.collection);
      const isThere = (await collectionNames(db)).includes(options.collection);
      const held = isThere ? await target.countDocuments({}).catch(toStoreError) : 0;
      if (isThere) {
        const indexes = (await target.listIndexes().toArray().catch(toStoreError)) as (IndexDescription & { v?: number; ns?: string })[];
        const others = indexes.filter(({ name }) => name !== "_id_").map(({ v: _version, ns: _namespace, ...index }) => index);
        if (others.length > 0) await rows.createIndexes(others).catch(toStoreError);
      }
      await sink.ensureIndexes();
      await rows.rename(options.collection, { dropTarget: true }).catch(toStoreError);
      return held;
    },
    async discard() {
      await db.dropCollection(staged).catch(toStoreError);
    },
  };
}

const collectionNames = async (db: Db): Promise<string[]> =>
  (await db.listCollections({}, { nameOnly: true }).toArray().catch(toStoreError)).map(({ name }) => name);

/** An ObjectId from 24 hex digits, for records that bring no `_id` of their own. */
export const objectIdOf = (hex: string): unknown => ObjectId.createFromHexString(hex);
