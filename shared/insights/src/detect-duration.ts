import { shownEvidence, type Finding } from "./finding.js";
import type { PipelineView } from "./run-history.js";
import type { RunSeen } from "./run-seen.js";
import { binomialTail, medianDeviation, medianOf, quantileOf } from "./statistics.js";

const hourMs = 3_600_000;
/** Past runs under which nothing is said. */
const leastDurations = 20;
const leastOfHour = 24;
/** A duration within this many scales, or this many ms, of the median is not worth waking up for. See `docs/decisions/2026-11-21-short-durations.md`. */
const floorScales = 3;
const floorMs = 5_000;
/** Without a floor a constant series makes every millisecond an event. A share of the median. */
const floorShare = 0.05;

/** Durations of past successes and how far they scatter. All in ms, ascending; only what is longer than `limit` is looked at. */
type Past = { readonly sorted: Float64Array; readonly median: number; readonly scale: number; readonly limit: number };

function pastOf(durations: readonly number[]): Past {
  const sorted = Float64Array.from(durations).sort();
  const median = medianOf(sorted);
  const scale = Math.max(medianDeviation(sorted), floorShare * median);
  // The absolute part is a limit and no scatter: as a scatter it hid a check of 0.5 s that took 20 s.
  return { sorted, median, scale, limit: median + Math.max(floorScales * scale, floorMs) };
}

/**
 * Chance of a duration of at least `duration`: its rank in the past, and beyond the past's longest tenth an exponential tail of the logarithm
 * whose scale is that of the tenth. Source: Hill, "A simple general approach to inference about the tail of a distribution" (1975).
 */
function durationTail({ sorted, median, scale }: Past, duration: number): number {
  const count = sorted.length;
  const longer = Math.min(count - 1, Math.max(5, Math.ceil(count / 10)));
  const threshold = Math.log(Math.max(1, sorted[count - longer - 1] ?? 1));
  let excess = 0;
  for (let index = count - longer; index < count; index += 1) excess += Math.log(Math.max(1, sorted[index] ?? 1)) - threshold;
  // Five values say little about a tail, so it is never taken to be thinner than that of a normal distribution of this scale.
  const tailScale = Math.max(excess / longer, 0.7 * Math.log1p(Math.max(floorShare, scale / Math.max(1, median))));
  const beyond = (Math.log(Math.max(1, duration)) - threshold) / tailScale;
  let rank = count;
  let low = 0;
  while (low < rank) {
    const middle = (low + rank) >>> 1;
    if ((sorted[middle] ?? 0) < duration) low = middle + 1;
    else rank = middle;
  }
  const byRank = (1 + count - rank) / (count + 1);
  return beyond <= 0 ? byRank : Math.min(byRank, (longer / count) * Math.exp(-beyond));
}

const isTimed = ({ status, durationMs }: RunSeen): boolean => status === "success" && durationMs !== null;

/**
 * Successful runs that took longer than the pipeline's past allows: the longest of the day, or the day as a whole (at least half of its runs
 * are slow, and their median is above that of every past day). An hour that differs from the others is compared with itself once it has 24 past
 * runs. Runs that failed are left out, because a failure is short. Undefined for a day without one; `null` when the past is too short.
 */
export function detectDuration({ pipeline, tech, calendar, baseline, day }: PipelineView): Finding | undefined | null {
  const today = day.filter(isTimed);
  if (today.length === 0) return undefined;
  const timed = baseline.filter(isTimed);
  if (timed.length < leastDurations) return null;
  const all = pastOf(timed.map(({ durationMs }) => durationMs ?? 0));
  // Only a day that has something long needs the rest.
  if (!today.some(({ durationMs }) => (durationMs ?? 0) > all.limit)) return undefined;

  const hours = new Map<number, number[]>();
  let dayIndex = 0;
  for (const { at, durationMs } of timed) {
    while (at >= (calendar.dayStarts[dayIndex + 1] ?? Infinity)) dayIndex += 1;
    const hour = Math.floor((at - (calendar.dayStarts[dayIndex] ?? at)) / hourMs);
    const slot = hours.get(hour);
    if (slot) slot.push(durationMs ?? 0);
    else hours.set(hour, [durationMs ?? 0]);
  }
  const pastFor = ({ at }: RunSeen): Past => {
    const slot = hours.get(Math.floor((at - calendar.from) / hourMs)) ?? [];
    if (slot.length < leastOfHour) return all;
    const own = pastOf(slot);
    return Math.abs(own.median - all.median) > Math.max(all.scale, floorMs) ? own : all;
  };
  const judged = today.map((run) => {
    const past = pastFor(run);
    const duration = run.durationMs ?? 0;
    return { run, past, duration, p: duration > past.limit ? durationTail(past, duration) : 1 };
  });
  const slow = judged.filter(({ p }) => p < 1).sort((a, b) => a.p - b.p);
  const [worst] = slow;
  if (!worst) return undefined;

  const half = Math.ceil(judged.length / 2);
  const single = Math.min(1, worst.p * judged.length);
  const isDrift = judged.length >= 3 && slow.length >= half && medianOf(ascending(today)) > longestDay(timed, calendar.dayStarts);
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
    pValue: Math.min(1, 2 * Math.min(single, drift)),
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
