import { AppError } from "@flow-rag/kernel";
import type { Db } from "mongodb";
import { readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";

/** Runs that are kept although their record is gone; `copies` of them are in the source under another id. */
export type HeldRemovals = { readonly runs: number; readonly copies: number; readonly since: Date };

/** `from`: the earliest of their times; null when it is not known. `at`: when the last of them was written. */
export type Imported = { readonly records: number; readonly from: Date | null; readonly at: Date };
/** `rows`: how many of a file; `problems`: the first of them, without the row itself. */
export type RefusedRows = {
  readonly file: string;
  readonly at: Date;
  readonly rows: number;
  readonly problems: readonly { readonly line: number; readonly reason: string }[];
};

/** What pulls and comparisons found out about a source that is not in its records. Null: nothing of the kind. */
export type SourceHealth = {
  readonly held: HeldRemovals | null;
  /** Pulls fail since then; `reason` is that of the last one, without secrets. */
  readonly failing: { readonly since: Date; readonly reason: string } | null;
  /** When the last pull ended well, and by when the next one should have at the latest; null without a schedule. */
  readonly pulledAt: Date | null;
  readonly nextPullBy: Date | null;
  /** When the whole source is compared next, which alone sees corrections of what had ended; null when no schedule was told yet. */
  readonly nextReconcileAt: Date | null;
  /** Records that an import wrote and that nobody has read since. */
  readonly imported: Imported | null;
  /** Rows that imports refused: they are not in the source. The latest import of each file, at most `refusedFiles` of them. */
  readonly refused: readonly RefusedRows[];
};
type PullEnd = { readonly now: Date; readonly nextPullBy?: Date | undefined; readonly nextReconcileAt?: Date | undefined };
export type SourceHealthRow = Partial<SourceHealth> & { _id: string };

export type SourceHealthStore = ReturnType<typeof createSourceHealthStore>;

export const sourceHealthCollection = "source_health";
const duplicateKey = 11_000;
const reasonLength = 300;

/** One row a source, written by whoever reads it and read by whoever speaks of its figures. */
export const createSourceHealthStore = (db: Db) => {
  const rows = db.collection<SourceHealthRow>(sourceHealthCollection);
  return {
    async read(source: string, signal: AbortSignal): Promise<SourceHealth> {
      const row = await rows.findOne({ _id: source }, readOptions(signal)).catch(toStoreError);
      const { held = null, failing = null, pulledAt = null, nextPullBy = null, nextReconcileAt = null } = row ?? {};
      return { held, failing, pulledAt, nextPullBy, nextReconcileAt, imported: row?.imported ?? null, refused: row?.refused ?? [] };
    },
    /** A pull has ended well. What is not given of the schedule is left as it is. */
    async pulled(source: string, { now, nextPullBy, nextReconcileAt }: PullEnd): Promise<void> {
      const set = { pulledAt: now, failing: null, ...(nextPullBy && { nextPullBy }), ...(nextReconcileAt && { nextReconcileAt }) };
      await rows.updateOne({ _id: source }, { $set: set }, { upsert: true }).catch(toStoreError);
    },
    async pullFailed(source: string, thrown: unknown, now: Date): Promise<void> {
      const reason = AppError.from(thrown).message.slice(0, reasonLength);
      const isKnown = await rows
        .updateOne({ _id: source, failing: { $ne: null } }, { $set: { "failing.reason": reason } })
        .catch(toStoreError);
      if (isKnown.matchedCount > 0) return;
      await rows
        .updateOne({ _id: source, failing: null }, { $set: { failing: { since: now, reason } } }, { upsert: true })
        .catch((error: unknown) => {
          if ((error as { code?: number }).code !== duplicateKey) toStoreError(error); // else another pull was first to say so
        });
    },
    /** What the last look for removed records found: how many runs it kept back, 0 for none. */
    async setHeld(source: string, { runs, copies, now }: { runs: number; copies: number; now: Date }): Promise<void> {
      if (runs === 0) {
        await rows.updateOne({ _id: source, held: { $ne: null } }, { $set: { held: null } }).catch(toStoreError);
        return;
      }
      const row = await rows.findOne({ _id: source }).catch(toStoreError);
      const held = { runs, copies, since: row?.held?.since ?? now };
      await rows.updateOne({ _id: source }, { $set: { held } }, { upsert: true }).catch(toStoreError);
    },
  };
};
