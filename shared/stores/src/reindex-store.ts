import { AppError } from "@flow-rag/kernel";
import type { Db } from "mongodb";
import { z } from "zod";
import { indexDescription } from "./index-state-store.js";
import { readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";

/** A rebuilding that has begun and not ended. */
export const reindexPlan = z.object({ target: indexDescription, rollback: z.boolean(), startedAt: z.date() });
export type ReindexPlan = z.output<typeof reindexPlan>;

/** `owner`: the process that rebuilds now. `until`: when it no longer does unless it renews. */
type Row = { _id: string; plan?: ReindexPlan; owner?: string; until?: Date };

export type ReindexStore = ReturnType<typeof createReindexStore>;

/**
 * What `flow-rag reindex` is about, so that one that was killed is taken up again, and a lease, so that two never rebuild at once.
 * One row beside the pointer; whatever changes it names the owner, so one that lost the lease changes nothing.
 */
export const createReindexStore = (db: Db) => {
  const rows = db.collection<Row>("index_state");
  const row = { _id: "reindex" };
  const change = async (owner: string, update: { $set?: Partial<Row>; $unset?: { [key in keyof Row]?: "" } }): Promise<boolean> => {
    const { matchedCount } = await rows.updateOne({ ...row, owner }, update).catch(toStoreError);
    return matchedCount === 1;
  };
  const changeOwn = async (owner: string, update: Parameters<typeof change>[1]): Promise<void> => {
    if (!(await change(owner, update))) throw new AppError("unexpected", "another process has taken over this reindex: look there");
  };
  return {
    async readPlan(signal: AbortSignal): Promise<ReindexPlan | undefined> {
      const plan = (await rows.findOne(row, readOptions(signal)).catch(toStoreError))?.plan;
      return plan ? reindexPlan.parse(plan) : undefined;
    },
    /** Takes the lease, or prolongs it; false while another process has it. */
    async claim(owner: string, leaseMs: number, now: Date): Promise<boolean> {
      const free = { ...row, $or: [{ owner: { $exists: false } }, { owner }, { until: { $lte: now } }] };
      const until = new Date(now.getTime() + leaseMs);
      try {
        const { matchedCount, upsertedCount } = await rows.updateOne(free, { $set: { owner, until } }, { upsert: true });
        return matchedCount + upsertedCount === 1;
      } catch (error) {
        if ((error as { code?: number }).code === 11000) return false; // the row is there and not free
        return toStoreError(error);
      }
    },
    async release(owner: string): Promise<void> {
      await change(owner, { $unset: { owner: "", until: "" } });
    },
    /** @throws AppError `unexpected` when the lease was lost. */
    savePlan: (owner: string, plan: ReindexPlan): Promise<void> => changeOwn(owner, { $set: { plan } }),
    /** @throws AppError `unexpected` when the lease was lost. */
    endPlan: (owner: string): Promise<void> => changeOwn(owner, { $unset: { plan: "" } }),
  };
};
