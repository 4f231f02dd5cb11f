import { DateTime } from "@flow-rag/kernel";

/** A local day [from, to), epoch ms: 23 to 25 hours of it. */
export type LocalDay = { readonly from: number; readonly to: number };

const dayMs = 86_400_000;

/** Finds the local day of an instant, always the same object for a day; the calendar is asked twice a day at most. */
export function createLocalDays(zone: string): (at: number) => LocalDay {
  const days = new Map<number, LocalDay>();
  const byUtcDay = new Map<number, readonly LocalDay[]>();
  return (at) => {
    const utcDay = Math.floor(at / dayMs);
    const near = byUtcDay.get(utcDay) ?? [];
    const found = near.find(({ from, to }) => from <= at && at < to);
    if (found) return found;
    const start = DateTime.fromMillis(at, { zone }).startOf("day");
    const from = start.toMillis();
    const day = days.get(from) ?? { from, to: start.plus({ days: 1 }).startOf("day").toMillis() };
    days.set(from, day);
    byUtcDay.set(utcDay, [...near, day]);
    return day;
  };
}
