import { endedStatuses } from "@flow-rag/contracts";
import { DateTime, parseInstant, startOfLocalDay } from "@flow-rag/kernel";
import { RunColumns } from "./run-columns.js";
import type { RunSeen } from "./run-seen.js";

/** Days of a pipeline's own past that a morning is compared with. */
export const baselineDays = 28;

/** One local day that is judged, and the 28 before it. Every list is of epoch ms; a day is 23 or 25 hours long twice a year. */
export type Calendar = {
  readonly zone: string;
  /** Half-open: [from, to). */
  readonly from: number;
  readonly to: number;
  /** Where the day ends by the clock: `to`, unless it is not over yet. */
  readonly dayEnd: number;
  /** Starts of the days of the baseline, the oldest first, then `from`. */
  readonly dayStarts: readonly number[];
  /** 1 (Monday) to 7 (Sunday), of the days in `dayStarts`. */
  readonly weekdays: readonly number[];
  /** Indexes in `dayStarts` of the days on which no pipeline at all ran: nothing arrived, which says nothing about any one of them. */
  readonly silentDays: ReadonlySet<number>;
  /** Half-open: the day with the same place in the month before, which is before the baseline, or its first days. */
  readonly monthEarlier: { readonly from: number; readonly to: number };
};

/** The local day that holds `instant`, with its baseline. */
export function calendarOf(instant: Date, zone: string): Calendar {
  const start = DateTime.fromJSDate(startOfLocalDay(instant, zone), { zone });
  const startOf = (days: number): number => startOfLocalDay(start.plus({ days, hours: 12 }).toJSDate(), zone).getTime();
  const offsets = Array.from({ length: baselineDays + 1 }, (_, index) => index - baselineDays);
  return {
    zone,
    from: startOf(0),
    to: startOf(1),
    dayEnd: startOf(1),
    dayStarts: offsets.map(startOf),
    weekdays: offsets.map((days) => start.plus({ days, hours: 12 }).weekday),
    silentDays: new Set(),
    monthEarlier: monthEarlierOf(start),
  };
}

/** Days before the end of a month that are told by it: the last of a month is that of every month. */
const toldByEnd = 3;

/** `start`: of a day, at whatever time of the clock it begins; its date is the one that most of it lies in. */
function monthEarlierOf(start: DateTime): Calendar["monthEarlier"] {
  const date = start.plus({ hours: 12 }).startOf("day");
  const before = date.minus({ months: 1 });
  const left = (date.daysInMonth ?? 31) - date.day;
  const target = left < toldByEnd ? before.endOf("month").startOf("day").minus({ days: left }) : before;
  const from = start.minus({ days: Math.round(date.diff(target, "days").days) });
  return { from: from.toMillis(), to: from.plus({ days: 1 }).toMillis() };
}

/** The day as far as it has come: what is still to happen in it is not missing. */
export const upTo = (calendar: Calendar, now: Date): Calendar => ({ ...calendar, to: Math.min(calendar.to, now.getTime()) });

/**
 * The day that ends at `ending` and began at the same clock time on the local day before, with its baseline of such days: what a report in the
 * morning is about, the night included. Its weekday is the one that most of it lies in.
 */
export function calendarEndingAt(ending: Date, zone: string): Calendar {
  const dayStarts = clockDays(ending, zone, baselineDays + 1);
  return {
    zone,
    from: dayStarts.at(-1) ?? ending.getTime(),
    to: ending.getTime(),
    dayEnd: ending.getTime(),
    dayStarts,
    weekdays: dayStarts.map((start) => DateTime.fromMillis(start, { zone }).plus({ hours: 12 }).weekday),
    silentDays: new Set(),
    monthEarlier: monthEarlierOf(DateTime.fromMillis(dayStarts.at(-1) ?? ending.getTime(), { zone })),
  };
}

/** The instants at which the local clock showed the time of `ending` on each of the `count` days before it, the oldest first; epoch ms. */
export function clockDays(ending: Date, zone: string, count: number): number[] {
  const local = DateTime.fromJSDate(ending, { zone });
  const clock = local.toFormat("HH:mm:ss.SSS");
  const noon = local.startOf("day").plus({ hours: 12 });
  return Array.from({ length: count }, (_, index) => {
    const date = noon.minus({ days: count - index }).toFormat("yyyy-MM-dd");
    return parseInstant(`${date}T${clock}`, zone)?.getTime() ?? ending.getTime();
  });
}

