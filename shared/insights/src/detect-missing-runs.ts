import { medianOf, quantileOf } from "@flow-rag/kernel";
import type { Finding, Verdict } from "./finding.js";
import { findRareSilence } from "./rare-silence.js";
import { countByDay, elapsed, type PipelineView } from "./run-history.js";
import { findSilentHours } from "./silent-hours.js";

const dayMs = 86_400_000;
/** Gaps under which a cadence is not learned, and the share of the median by which regular gaps may differ from it. */
const leastGaps = 4;
const regularBy = 0.25;
/** Silence in gaps from which a run is missing. */
const silentGaps = 1.5;
const leastWeeks = 3;
/** Days in a row with a run that make a habit of a pipeline too young to know its weekdays; a weekend is among them. */
const leastDays = 10;
/** Days of past under which a pipeline that pauses may be about to pause for its first weekend. */
const leastDaysOfPauses = 8;
/** How late a run of an unfinished day may be before it is missing. */
const mayBeLateMs = 3_600_000;

/** Variance by median of the counts of days alike that even a schedule is granted. */
const leastDispersion = 0.05;
/** Chance of a stretch without a run, over which it is nothing. */
const mostChance = 0.007;

const rules = {
  cadence: "silence of more than 1.5 times the usual gap",
  hours: "no run in hours that always have one on such a day",
  weekday: "no run on a weekday that always has one",
  daily: "no run on a day although each of the last 10 had one",
} as const;

/** What a missing run was expected by: a regular gap, hours of the day, its weekday, or every day. */
export type RunHabit = keyof typeof rules;
const habits = new Map(Object.entries(rules).map(([habit, rule]) => [rule as string, habit as RunHabit]));
export const habitOf = ({ rule }: Pick<Finding, "rule">): RunHabit => habits.get(rule ?? "") ?? "cadence";

/**
 * A pipeline that did not run when it usually does. Three habits are learned from its past: a regular gap between runs (nine tenths of the gaps
 * within a quarter of the median), the hours of working days or weekends that always have a run, for pipelines that pause at night or on Sundays,
 * and the weekdays that had a run in each of the last weeks (of a young pipeline, all of the last 10 days). Gaps are compared in elapsed time with half a gap to spare and days as local days,
 * so that neither a 23-hour nor a 25-hour day makes a daily run late.
 *
 * A pipeline that is silent for longer than a week and four of its gaps was paused: undefined. `null` when the past is too short to know a habit.
 */
