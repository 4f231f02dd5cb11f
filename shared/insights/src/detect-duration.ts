import { medianOf, quantileOf } from "@flow-rag/kernel";
import { countBelow } from "./ascending.js";
import { durationPastOf, floorMs, logScaleOf, scalesAbove, type DurationPast } from "./duration-past.js";
import { shownEvidence, type Verdict } from "./finding.js";
import type { FleetPast } from "./fleet-past.js";
import type { PipelineView } from "./run-history.js";
import type { RunSeen } from "./run-seen.js";
import { binomialTail } from "./statistics.js";

const hourMs = 3_600_000;
/** Past runs under which nothing is said. */
const leastDurations = 20;
const leastOfHour = 24;
/** Runs under which a day is not judged as a whole. */
const leastOfDrift = 3;
/** A day of the month before is unusual under this p. */
const unusual = 0.05;
/** How much longer than on the same day of the month before is still as long as then. */
const monthlyAllowance = 1.25;

/** Values of a tail under which its scale is not believed, and the weight of the fleet's long runs, in runs. */
const leastTail = 10;
const fleetWeight = 20;

/**
 * Chance of a duration of at least `duration`: its rank among the past ones, as far as they reach. Beyond the longest the tail is taken to be
 * exponential in the logarithm, with the scale of the past's longest tenth (ten at least), and as wide as so few values leave it; and as many
 * runs as in the fleet are so many scales above their median, by a weight of 20 runs.
 * Source: Hill, "A simple general approach to inference about the tail of a distribution" (1975); the predictive of an exponential whose scale
 * was estimated from k values is Lomax with shape k.
 */
function durationTail(past: DurationPast, duration: number, fleet: FleetPast): number {
  const { sorted } = past;
  const count = sorted.length;
  const least = (fleetWeight / (count + fleetWeight)) * fleet.longerShare(scalesAbove(past, duration));
  const longest = sorted[count - 1] ?? 0;
  if (duration <= longest) return Math.max(least, (1 + count - countBelow(sorted, duration)) / (count + 1));
  const tail = Math.min(count - 1, Math.max(leastTail, Math.ceil(count / 10)));
  const threshold = logOf(sorted[count - tail - 1]);
  let excess = 0;
  for (let index = count - tail; index < count; index += 1) excess += logOf(sorted[index]) - threshold;
  // Never thinner than the tail of a normal distribution of this scale.
  const tailScale = Math.max(excess / tail, 0.7 * logScaleOf(past));
  const beyond = (logOf(duration) - logOf(longest)) / tailScale;
  return Math.max(least, (1 + beyond / tail) ** -tail / (count + 1));
}

const logOf = (ms: number | undefined): number => Math.log(Math.max(1, ms ?? 1));

const isTimed = ({ status, durationMs }: RunSeen): boolean => status === "success" && durationMs !== null;

/**
 * Successful runs that took longer than the pipeline's past allows: the longest of the day, or the day as a whole (at least half of its runs
 * are slow, and their median is above that of every past day). An hour that differs from the others is compared with itself once it has 24 past
 * runs. Runs that failed are left out, because a failure is short; what took as long on the same day of the month before is usual.
 */
export function detectDuration({ pipeline, tech, calendar, baseline, day, monthEarlier }: PipelineView, fleet: FleetPast): Verdict {
  const today = day.filter(isTimed);
  if (today.length === 0) return "untested";
  const timed = baseline.filter(isTimed);
  if (timed.length < leastDurations) return "too_little_past";
  const all = durationPastOf(timed.map(({ durationMs }) => durationMs ?? 0));
  // Only a day that has something long needs the rest.
  if (!today.some(({ durationMs }) => (durationMs ?? 0) > all.limit)) return "usual";
  const monthly = monthlyLimit(ascending(monthEarlier.filter(isTimed)), all, fleet);

  const hours = new Map<number, number[]>();
  let dayIndex = 0;
  for (const { at, durationMs } of timed) {
    while (at >= (calendar.dayStarts[dayIndex + 1] ?? Infinity)) dayIndex += 1;
    const hour = Math.floor((at - (calendar.dayStarts[dayIndex] ?? at)) / hourMs);
    const slot = hours.get(hour);
    if (slot) slot.push(durationMs ?? 0);
    else hours.set(hour, [durationMs ?? 0]);
  }
  const pastFor = ({ at }: RunSeen): DurationPast => {
    const slot = hours.get(Math.floor((at - calendar.from) / hourMs)) ?? [];
    if (slot.length < leastOfHour) return all;
    const own = durationPastOf(slot);
    return Math.abs(own.median - all.median) > Math.max(all.scale, floorMs) ? own : all;
  };
  const judged = today.map((run) => {
    const past = pastFor(run);
    const duration = run.durationMs ?? 0;
    return { run, past, duration, p: duration > Math.max(past.limit, monthly) ? durationTail(past, duration, fleet) : 1 };
  });
  const slow = judged.filter(({ p }) => p < 1).sort((a, b) => a.p - b.p);
  const [worst] = slow;
  if (!worst) return "usual";

  const half = Math.ceil(judged.length / 2);
  const single = Math.min(1, worst.p * judged.length);
  const mayDrift = judged.length >= leastOfDrift;
  const isDrift = mayDrift && slow.length >= half && medianOf(ascending(today)) > longestDay(timed, calendar.dayStarts);
  const drift = isDrift ? binomialTail(half, judged.length, slow[half - 1]?.p ?? 1) : 1;
  const typical = slow[Math.floor(slow.length / 2)] ?? worst;
  const shown = drift < single ? typical : worst;
  return {
    pipeline,
    tech,
    kind: "duration",
    severity: shown.duration > 4 * shown.past.median ? "critical" : "warning",
    window: { from: calendar.from, to: calendar.to },
    observed: shown.duration,
    expected: shown.past.median,
    pValue: Math.min(1, (mayDrift ? 2 : 1) * Math.min(single, drift)),
    rule: null,
    signature: null,
    evidence: slow.slice(0, shownEvidence).map(({ run }) => run.id),
    facts: {
      slow: slow.length,
      runs: judged.length,
      usualFrom: quantileOf(shown.past.sorted, 0.1),
      usualTo: quantileOf(shown.past.sorted, 0.9),
      first: Math.min(...slow.map(({ run }) => run.at)),
    },
  };
}

/** Up to what the month before took on the same day, if that was unusual too, all is usual. */
function monthlyLimit(monthEarlier: Float64Array, past: DurationPast, fleet: FleetPast): number {
  const longest = monthEarlier.at(-1) ?? 0;
  const isUnusual = longest > past.limit && monthEarlier.length * durationTail(past, longest, fleet) < unusual;
  return isUnusual ? monthlyAllowance * longest : 0;
}

const ascending = (runs: readonly RunSeen[]): Float64Array => Float64Array.from(runs, ({ durationMs }) => durationMs ?? 0).sort();

/** Greatest median of a past day, in ms. */
function longestDay(timed: readonly RunSeen[], dayStarts: readonly number[]): number {
  let longest = 0;
  let begin = 0;
  for (const stop of dayStarts.slice(1)) {
    let end = begin;
    while (end < timed.length && (timed[end]?.at ?? 0) < stop) end += 1;
    if (end > begin) longest = Math.max(longest, medianOf(ascending(timed.slice(begin, end))));
    begin = end;
  }
  return longest;
}
