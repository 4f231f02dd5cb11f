import type { Db } from "mongodb";
import { z } from "zod";
import { readOptions, toStoreError } from "./mongo.js";

/** Which collection is searched, and what its vectors were made with. */
export const indexState = z.object({
  collection: z.string(),
  /** Of the whole index: embedder, text template and masks. */
  fingerprint: z.string(),
  embedder: z.object({ kind: z.enum(["e5", "lexical", "openai"]), fingerprint: z.string(), dimensions: z.number().int() }),
  createdAt: z.date(),
});
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
  };
};