export function detectMissingRuns(view: PipelineView): Verdict {
  const { pipeline, tech, calendar, baseline, day } = view;
  const instants = [...baseline, ...day].map(({ at }) => at);
  const last = instants.at(-1);
  if (last === undefined) return "untested";
  const gaps = Float64Array.from(baseline.slice(1), ({ at }, index) => elapsed(calendar, baseline[index]?.at ?? at, at)).sort();
  const gap = medianOf(gaps);
  const isRegular =
    gaps.length >= leastGaps && quantileOf(gaps, 0.9) <= (1 + regularBy) * gap && quantileOf(gaps, 0.1) >= (1 - regularBy) * gap;
  if (elapsed(calendar, last, calendar.to) > Math.max(7 * dayMs, 4 * gap)) return "untested";

  const finding = (habit: RunHabit, from: number, to: number, expected: number, missing: number): Finding => ({
    pipeline,
    tech,
    kind: "missing_run",
    severity: to === calendar.to && missing > 1 ? "critical" : "warning",
    window: { from, to },
    observed: to - from,
    expected,
    pValue: null,
    rule: rules[habit],
    signature: null,
    evidence: [...baseline, ...day]
      .filter(({ at }) => at <= from)
      .slice(-1)
      .map(({ id }) => id),
    facts: { missing, gap, last: from, back: to === calendar.to ? 0 : 1 },
  });

  const rare = findRareSilence(view);
  if (rare !== "unknown") {
    if (rare === "none") return "usual";
    return finding(isRegular ? "cadence" : "hours", rare.from, rare.to, gap, rare.missing);
  }
  const pauses = isRegular && quantileOf(gaps, 0.99) > silentGaps * gap;
  if (pauses && calendar.from - (baseline[0]?.at ?? 0) < leastDaysOfPauses * dayMs) return "too_little_past";
  if (isRegular) {
    // A gap that the past knows is none, unless it is rare there.
    const limit = Math.max(silentGaps * gap, 1.1 * quantileOf(gaps, 0.99));
    const marks = [...instants.slice(Math.max(0, baseline.length - 1)), calendar.to];
    let longest: { from: number; to: number; silence: number } | undefined;
    for (let index = 1; index < marks.length; index += 1) {
      const [from, to] = [marks[index - 1] ?? 0, marks[index] ?? 0];
      const silence = elapsed(calendar, from, to);
      if (silence > elapsed(calendar, instants[0] ?? from, from)) continue; // a habit is believed for as long as it was kept
      if (silence > Math.max(limit, longest?.silence ?? 0)) longest = { from, to, silence };
    }
    if (longest) return finding("cadence", longest.from, longest.to, gap, Math.max(1, Math.round(longest.silence / gap) - 1));
    if (!pauses && gap < dayMs / 2) return "usual"; // a part of a day is silent or it is not: hours and weekdays add nothing
  }
  const dispersion = dispersionOf(view);
  const isByChance = (median: number): boolean => Math.exp(-median / dispersion) > mostChance;
  if (day.length > 0) {
    if (gaps.length < leastGaps) return "too_little_past";
    const hours = isRegular && !pauses ? undefined : findSilentHours(view, gaps);
    if (hours && isByChance(hours.median)) return "usual";
    return hours ? finding("hours", hours.from, hours.to, gap, hours.missing) : "usual";
  }

  const counts = countByDay(view, { spared: mayBeLateMs });
  const weekday = calendar.weekdays.at(-1);
  const firstActive = counts.findIndex((count) => count > 0);
  const weeks = counts.filter(
    (_, index) => index >= firstActive && calendar.weekdays[index] === weekday && !calendar.silentDays.has(index),
  );
  const isWeekend = (index: number): boolean => (calendar.weekdays[index] ?? 1) > 5;
  const alike = counts.filter(
    (_, index) => index >= firstActive && isWeekend(index) === isWeekend(counts.length) && !calendar.silentDays.has(index),
  );
  if (weeks.length < leastWeeks) {
    const days = counts.filter((_, index) => index >= firstActive && !calendar.silentDays.has(index)).slice(-leastDays);
    if (days.length < leastDays || !days.every((count) => count > 0)) return "too_little_past";
    return isByChance(medianOfCounts(days)) ? "usual" : finding("daily", last, calendar.to, gap, 1);
  }
  if (!weeks.every((count) => count > 0) || isByChance(usualOf(alike, weeks))) return "usual";
  return finding("weekday", last, calendar.to, gap, Math.max(1, Math.round(medianOfCounts(weeks))));
}

/**
 * How far the runs of a past day fall short of the median of its weekday, or of the working days and the weekends, as a variance by median:
 * about 0 of a schedule, also of one with reruns, and about 1 of what comes by chance. A stretch that has `median` runs stays without any with
 * a chance of about exp(-median / dispersion), of independent runs exactly that.
 */
function dispersionOf(view: PipelineView): number {
  const { weekdays, silentDays } = view.calendar;
  const counts = countByDay(view);
  const first = counts.findIndex((count) => count > 0);
  const days = counts.map((count, index) => ({ count, index })).filter(({ index }) => index >= first && !silentDays.has(index));
  const within = (kindOf: (weekday: number) => number): number | undefined => {
    let [scatter, usual, kinds] = [0, 0, 0];
    for (let kind = 0; kind <= 7; kind += 1) {
      const own = days.filter(({ index }) => kindOf(weekdays[index] ?? 1) === kind).map(({ count }) => count);
      const median = medianOfCounts(own);
      kinds += Number(own.length > 0);
      usual += median * own.length;
      scatter += own.reduce((sum, count) => sum + 2 * Math.min(0, count - median) ** 2, 0);
    }
    return usual === 0 ? undefined : (scatter * days.length) / Math.max(1, days.length - kinds) / usual;
  };
  // A pipeline of one weekday is idle on most days of its kind.
  return Math.max(leastDispersion, within((weekday) => Number(weekday > 5)) ?? within((weekday) => weekday) ?? 1);
}

/** Few weeks of one weekday may all be high by chance: the days alike tell more, unless the pipeline rests on most of them. */
const usualOf = (alike: readonly number[], weeks: readonly number[]): number =>
  medianOfCounts(alike) > 0 ? Math.min(medianOfCounts(alike), medianOfCounts(weeks)) : medianOfCounts(weeks);

const medianOfCounts = (counts: readonly number[]): number => medianOf(Float64Array.from(counts).sort());
