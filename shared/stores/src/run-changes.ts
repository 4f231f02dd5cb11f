import type { Db } from "mongodb";
import { readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";

/** One write of runs: which runs, and whether it is known to have ended. */
export type RunChange = { readonly number: number; readonly ended: boolean };
type Row = { _id: number; ids: string[]; at: Date; ended: boolean };

/** A reader that is further behind reads the runs anew. */
const kept = 500;
const prunedEvery = 50;
/** No write outlives the driver's socket time-out by so much: one that did not end by then was its writer's last. */
export const abandonedAfterMs = 10 * 60_000;
const duplicateKey = 11_000;

/**
 * What was written to the runs, in order, so that who keeps a copy of them knows what to read again. A change is entered before its write
 * and ended after it: whoever is killed in between leaves one that did not end, and the copy goes on looking at its runs.
 */
export const createRunChanges = (db: Db) => {
  const rows = db.collection<Row>("run_changes");
  let known = 0;
  let entering: Promise<unknown> = Promise.resolve();
  const newest = async (): Promise<number> =>
    (
      await rows
        .find({}, { projection: { _id: 1 } })
        .sort({ _id: -1 })
        .limit(1)
        .next()
    )?._id ?? 0;
  /** A number is taken only once the one before it can be seen by everybody. */
  const enter = async (ids: readonly string[]): Promise<number> => {
    for (;;) {
      const number = known + 1;
      try {
        await rows.insertOne({ _id: number, ids: [...ids], at: new Date(), ended: false });
      } catch (error) {
        if ((error as { code?: number }).code !== duplicateKey) throw error;
        known = await newest(); // another process was first
        continue;
      }
      known = number;
      if (number % prunedEvery === 0) await prune(number);
      return number;
    }
  };
  return {
    /** Enters a change. Numbers have no gaps. */
    async begin(ids: readonly string[]): Promise<number> {
      const entered = entering.catch(() => {}).then(() => enter(ids));
      entering = entered;
      return await entered.catch(toStoreError);
    },
    /** To be called once the write has taken effect, and only then. */
    async end(number: number): Promise<void> {
      await rows.updateOne({ _id: number }, { $set: { ended: true } }).catch(toStoreError);
    },
    /** The number of the last change, and those before it that did not end. */
    async latest(signal: AbortSignal): Promise<{ last: number; open: number[] }> {
      const last = await newest().catch(toStoreError); // first: one that begins meanwhile is found as open, or comes after it
      const found = await rows
        .find({ ended: false }, { ...readOptions(signal), projection: { _id: 1 } })
        .toArray()
        .catch(toStoreError);
      return { last, open: found.map(({ _id }) => _id) };
    },
    /** Change `number`, those after it and those of `open`, as far as they are kept, in their order. */
    async since(number: number, open: readonly number[], signal: AbortSignal): Promise<RunChange[]> {
      const later = { _id: { $gte: number } };
      const found = await rows
        .find(open.length === 0 ? later : { $or: [later, { _id: { $in: [...open] } }] }, {
          ...readOptions(signal),
          projection: { ended: 1 },
        })
        .sort({ _id: 1 })
        .toArray()
        .catch(toStoreError);
      return found.map(({ _id, ended }) => ({ number: _id, ended }));
    },
    /** Ids of the runs that the changes are of. */
    async idsOf(numbers: readonly number[], signal: AbortSignal): Promise<Map<number, readonly string[]>> {
      if (numbers.length === 0) return new Map();
      const found = await rows
        .find({ _id: { $in: [...numbers] } }, { ...readOptions(signal), projection: { ids: 1 } })
        .toArray()
        .catch(toStoreError);
      return new Map(found.map(({ _id, ids }) => [_id, ids]));
    },
  };

  async function prune(number: number): Promise<void> {
    const abandoned = new Date(Date.now() - abandonedAfterMs);
    await rows.deleteMany({ _id: { $lt: number - kept }, $or: [{ ended: true }, { at: { $lt: abandoned } }] });
  }
};
