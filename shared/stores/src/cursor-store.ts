import type { Db } from "mongodb";
import { readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";
import { readCursor, type SourceCursor } from "./cursor-value.js";

/**
 * How far a source has been read. `cursor`: enqueued through; `indexed`: everything up to it was also indexed, as far as the queue
 * could tell. `queueMarker`: which life of the queue the enqueued work went to. `revision` is for compare-and-set.
 * `removalsAllowed`: a person emptied the source on purpose.
 */
export type Watermark = {
  readonly cursor: SourceCursor | null;
  readonly indexed: SourceCursor | null;
  readonly queueMarker: string | null;
  readonly revision: number;
  readonly removalsAllowed: boolean;
  readonly movedAt: Date;
};
type Row = Watermark & { _id: string };

/** What a move changes; what is left out stays. */
export type WatermarkChange = Partial<Pick<Watermark, "cursor" | "indexed" | "queueMarker" | "removalsAllowed">>;

export type CursorStore = ReturnType<typeof createCursorStore>;

/** Watermarks live in MongoDB, not in Redis: losing the queue then costs work, never records. */
export const createCursorStore = (db: Db) => {
  const rows = db.collection<Row>("watermarks", { promoteLongs: false });
  return {
    async read(source: string, signal: AbortSignal): Promise<Watermark | undefined> {
      const row = await rows.findOne({ _id: source }, readOptions(signal)).catch(toStoreError);
      if (!row) return undefined;
      const { cursor, indexed = null, queueMarker = null, revision, removalsAllowed, movedAt } = row;
      return {
        cursor: readCursor(cursor),
        indexed: readCursor(indexed),
        queueMarker,
        revision: Number(revision),
        removalsAllowed,
        movedAt,
      };
    },
    /** Changes the watermark if it is still the one that was read; undefined when another producer moved it meanwhile. */
    async move(source: string, from: Watermark | undefined, change: WatermarkChange, now: Date): Promise<Watermark | undefined> {
      const next: Watermark = { ...(from ?? unread), ...change, revision: (from?.revision ?? 0) + 1, movedAt: now };
      try {
        if (!from) {
          await rows.insertOne({ _id: source, ...next });
          return next;
        }
        const { modifiedCount } = await rows.replaceOne({ _id: source, revision: from.revision }, next);
        return modifiedCount === 1 ? next : undefined;
      } catch (error) {
        if ((error as { code?: number }).code === 11000) return undefined; // another producer wrote the first watermark
        return toStoreError(error);
      }
    },
    /** Forgets how far the source was read. `removalsAllowed` lets the next full reading remove however many records are gone. */
    async reset(source: string, { removalsAllowed, now }: { removalsAllowed: boolean; now: Date }): Promise<void> {
      await rows
        .updateOne({ _id: source }, { $set: { ...unread, removalsAllowed, movedAt: now }, $inc: { revision: 1 } }, { upsert: true })
        .catch(toStoreError);
    },
  };
};

/** What a look at the queue tells: which life of it this is, and whether nothing waits, runs or was given up. */
type QueueLook = { readonly marker: () => Promise<string>; readonly isIdle: () => Promise<boolean> };

/**
 * Reads watermarks with `indexed` as it is now; the stored one is as old as the last pull. The watermark is read first: a queue that is idle
 * after that, and is the one the work was sent to, has done all that was sent up to it. Without a queue to look at, what is stored stands.
 */
export const createSettledCursors = (cursors: Pick<CursorStore, "read">, queue: QueueLook): Pick<CursorStore, "read"> => ({
  async read(source, signal) {
    const mark = await cursors.read(source, signal);
    if (!mark) return undefined;
    const isSettled = async () => mark.queueMarker === (await queue.marker()) && (await queue.isIdle());
    return (await isSettled().catch(() => false)) ? { ...mark, indexed: mark.cursor } : mark;
  },
});

const unread = { cursor: null, indexed: null, queueMarker: null, removalsAllowed: false } as const;
