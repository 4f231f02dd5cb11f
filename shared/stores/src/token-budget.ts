import { AppError, DateTime, startOfLocalDay } from "@flow-rag/kernel";
import type { Db } from "mongodb";
import { readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";

/** How a local day stands. `used` holds what is set aside for calls under way; `refused` counts calls that no tokens were left for. */
export type TokenDay = {
  readonly day: string;
  readonly limit: number;
  readonly used: number;
  readonly refused: number;
  readonly resetsAt: Date;
};
type Row = { _id: string; used: number; refused: number };

/** `perDay`: undefined is no budget. */
type Options = { readonly perDay: number | undefined; readonly zone: string; readonly now: () => Date };
export type TokenBudgetStore = NonNullable<ReturnType<typeof createTokenBudget>>;

/**
 * The tokens that a local day may cost, counted in the state database, so that all processes spend from one purse. A call sets aside what it
 * may cost at most before it is made: however many ask at once, no more than the limit is given out. A process that dies in mid-call leaves its
 * part set aside until midnight.
 */
export function createTokenBudget(db: Db, { perDay, zone, now }: Options) {
  if (perDay === undefined) return undefined;
  const rows = db.collection<Row>("llm_budget");
  const dayOf = (at: Date): string => DateTime.fromJSDate(at, { zone }).toFormat("yyyy-MM-dd");
  const take = async (day: string, tokens: number): Promise<boolean> => {
    const { matchedCount } = await rows.updateOne({ _id: day, used: { $lte: perDay - tokens } }, { $inc: { used: tokens } });
    return matchedCount === 1;
  };
  return {
    /** @throws AppError `budget_spent` when fewer than `tokens` are left today. */
    async reserve(tokens: number): Promise<{ settle(spent: number): Promise<void> }> {
      const day = dayOf(now());
      try {
        if (!(await take(day, tokens))) {
          await rows.updateOne({ _id: day }, { $setOnInsert: { used: 0, refused: 0 } }, { upsert: true }).catch(ignoreTwin);
          if (!(await take(day, tokens))) {
            await rows.updateOne({ _id: day }, { $inc: { refused: 1 } });
            throw new AppError("budget_spent", `the day's ${perDay} tokens are spent (LLM_DAILY_TOKENS)`);
          }
        }
      } catch (thrown) {
        return toStoreError(thrown);
      }
      return {
        // Of the day it was set aside on, also when that ends meanwhile.
        settle: async (spent) => void (await rows.updateOne({ _id: day }, { $inc: { used: spent - tokens } }).catch(toStoreError)),
      };
    },
    async read(signal: AbortSignal): Promise<TokenDay> {
      const at = now();
      const day = dayOf(at);
      const row = await rows.findOne({ _id: day }, readOptions(signal)).catch(toStoreError);
      const midnight = startOfLocalDay(at, zone);
      // 36 hours after midnight is the next day, whatever the clocks do.
      const resetsAt = startOfLocalDay(new Date(midnight.getTime() + 36 * 3_600_000), zone);
      return { day, limit: perDay, used: row?.used ?? 0, refused: row?.refused ?? 0, resetsAt };
    },
  };
}

/** Another replica began the day. */
function ignoreTwin(error: unknown): void {
  if ((error as { code?: number }).code !== 11_000) throw error;
}
