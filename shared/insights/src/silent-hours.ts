import { medianOf, quantileOf } from "@flow-rag/kernel";
import { countBelow } from "./ascending.js";
import type { PipelineView } from "./run-history.js";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Days alike under which no habit of the clock is believed; of 28 days 8 are Saturdays and Sundays. */
const leastDays = 7;
/** Silence, in short gaps, that is looked at. */
const silentGaps = 1.5;
/** Of a silence and of a short gap, what is left out on both sides, an hour at most: runs are early or late by minutes from day to day. */
const [silenceLeftOut, gapLeftOut] = [1 / 8, 1 / 4];
/** Of the counts of a window, variance by mean: a schedule keeps to it, what comes by chance has 1. */
const mostDispersion = 0.25;

export type SilentHours = {
  /** Epoch ms: the last run before, and the next one or the judged time's end. */
  readonly from: number;
  readonly to: number;
  /** Runs that the same hours had at least on every day alike. */
  readonly missing: number;
  /** Runs that they had in the median. */
  readonly median: number;
};

/**
 * The hours of the judged day without a run in which every day alike had one; undefined when there are none. Alike are working days, or
 * Saturdays and Sundays, on which the pipeline ran. A quarter of a gap is left out on both sides for runs that are early or late, and every day
 * alike must have a run with an eighth of the silence left out too: the gap says nothing where runs come in pairs of the same minute. While a
 * change of the clocks is among the days an hour more is left out: schedules in UTC then move.
 */
export function findSilentHours({ calendar, baseline, day }: PipelineView, sortedGaps: Float64Array): SilentHours | undefined {
  const { dayStarts, weekdays, silentDays, from: dayFrom, to: dayTo, dayEnd } = calendar;
  const isWeekend = (weekday: number | undefined): boolean => (weekday ?? 0) > 5;
  const lengthOf = (index: number): number => (dayStarts[index + 1] ?? dayEnd) - (dayStarts[index] ?? 0);
  const clocksChange = dayStarts.some((_, index) => lengthOf(index) !== dayMs);
  const gap = quantileOf(sortedGaps, 0.25);
  const marginFor = (room: number): number => Math.min(room, hourMs) + (clocksChange ? hourMs : 0);

  const at = Float64Array.from(baseline, (run) => run.at);
  const countBetween = (from: number, to: number): number => Math.max(0, countBelow(at, to) - countBelow(at, from));
  const alike = dayStarts.slice(0, -1).filter((start, index) => {
    const isAlike = !silentDays.has(index) && isWeekend(weekdays[index]) === isWeekend(weekdays.at(-1));
    return isAlike && lengthOf(index) === dayMs && countBetween(start, start + dayMs) > 0;
  });
  if (alike.length < leastDays) return undefined;

  let longest: SilentHours | undefined;
  const marks = [dayFrom, ...day.map((run) => run.at), dayTo];
  for (let index = 1; index < marks.length; index += 1) {
    const [from, to] = [marks[index - 1] ?? 0, marks[index] ?? 0];
    const margin = marginFor(gap * gapLeftOut);
    const sureMargin = marginFor(Math.max(gap * gapLeftOut, (to - from) * silenceLeftOut));
    if (to - from <= silentGaps * gap || to - from <= 2 * sureMargin) continue;
    const countsWithout = (left: number): number[] =>
      alike.map((start) => countBetween(start + (from - dayFrom) + left, start + (to - dayFrom) - left));
    const counts = countsWithout(margin);
    const missing = Math.min(...counts);
    if (missing <= (longest?.missing ?? 0) || dispersionOf(counts) > mostDispersion || Math.min(...countsWithout(sureMargin)) === 0)
      continue;
    longest = {
      from: index === 1 ? (baseline.at(-1)?.at ?? from) : from,
      to,
      missing,
      median: medianOf(Float64Array.from(counts).sort()),
    };
  }
  return longest;
}

function dispersionOf(counts: readonly number[]): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (counts.length - 1) / mean;
}
