import type { Db } from "mongodb";
import { z } from "zod";
import { readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";

/** A collection of runs (with its collection of signatures), and what its vectors were made with. */
export const indexDescription = z.object({
  collection: z.string(),
  /** Of the whole index: embedder, text template and masks. */
  fingerprint: z.string(),
  embedder: z.object({ kind: z.enum(["e5", "lexical", "openai"]), fingerprint: z.string(), dimensions: z.number().int() }),
  createdAt: z.date(),
});
export type IndexDescription = z.output<typeof indexDescription>;

/** Which index is searched; `previous` is the one before it, kept for a way back. */
export const indexState = indexDescription.extend({ previous: indexDescription.optional() });
export type IndexState = z.output<typeof indexState>;

export type IndexStateStore = ReturnType<typeof createIndexStateStore>;

/** The pointer to the active index. One row; a switch is one replacement of it. */
export const createIndexStateStore = (db: Db) => {
  const rows = db.collection<IndexState & { _id: string }>("index_state");
  const read = async (signal: AbortSignal): Promise<IndexState | undefined> => {
    const row = await rows.findOne({ _id: "active" }, readOptions(signal)).catch(toStoreError);
    return row ? indexState.parse(row) : undefined;
  };
  return {
    read,
    /** The active index: the given one if there was none. Of several workers that start at once, one decides. */
    async readOrCreate(first: IndexState, signal: AbortSignal): Promise<IndexState> {
      await rows.updateOne({ _id: "active" }, { $setOnInsert: first }, { upsert: true }).catch((error: unknown) => {
        if ((error as { code?: number }).code !== 11000) toStoreError(error);
      });
      return (await read(signal)) ?? first;
    },
    /** Makes another index the active one if `from` still is, which becomes its `previous`; false when somebody else was first. */
    async switchOver({ previous: _older, ...from }: IndexState, to: IndexDescription): Promise<boolean> {
      const still = { _id: "active", fingerprint: from.fingerprint, collection: from.collection };
      const { modifiedCount } = await rows.replaceOne(still, { ...to, previous: from }).catch(toStoreError);
      return modifiedCount === 1;
    },
    /** Gives up the way back. */
    async forgetPrevious(): Promise<void> {
      await rows.updateOne({ _id: "active" }, { $unset: { previous: "" } }).catch(toStoreError);
    },
  };
};
