import { joinId, type Conversation, type ConversationSummary, type ConversationTurn } from "@flow-rag/contracts";
import type { Db, Document } from "mongodb";
import { groupCommit } from "./group-commit.js";
import { readOptions, soon } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";

/** A turn as it is kept: `plan` is what the next question takes over from it. */
export type StoredTurn = ConversationTurn & { readonly plan: Document };
type Row = {
  _id: string;
  owner: string;
  id: string;
  title: string;
  turns: StoredTurn[];
  count: number;
  startedAt: Date;
  lastAt: Date;
  expiresAt: Date;
};
type Append = { readonly owner: string; readonly id: string; readonly turn: StoredTurn; readonly now: Date };
export type ConversationStore = ReturnType<typeof createConversationStore>;

const turnsKept = 50;
const duplicateKey = 11_000;

/**
 * Conversations by owner and id, so that two owners never meet under one id. Each turn is one atomic append: turns that come at once are all
 * kept. What has expired is not read any more, even before the database removes it.
 */
export const createConversationStore = (db: Db, { retentionMs }: { retentionMs: number }) => {
  const rows = db.collection<Row>("conversations");
  const key = (owner: string, id: string): string => joinId(owner, id);
  const appendTo = ({ owner, id, turn, now }: Append) => ({
    filter: { _id: key(owner, id), expiresAt: { $gt: now } },
    update: {
      $setOnInsert: { owner, id, title: turn.question, startedAt: now },
      $set: { lastAt: now, expiresAt: new Date(now.getTime() + retentionMs) },
      $push: { turns: { $each: [turn], $slice: -turnsKept } },
      $inc: { count: 1 },
    },
    upsert: true,
  });
  const write = (some: readonly Append[]) =>
    rows.bulkWrite(
      some.map((each) => ({ updateOne: appendTo(each) })),
      { ordered: false },
    );
  const append = groupCommit(async (appends: readonly Append[]) => {
    await write(appends).catch(async (error: unknown) => {
      const { writeErrors } = error as { writeErrors?: { code?: number; index: number }[] };
      if (!writeErrors?.every(({ code }) => code === duplicateKey)) return toStoreError(error);
      // A row is in the way that has expired, or that another process has just begun: after this there is none, or one that is found.
      const again = writeErrors.flatMap(({ index }) => appends[index] ?? []);
      const stale = again.map(({ owner, id, now }) => ({ _id: key(owner, id), expiresAt: { $lte: now } }));
      await rows.deleteMany({ $or: stale }).catch(toStoreError);
      await write(again).catch(toStoreError);
    });
  });
  return {
    async ensureIndexes(): Promise<void> {
      await rows.createIndexes([{ key: { expiresAt: 1 }, expireAfterSeconds: 0 }, { key: { owner: 1, lastAt: -1 } }]).catch(toStoreError);
    },
    /** The plan of the last turn; undefined for a conversation that has not begun or has expired. */
    async lastPlan(owner: string, id: string, now: Date, signal: AbortSignal): Promise<Document | undefined> {
      const row = await rows
        .findOne({ _id: key(owner, id), expiresAt: { $gt: now } }, { ...readOptions(signal), projection: { turns: { $slice: -1 } } })
        .catch(toStoreError);
      return row?.turns.at(-1)?.plan;
    },
    /** Adds a turn to a conversation, which begins with it when there is none. */
    append: (owner: string, id: string, turn: StoredTurn, now: Date): Promise<void> => soon(append({ owner, id, turn, now })),
    /** An owner's conversations, the latest first, at most `limit`. */
    async list(owner: string, limit: number, now: Date, signal: AbortSignal): Promise<ConversationSummary[]> {
      const found = await rows
        .find({ owner, expiresAt: { $gt: now } }, { ...readOptions(signal), projection: { turns: 0 } })
        .sort({ lastAt: -1, _id: 1 })
        .limit(limit)
        .toArray()
        .catch(toStoreError);
      return found.map(toSummary);
    },
    async read(owner: string, id: string, now: Date, signal: AbortSignal): Promise<Conversation | undefined> {
      const row = await rows.findOne({ _id: key(owner, id), expiresAt: { $gt: now } }, readOptions(signal)).catch(toStoreError);
      return row ? { ...toSummary(row), history: row.turns.map(({ plan: _plan, ...turn }) => turn) } : undefined;
    },
    /** False when there was none. */
    async remove(owner: string, id: string): Promise<boolean> {
      return (await soon(rows.deleteOne({ _id: key(owner, id) }))).deletedCount > 0;
    },
  };
};

const toSummary = ({ id, title, count, startedAt, lastAt, expiresAt }: Omit<Row, "turns">): ConversationSummary => ({
  id,
  title,
  turns: Number(count),
  startedAt: startedAt.toISOString(),
  lastAt: lastAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
});
