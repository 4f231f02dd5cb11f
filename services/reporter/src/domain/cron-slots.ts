import { DateTime, parseInstant } from "@flow-rag/kernel";

/** The fields of a cron expression as the numbers that match; 0 is Sunday. */
export type CronFields = {
  readonly minute: readonly number[];
  readonly hour: readonly number[];
  readonly dayOfMonth: readonly number[];
  readonly month: readonly number[];
  readonly dayOfWeek: readonly number[];
};
/** One a local day: the first time of the day that the expression matches. `date` is that day, `2026-11-21`. */
export type Slot = { readonly date: string; readonly dueAt: Date };

const longestGapDays = 8 * 366; // 29 February skips a leap year at most once in a row

/**
 * The latest slot that is not after `now`, by the local calendar alone: a time that the clocks skip comes when they have jumped, and one that
 * they repeat comes the first time. node-cron leaves out the skipped one. Undefined when no day ever matches, as 31 February.
 */
export function latestSlot(fields: CronFields, zone: string, now: Date): Slot | undefined {
  const time = `${pad(Math.min(...fields.hour))}:${pad(Math.min(...fields.minute))}`;
  const today = DateTime.fromJSDate(now, { zone });
  // Tomorrow too: where the clocks skip midnight, an instant of its first hour may still be read as today.
  for (let back = -1; back < longestGapDays; back += 1) {
    const day = today.minus({ days: back });
    const matches = fields.dayOfMonth.includes(day.day) && fields.month.includes(day.month) && fields.dayOfWeek.includes(day.weekday % 7);
    if (!matches) continue;
    const date = day.toFormat("yyyy-MM-dd");
    const dueAt = parseInstant(`${date}T${time}`, zone);
    if (dueAt && dueAt <= now) return { date, dueAt };
  }
  return undefined;
}

const pad = (value: number): string => String(value).padStart(2, "0");
