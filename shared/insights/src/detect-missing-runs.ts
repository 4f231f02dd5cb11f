import type { Finding } from "./finding.js";
import { countByDay, elapsed, type PipelineView } from "./run-history.js";
import { findSilentHours } from "./silent-hours.js";
import { medianOf, quantileOf } from "./statistics.js";

const dayMs = 86_400_000;
/** Gaps under which a cadence is not learned, and the share of the median by which regular gaps may differ from it. */
const leastGaps = 4;
const regularBy = 0.25;
/** Silence in gaps from which a run is missing. Source: `reference/QUALITY.md` section 4. */
const silentGaps = 1.5;
const leastWeeks = 3;
/** Days in a row with a run that make a habit of a pipeline too young to know its weekdays; a weekend is among them. */
const leastDays = 10;
/** Days of past under which a pipeline that pauses may be about to pause for its first weekend. */
const leastDaysOfPauses = 8;
/** How late a run of an unfinished day may be before it is missing. */
const mayBeLateMs = 3_600_000;

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
export function detectMissingRuns(view: PipelineView): Finding | undefined | null {
  const { pipeline, tech, calendar, baseline, day } = view;
  const instants = [...baseline, ...day].map(({ at }) => at);
  const last = instants.at(-1);
  if (last === undefined) return undefined;
  const gaps = Float64Array.from(baseline.slice(1), ({ at }, index) => elapsed(calendar, baseline[index]?.at ?? at, at)).sort();
  const gap = medianOf(gaps);
  const isRegular =
    gaps.length >= leastGaps && quantileOf(gaps, 0.9) <= (1 + regularBy) * gap && quantileOf(gaps, 0.1) >= (1 - regularBy) * gap;
  if (elapsed(calendar, last, calendar.to) > Math.max(7 * dayMs, 4 * gap)) return undefined;

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

  const pauses = isRegular && quantileOf(gaps, 0.99) > silentGaps * gap;
  if (pauses && calendar.from - (baseline[0]?.at ?? 0) < leastDaysOfPauses * dayMs) return null;
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
    if (!pauses && gap < dayMs / 2) return undefined; // a part of a day is silent or it is not: hours and weekdays add nothing
  }
  if (day.length > 0) {
    if (gaps.length < leastGaps) return null;
    const hours = isRegular && !pauses ? undefined : findSilentHours(view, gaps);
    return hours && finding("hours", hours.from, hours.to, gap, hours.missing);
  }

  const counts = countByDay(view, { spared: mayBeLateMs });
  const weekday = calendar.weekdays.at(-1);
  const firstActive = counts.findIndex((count) => count > 0);
  const weeks = counts.filter(
    (_, index) => index >= firstActive && calendar.weekdays[index] === weekday && !calendar.silentDays.has(index),
  );
  if (weeks.length < leastWeeks) {
    const days = counts.filter((_, index) => index >= firstActive && !calendar.silentDays.has(index)).slice(-leastDays);
    return days.length === leastDays && days.every((count) => count > 0) ? finding("daily", last, calendar.to, gap, 1) : null;
  }
  if (!weeks.every((count) => count > 0)) return undefined;
  return finding("weekday", last, calendar.to, gap, Math.max(1, Math.round(medianOf(Float64Array.from(weeks).sort()))));
}
