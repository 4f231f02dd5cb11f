import { countBelow } from "./ascending.js";
import { durationPastOf, scalesAbove } from "./duration-past.js";
import { hasEnded, type Calendar, type PipelineRuns, type RunHistory } from "./run-history.js";
import { failureScatter, type DayTally } from "./failure-scatter.js";

/** What the whole fleet's past teaches about a pipeline that has seen little itself. */
export type FleetPast = {
  /** Failures and ended runs; attempts of one run count once. */
  readonly failed: number;
  readonly ended: number;
  /** Scatter of the failures over days, of the pipelines that had any; see `failureScatter`. */
  readonly scatter: number;
  /** Share of the pipelines' days on which failures in a row began, and of those how many were at least that long (0 to 1). */
  readonly streakDays: number;
  readonly streaksFrom: (length: number) => number;
  /** Share of the successful runs whose log-length is so many of their pipeline's scales above its median; what is under eight counts as eight. */
  readonly longerShare: (scales: number) => number;
};

/** Durations of a pipeline that are looked at: evenly spaced in its past, so that a morning over a million runs stays quick. */
const sampledDurations = 150;
/** No run of a normal log-length is so many scales above the median: what is there is of another kind, a full load, a stuck lock. */
const leastScales = 8;

/** One pass over the baseline of every pipeline. */
export function fleetPastOf(history: RunHistory, calendar: Calendar): FleetPast {
  let [failed, ended, excesses, pairsOfFailing, activeDays, streakDays] = [0, 0, 0, 0, 0, 0];
  const streaks: number[] = [];
  const scales: number[] = [];
  let durations = 0;
  for (const own of history.values()) {
    const { days, streaks: ownStreaks } = talliesOf(own, calendar);
    for (const day of days) {
      failed += day.failed;
      ended += day.ended;
      activeDays += Number(day.ended > 0);
    }
    if (days.some((day) => day.failed > 0)) {
      const { excess, pairs } = failureScatter(days);
      // A pipeline whose failures all fell on one day would outweigh the others: no correlation is more than 1.
      excesses += Math.min(excess, pairs);
      pairsOfFailing += pairs;
    }
    streaks.push(...ownStreaks.map(({ length }) => length));
    streakDays += new Set(ownStreaks.map(({ day }) => day)).size;
    const { sampled, above } = scalesOf(own, calendar);
    durations += sampled;
    scales.push(...above);
  }
  const lengths = Float64Array.from(streaks).sort();
  const sortedScales = Float64Array.from(scales).sort();
  return {
    failed,
    ended,
    scatter: pairsOfFailing === 0 ? 0 : Math.max(0, excesses / pairsOfFailing),
    streakDays: activeDays === 0 ? 0 : streakDays / activeDays,
    // As if one more streak had been seen, that went on each time with a chance of a half.
    streaksFrom: (length) => (countFrom(lengths, length) + 0.5 ** (length - 1)) / (lengths.length + 1),
    longerShare: (scales) => (durations === 0 ? 0 : countFrom(sortedScales, Math.max(scales, leastScales)) / durations),
  };
}

/** Failures and ended runs of each day of the baseline, attempts of one run once, and the failures in a row that began and ended in it. */
function talliesOf(
  { runs }: PipelineRuns,
  { dayStarts, from }: Calendar,
): { days: DayTally[]; streaks: { day: number; length: number }[] } {
  const days = Array.from({ length: dayStarts.length - 1 }, () => ({ failed: 0, ended: 0 }));
  const streaks: { day: number; length: number }[] = [];
  const to = runs.firstFrom(from);
  let [day, length, began, lastKey] = [0, 0, 0, 0];
  for (let index = runs.firstFrom(dayStarts[0] ?? 0); index < to; index += 1) {
    const status = runs.status(index);
    if (!hasEnded({ status })) continue;
    while ((runs.at(index) ?? 0) >= (dayStarts[day + 1] ?? Infinity)) day += 1;
    const key = runs.runKey(index);
    const isRetry = key !== 0 && key === lastKey;
    lastKey = status === "failed" ? key : 0;
    const tally = days[day];
    if (tally && !isRetry) {
      tally.ended += 1;
      tally.failed += Number(status === "failed");
    }
    if (status === "failed") {
      if (length === 0) began = day;
      length += Number(!isRetry || length === 0);
    } else {
      if (length > 0) streaks.push({ day: began, length });
      length = 0;
    }
  }
  return { days, streaks };
}

function scalesOf({ runs }: PipelineRuns, { dayStarts, from }: Calendar): { sampled: number; above: number[] } {
  const [begin, end] = [runs.firstFrom(dayStarts[0] ?? 0), runs.firstFrom(from)];
  const step = Math.max(1, (end - begin) / sampledDurations);
  const durations: number[] = [];
  for (let place = begin; place < end; place += step) {
    const index = Math.floor(place);
    const duration = runs.duration(index);
    if (runs.status(index) === "success" && !Number.isNaN(duration)) durations.push(duration);
  }
  const past = durationPastOf(durations);
  return { sampled: durations.length, above: durations.map((duration) => scalesAbove(past, duration)).filter((one) => one >= leastScales) };
}

/** How many of ascending numbers are at least `value`. */
const countFrom = (ascending: Float64Array, value: number): number => ascending.length - countBelow(ascending, value);
