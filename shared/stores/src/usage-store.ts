import type { Db } from "mongodb";
import { readOptions, soon } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";

/** What one key did on one UTC day. */
export type Usage = {
  readonly keyId: string;
  /** UTC, `2026-05-05`. */
  readonly day: string;
  readonly requests: number;
  /** Of the requests, those that were refused or failed. */
  readonly errors: number;
  readonly questions: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
};
type Counters = Omit<Usage, "keyId" | "day">;
export type UsageStore = ReturnType<typeof createUsageStore>;

const flushEveryMs = 5_000;
const none: Counters = { requests: 0, errors: 0, questions: 0, promptTokens: 0, completionTokens: 0 };

/** Counts what each key uses. Counted in memory and added to the state database every few seconds, so that no request waits for it. */
export const createUsageStore = (db: Db) => {
  const rows = db.collection<Counters & { _id: string; keyId: string; day: string }>("usage");
  let pending = new Map<string, { keyId: string; day: string; counters: Counters }>();

  const flush = async (): Promise<void> => {
    if (pending.size === 0) return;
    const due = [...pending.values()];
    pending = new Map();
    const operations = due.map(({ keyId, day, counters }) => ({
      updateOne: {
        filter: { _id: `${keyId}:${day}` },
        update: { $setOnInsert: { keyId, day }, $inc: { ...counters } },
        upsert: true,
      },
    }));
    await soon(rows.bulkWrite(operations, { ordered: false })).catch(() => {
      for (const { keyId, day, counters } of due) add(keyId, day, counters); // counted again at the next flush
    });
  };
  const add = (keyId: string, day: string, counters: Counters): void => {
    const known = pending.get(`${keyId}:${day}`)?.counters ?? none;
    const sum = Object.fromEntries(Object.entries(counters).map(([name, value]) => [name, value + known[name as keyof Counters]]));
    pending.set(`${keyId}:${day}`, { keyId, day, counters: sum as Counters });
  };
  const timer = setInterval(() => void flush(), flushEveryMs).unref();

  return {
    count: (keyId: string, at: Date, counters: Partial<Counters>): void =>
      add(keyId, at.toISOString().slice(0, 10), { ...none, ...counters }),
    /** By key and day, the latest day first; `keyId` restricts to one key. Days are UTC, both included. */
    async list({ from, to, keyId }: { from: string; to: string; keyId?: string | undefined }, signal: AbortSignal): Promise<Usage[]> {
      await flush();
      const found = await rows
        .find({ day: { $gte: from, $lte: to }, ...(keyId !== undefined && { keyId }) }, readOptions(signal))
        .sort({ day: -1, keyId: 1 })
        .limit(10_000)
        .toArray()
        .catch(toStoreError);
      return found.map(({ _id, ...row }) => row);
    },
    async close(): Promise<void> {
      clearInterval(timer);
      await flush();
    },
  };
};
