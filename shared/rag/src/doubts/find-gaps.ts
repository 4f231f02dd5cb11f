import { DateTime, localTimeAt, medianOf, startOfLocalDay } from "@flow-rag/kernel";

/** Half-open, epoch ms. */
export type Stretch = { readonly from: number; readonly to: number };
type Counts = ReadonlyMap<number, number>;

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
/** How far before a window is looked to know what is usual in it: five weeks. */
export const usualMs = 35 * dayMs;

/** Runs that an empty stretch of hours would usually have held, at least. One hour without one run a night is no gap: it is that run's lateness. */
const leastMissed = 3;

/**
 * Stretches of `[from, to)` without any run where there usually are some; `counts` are runs by the start of their hour (epoch ms, UTC) and
 * reach back `usualMs` before `from`, or to the first run at all, which is `first`.
 *
 * An hour usually has runs when it had on three of the last four same days of the week, or, in younger data, on six of the last seven days;
 * empty stretches found so far are left out of what is usual. Such hours make a gap when three runs would have been expected in a row of them.
 * A whole local day is one when it alone usually has a run. Gaps with a silent night between them are one.
 */
export function findGaps(counts: Counts, { from, to, first, zone }: Stretch & { first: number; zone: string }): Stretch[] {
  const start = Math.max(first, from - usualMs);
  // By the local clock, which is what schedules go by.
  const local = (at: number): number => localTimeAt(new Date(at), zone);
  const hours = stretchesOf(counts, hoursBetween(start, to), { first, least: leastMissed, local, placeMs: hourMs });
  const days = daysBetween(start, to, zone);
  const perDay = new Map<number, number>();
  let index = 0;
  for (const [hour, count] of [...counts].sort(([a], [b]) => a - b)) {
    while (index + 1 < days.length && hour >= (days[index + 1] as number)) index += 1;
    const day = days[index];
    if (day !== undefined && hour >= day) perDay.set(day, (perDay.get(day) ?? 0) + count);
  }
  const wholeDays = stretchesOf(perDay, days, { first, least: 1, local, placeMs: dayMs });
  return merged([...hours, ...wholeDays], counts).flatMap((gap) => {
    const clipped = { from: Math.max(gap.from, from), to: Math.min(gap.to, to) };
    return clipped.to > clipped.from ? [clipped] : [];
  });
}

/** Starts of whole periods between two instants, and the end of the last. */
function hoursBetween(from: number, to: number): number[] {
  const starts: number[] = [];
  for (let at = Math.ceil(from / hourMs) * hourMs; at <= to; at += hourMs) starts.push(at);
  return starts;
}

function daysBetween(from: number, to: number, zone: string): number[] {
  const starts: number[] = [];
  let at = DateTime.fromJSDate(startOfLocalDay(new Date(from), zone), { zone });
  for (; at.toMillis() <= to; at = at.plus({ days: 1 }).startOf("day")) starts.push(at.toMillis());
  return starts;
}

/** `day` is a number of days by the local clock. */
type Cell = { readonly day: number; readonly count: number };
type Usual = {
  readonly first: number;
  readonly least: number;
  readonly local: (at: number) => number;
  /** Length of a period, by which its place in the day is known. */
  readonly placeMs: number;
};

/** Rows of periods, each empty and usually not, in which together `least` runs were to be expected. */
function stretchesOf(counts: Counts, starts: readonly number[], { first, least, local, placeMs }: Usual): Stretch[] {
  const past = new Map<number, Cell[]>();
  const found: Stretch[] = [];
  let open: { from: number; to: number; expected: number } | undefined;
  const close = (): void => {
    if (open && open.expected >= least) found.push({ from: open.from, to: open.to });
    open = undefined;
  };
  for (const [index, at] of starts.slice(0, -1).entries()) {
    const count = counts.get(at) ?? 0;
    const day = Math.floor(local(at) / dayMs);
    const place = Math.floor((local(at) - day * dayMs) / placeMs);
    const before = past.get(place) ?? [];
    const expected = count === 0 && at > first ? usualCount(before, day) : 0;
    if (expected > 0) open = { from: open?.from ?? at, to: starts[index + 1] as number, expected: (open?.expected ?? 0) + expected };
    else {
      close();
      past.set(place, [...before, { day, count }].slice(-usualMs / dayMs));
    }
  }
  close();
  return found;
}

/** The median of the counts that speak for a period; 0 when it is not usual that there are any. */
function usualCount(before: readonly Cell[], day: number): number {
  const sameWeekday = before.filter((cell) => day > cell.day && (day - cell.day) % 7 === 0).slice(-4);
  const isOld = sameWeekday.length >= 3;
  const peers = isOld ? sameWeekday : before.slice(-7);
  if (!isOld && peers.length < 7) return 0;
  const counts = peers.map(({ count }) => count).sort((a, b) => a - b);
  if (counts.filter((count) => count > 0).length < (isOld ? 3 : 6)) return 0;
  return medianOf(counts);
}

/** Overlapping stretches as one, in their order; and those with nothing but a silent night between them. */
function merged(stretches: readonly Stretch[], counts: Counts): Stretch[] {
  const runsAt = [...counts.keys()].sort((a, b) => a - b);
  const isSilent = (from: number, to: number): boolean => to - from <= dayMs && !runsAt.some((at) => at >= from && at < to);
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of [...stretches].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last && (from <= last.to || isSilent(last.to, from))) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
}