/** The runs of one pipeline, the oldest first. `tech` is that of the latest. */
export type PipelineRuns = { readonly pipeline: string; readonly tech: string; readonly runs: RunColumns };
export type RunHistory = ReadonlyMap<string, PipelineRuns>;

/** Runs by pipeline. They come in any order and are taken one at a time. */
export async function collectHistory(runs: AsyncIterable<RunSeen> | Iterable<RunSeen>): Promise<RunHistory> {
  const columns = new Map<string, RunColumns>();
  for await (const run of runs) {
    let own = columns.get(run.pipeline);
    if (!own) columns.set(run.pipeline, (own = new RunColumns(run.pipeline)));
    own.push(run);
  }
  return new Map(
    [...columns].map(([pipeline, unordered]) => {
      const own = unordered.inOrder().withoutSharedKeys();
      return [pipeline, { pipeline, tech: own.slice(own.length - 1, own.length)[0]?.tech ?? "unknown", runs: own }];
    }),
  );
}

/** One pipeline on the morning after the judged day: nothing later is in it. */
export type PipelineView = {
  readonly pipeline: string;
  readonly tech: string;
  readonly calendar: Calendar;
  /** Of the baseline's days, the oldest first. */
  readonly baseline: readonly RunSeen[];
  /** Of the judged day. */
  readonly day: readonly RunSeen[];
  /** Of the calendar's day in the month before, as far as the judged day has come; empty where the history does not reach back to it. */
  readonly monthEarlier: readonly RunSeen[];
};

/** Undefined when the pipeline ran neither on the day nor in the 28 before it. */
export function viewOf({ pipeline, tech, runs }: PipelineRuns, calendar: Calendar): PipelineView | undefined {
  const [begin, from, to] = [runs.firstFrom(calendar.dayStarts[0] ?? 0), runs.firstFrom(calendar.from), runs.firstFrom(calendar.to)];
  if (begin === to) return undefined;
  const { monthEarlier: month } = calendar;
  const monthTo = calendar.to < calendar.dayEnd ? Math.min(month.to, month.from + calendar.to - calendar.from) : month.to;
  const monthEarlier = runs.slice(runs.firstFrom(month.from), runs.firstFrom(monthTo));
  return { pipeline, tech, calendar, baseline: runs.slice(begin, from), day: runs.slice(from, to), monthEarlier };
}

/**
 * How many of the baseline's runs each of its days has, in the order of `dayStarts`. While the judged day is not over, of each day only what had
 * come by the same time after its start, and not in the last `spared` milliseconds of that, in which a run may be late.
 */
export function countByDay({ baseline, calendar }: PipelineView, { spared = 0 }: { spared?: number } = {}): number[] {
  const within = calendar.to < calendar.dayEnd ? calendar.to - calendar.from - spared : Infinity;
  const result = Array<number>(calendar.dayStarts.length - 1).fill(0);
  let day = 0;
  for (const run of baseline) {
    while (run.at >= (calendar.dayStarts[day + 1] ?? Infinity)) day += 1;
    if (run.at - (calendar.dayStarts[day] ?? 0) < within) result[day] = (result[day] ?? 0) + 1;
  }
  return result;
}

/** The calendar with the days on which none of the pipelines ran. */
export function withSilentDays(calendar: Calendar, histories: Iterable<PipelineRuns>): Calendar {
  const silent = new Set(calendar.dayStarts.keys());
  for (const { runs } of histories) {
    for (const index of silent) {
      const next = runs.at(runs.firstFrom(calendar.dayStarts[index] ?? 0)) ?? Infinity;
      if (next < (calendar.dayStarts[index + 1] ?? calendar.to)) silent.delete(index);
    }
    if (silent.size === 0) break;
  }
  return { ...calendar, silentDays: silent };
}

/** Milliseconds between two instants without the silent days. */
export function elapsed({ dayStarts, silentDays, to: end }: Calendar, from: number, to: number): number {
  let time = to - from;
  for (const index of silentDays) {
    time -= Math.max(0, Math.min(to, dayStarts[index + 1] ?? end) - Math.max(from, dayStarts[index] ?? end));
  }
  return time;
}

/** Whether a run says how its pipeline fares: it ended, well or badly. */
export const hasEnded = ({ status }: Pick<RunSeen, "status">): boolean => (endedStatuses as readonly string[]).includes(status);
