import { shownEvidence, type Verdict } from "./finding.js";
import { countByDay, type PipelineView } from "./run-history.js";
import { countTail, studentTail } from "./statistics.js";

const leastWeeks = 3;
/** Runs a day under which a difference of a few says nothing. */
const leastMean = 4;
/** Variance by mean of a schedule that never varies: without it one run more would be an event, with much more a doubled schedule none. */
const leastDispersion = 0.1;
/** Dispersion from which runs may come by chance, one by one: then no tail is thinner than that of a count. */
const byChance = 0.5;
/** A day of the month before is unusual under this p; if today is like it, it is the day of the month. */
const unusual = 0.05;

/**
 * More or fewer runs in a day than the same weekday has, two-sided: a predictive tail for what is left when the means of the weekdays are taken
 * away, on the scale of the square root, where counts scatter evenly, with the degrees of freedom that the past's dispersion has. Runs that may
 * come by chance are never judged by less than the tail of a count. A day like the same day of the month before is usual.
 * Source: Bartlett, "The square root transformation in analysis of variance" (1936); Student's predictive of a mean of a few weeks.
 */
export function detectVolume(view: PipelineView): Verdict {
  const { pipeline, tech, calendar, day, monthEarlier } = view;
  const counts = countByDay(view);
  const firstActive = counts.findIndex((count) => count > 0);
  if (firstActive < 0) return day.length === 0 ? "untested" : "too_little_past";
  const active = counts
    .map((count, index) => ({ count, root: Math.sqrt(count), weekday: calendar.weekdays[index] ?? 0, index }))
    .filter(({ index }) => index >= firstActive && !calendar.silentDays.has(index));
  const weekday = calendar.weekdays.at(-1) ?? 1;
  const weeks = active.filter((one) => one.weekday === weekday);
  if (weeks.length < leastWeeks) return "too_little_past";
  const mean = meanOf(weeks.map(({ count }) => count));
  if (mean === 0) return "untested";
  // Tested all the same: whether it is looked at depends on what the day held.
  if (Math.max(mean, day.length) < leastMean) return "usual";

  let [scatter, freedom] = [0, active.length];
  for (let one = 1; one <= 7; one += 1) {
    const roots = active.filter((other) => other.weekday === one).map(({ root }) => root);
    if (roots.length === 0) continue;
    const usual = meanOf(roots);
    freedom -= 1;
    for (const root of roots) scatter += 4 * (root - usual) ** 2;
  }
  // A root scatters by a quarter of the dispersion, whatever its mean.
  const dispersion = Math.max(leastDispersion, scatter / Math.max(1, freedom));
  const tail = (count: number, root: number, references: number): number => {
    const deviation = (2 * Math.abs(Math.sqrt(count) - root)) / Math.sqrt(dispersion * (1 + 1 / references));
    const student = Math.min(1, 2 * studentTail(deviation, Math.max(1, freedom)));
    return dispersion < byChance ? student : Math.max(student, countTail(count, mean, Math.max(1, dispersion) * (1 + 1 / references)));
  };
  const usualRoot = meanOf(weeks.map(({ root }) => root));
  const own = tail(day.length, usualRoot, weeks.length);
  const isMonthly =
    monthEarlier.length > 0 &&
    Math.sign(monthEarlier.length - mean) === Math.sign(day.length - mean) &&
    tail(monthEarlier.length, usualRoot, weeks.length) < unusual;
  return {
    pipeline,
    tech,
    kind: "volume",
    severity: "warning",
    window: { from: calendar.from, to: calendar.to },
    observed: day.length,
    expected: mean,
    pValue: isMonthly ? Math.max(own, tail(day.length, Math.sqrt(monthEarlier.length), 1)) : own,
    rule: null,
    signature: null,
    evidence: day.slice(0, shownEvidence).map(({ id }) => id),
    facts: { weeks: weeks.length, first: day[0]?.at ?? calendar.from },
  };
}

const meanOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
