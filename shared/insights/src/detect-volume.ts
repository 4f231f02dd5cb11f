import { shownEvidence, type Finding } from "./finding.js";
import { countByDay, type PipelineView } from "./run-history.js";
import { countTail } from "./statistics.js";

const leastWeeks = 3;
/** Runs a day under which a difference of a few says nothing. */
const leastMean = 4;

/**
 * More or fewer runs in a day than the same weekday has: Poisson, or negative binomial where the past scatters more than that; two-sided.
 * Undefined when nothing is unusual about so few runs; `null` when the past is too short.
 */
export function detectVolume(view: PipelineView): Finding | undefined | null {
  const { pipeline, tech, calendar, day } = view;
  const counts = countByDay(view);
  const firstActive = counts.findIndex((count) => count > 0);
  if (firstActive < 0) return day.length === 0 ? undefined : null;
  const active = counts
    .map((count, index) => ({ count, weekday: calendar.weekdays[index] ?? 0, index }))
    .filter(({ index }) => index >= firstActive && !calendar.silentDays.has(index));
  const means = new Map<number, number>();
  for (let weekday = 1; weekday <= 7; weekday += 1) {
    const same = active.filter((one) => one.weekday === weekday);
    if (same.length > 0) means.set(weekday, same.reduce((sum, { count }) => sum + count, 0) / same.length);
  }
  const weekday = calendar.weekdays.at(-1) ?? 1;
  const weeks = active.filter((one) => one.weekday === weekday).length;
  if (weeks < leastWeeks) return null;
  const mean = means.get(weekday) ?? 0;
  if (Math.max(mean, day.length) < leastMean || mean === 0) return undefined;
  let scatter = 0;
  for (const one of active) {
    const usual = means.get(one.weekday) ?? 0;
    if (usual > 0) scatter += (one.count - usual) ** 2 / usual;
  }
  // The means were learned from the same days, one a weekday; the mean of a few weeks is itself uncertain.
  const dispersion = Math.max(1, scatter / Math.max(1, active.length - 7)) * (1 + 1 / weeks);
  return {
    pipeline,
    tech,
    kind: "volume",
    severity: "warning",
    window: { from: calendar.from, to: calendar.to },
    observed: day.length,
    expected: mean,
    pValue: countTail(day.length, mean, dispersion),
    rule: null,
    signature: null,
    evidence: day.slice(0, shownEvidence).map(({ id }) => id),
    facts: { weeks, first: day[0]?.at ?? calendar.from },
  };
}
