import type { Db, Filter } from "mongodb";
import { groupCommit } from "./group-commit.js";
import { readOptions, soon } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";

/** What is kept of a question that was answered: without secrets, and enough to see what people ask and what it cost. */
export type QueryLogEntry = {
  readonly at: Date;
  readonly owner: string;
  readonly conversationId: string;
  readonly question: string;
  readonly operation: string;
  readonly language: string;
  /** Half-open; null without a bound. */
  readonly window: { readonly from: Date | null; readonly to: Date } | null;
  readonly filters: Readonly<Record<string, unknown>>;
  /** Parts of the question that were not understood. */
  readonly unresolved: readonly string[];
  /** Runs looked at and runs asked for; null when no figure was computed. */
  readonly counts: { readonly runs: number; readonly matching: number } | null;
  /** Whose words: `llm` or `template`. */
  readonly wording: string;
  /** Why they are whose they are: `verified`, `rejected`, …; rows of earlier versions have none. */
  readonly wordingReason?: string;
  /** Of which sources the asker may know; null for all. Rows of earlier versions have none and count as all. */
  readonly sources?: readonly string[] | null;
  readonly degraded: boolean;
  /** Milliseconds. */
  readonly timings: Readonly<Record<string, number>>;
};
export type QueryLogReading = {
  readonly limit: number;
  readonly now: Date;
  readonly from?: Date | undefined;
  readonly sources?: readonly string[] | null | undefined;
};
type Row = QueryLogEntry & { readonly expiresAt: Date };
export type QueryLogStore = ReturnType<typeof createQueryLogStore>;

/** The questions that were asked, for as long as they are kept. */
export const createQueryLogStore = (db: Db, { retentionMs }: { retentionMs: number }) => {
  const rows = db.collection<Row>("query_log");
  const add = groupCommit(async (entries: readonly Row[]) => {
    await rows.insertMany([...entries], { ordered: false }).catch(toStoreError);
  });
  return {
    async ensureIndexes(): Promise<void> {
      await rows.createIndexes([{ key: { expiresAt: 1 }, expireAfterSeconds: 0 }, { key: { at: -1 } }]).catch(toStoreError);
    },
    add: (entry: QueryLogEntry): Promise<void> => soon(add({ ...entry, expiresAt: new Date(entry.at.getTime() + retentionMs) })),
    /** The latest first, at most `limit`, asked since `from`; with `sources` only those of askers who may know of no others. */
    async latest({ limit, now, from, sources }: QueryLogReading, signal: AbortSignal): Promise<QueryLogEntry[]> {
      const filter: Filter<Row> = {
        expiresAt: { $gt: now },
        ...(from && { at: { $gte: from } }),
        ...(sources && { sources: { $ne: null, $not: { $elemMatch: { $nin: [...sources] } } } }),
      };
      const found = await rows
        .find(filter, { ...readOptions(signal), projection: { _id: 0, expiresAt: 0 } })
        .sort({ at: -1 })
        .limit(limit)
        .toArray()
        .catch(toStoreError);
      return found;
    },
  };
};
