import type { RunStatus } from "@flow-rag/contracts";
import { DateTime, startOfLocalDay } from "@flow-rag/kernel";

/** What the detectors need of a run. */
export type RunSeen = {
  /** `source:recordId` */
  readonly id: string;
  readonly pipeline: string;
  readonly tech: string;
  readonly status: RunStatus;
  /** Epoch ms. */
  readonly at: number;
  readonly durationMs: number | null;
  readonly signature: string | null;
};

/** Days of a pipeline's own past that a morning is compared with. */
export const baselineDays = 28;

/** One local day that is judged, and the 28 before it. Every list is of epoch ms; a day is 23 or 25 hours long twice a year. */
export type Calendar = {
  readonly zone: string;
  /** Half-open: [from, to). */
  readonly from: number;
  readonly to: number;
  /** Starts of the days of the baseline, the oldest first, then `from`. */
  readonly dayStarts: readonly number[];
  /** 1 (Monday) to 7 (Sunday), of the days in `dayStarts`. */
  readonly weekdays: readonly number[];
  /** Indexes in `dayStarts` of the days on which no pipeline at all ran: nothing arrived, which says nothing about any one of them. */
  readonly silentDays: ReadonlySet<number>;
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
    dayStarts: offsets.map(startOf),
    weekdays: offsets.map((days) => start.plus({ days, hours: 12 }).weekday),
    silentDays: new Set(),
  };
}

/** Index of the first run at or after `at`. */
export function firstFrom(runs: readonly RunSeen[], at: number): number {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((runs[middle]?.at ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The runs of one pipeline, the oldest first. */
export type PipelineRuns = { readonly pipeline: string; readonly tech: string; readonly runs: RunSeen[] };
export type RunHistory = ReadonlyMap<string, PipelineRuns>;

/** Runs by pipeline. They come in any order and are taken one at a time; about 150 bytes of memory each. */
export async function collectHistory(runs: AsyncIterable<RunSeen> | Iterable<RunSeen>): Promise<RunHistory> {
  const history = new Map<string, { pipeline: string; tech: string; runs: RunSeen[]; sorted: boolean }>();
  for await (const run of runs) {
    let entry = history.get(run.pipeline);
    if (!entry) history.set(run.pipeline, (entry = { pipeline: run.pipeline, tech: run.tech, runs: [], sorted: true }));
    entry.sorted &&= (entry.runs.at(-1)?.at ?? 0) <= run.at;
    entry.runs.push(run);
    entry.tech = run.tech; // of the latest
  }
  for (const entry of history.values()) if (!entry.sorted) entry.runs.sort((a, b) => a.at - b.at);
  return history;
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
};

export function viewOf({ pipeline, tech, runs }: PipelineRuns, calendar: Calendar): PipelineView {
  const [begin, from, to] = [firstFrom(runs, calendar.dayStarts[0] ?? 0), firstFrom(runs, calendar.from), firstFrom(runs, calendar.to)];
  return { pipeline, tech, calendar, baseline: runs.slice(begin, from), day: runs.slice(from, to) };
}

/** How many of the baseline's runs each of its days has; `dayIndex` of a run is its place in `dayStarts`. */
export function countByDay({ baseline, calendar }: PipelineView, counts: (run: RunSeen) => boolean = () => true): number[] {
  const result = Array<number>(calendar.dayStarts.length - 1).fill(0);
  let day = 0;
  for (const run of baseline) {
    while (run.at >= (calendar.dayStarts[day + 1] ?? Infinity)) day += 1;
    if (counts(run)) result[day] = (result[day] ?? 0) + 1;
  }
  return result;
}

/** The calendar with the days on which none of the pipelines ran. */
export function withSilentDays(calendar: Calendar, histories: Iterable<PipelineRuns>): Calendar {
  const silent = new Set(calendar.dayStarts.keys());
  for (const { runs } of histories) {
    for (const index of silent) {
      const next = runs[firstFrom(runs, calendar.dayStarts[index] ?? 0)]?.at ?? Infinity;
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
export const hasEnded = ({ status }: RunSeen): boolean => status === "success" || status === "failed" || status === "warning";
