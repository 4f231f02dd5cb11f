import { countUpTo } from "./ascending.js";
import type { PipelineView } from "./run-history.js";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Share of the mean that the hours of a day without pauses have at least. */
const evenBy = 0.5;

/** How many runs a pipeline's past makes expected between two instants of its calendar. */
export type RunIntensity = {
  /** Expected runs in [from, to), epoch ms; of silent days none. */
  readonly between: (from: number, to: number) => number;
  /** Whether every hour of every kind of day has its part: no pauses. */
  readonly isEven: boolean;
  /** Indexes of the past days, without the silent ones, that are of the kind (working day or weekend) of the day with this index. */
  readonly daysLike: (index: number) => number[];
};

/**
 * Mean runs an hour of the local clock, of working days and of weekends apart, over the days since the pipeline's first run. A kind of day that
 * the past lacks is taken to be like the other where the pipeline pauses at no hour, and to have no runs where it does.
 *
 * A gap in these units is the gap of a process with one run per unit, whatever the pipeline's rhythm by day and week is.
 * Source: the time-rescaling theorem, Brown et al., "The time-rescaling theorem and its application to neural spike train data analysis" (2002).
 */
export function runIntensityOf({ calendar, baseline }: PipelineView): RunIntensity {
  const { dayStarts, weekdays, silentDays, dayEnd } = calendar;
  const endOf = (index: number): number => dayStarts[index + 1] ?? dayEnd;
  const kindOf = (index: number): number => Number((weekdays[index] ?? 1) > 5);
  const first = baseline[0]?.at ?? calendar.from;
  const past = [...dayStarts.keys()].slice(0, -1).filter((index) => !silentDays.has(index) && endOf(index) > first);
  const hourOf = (at: number, index: number): number => Math.min(23, Math.floor((at - (dayStarts[index] ?? at)) / hourMs));

  // Days of 23 or 25 hours have other hours than the rest: what is learned is learned from whole ones.
  const learned = past.filter((index) => endOf(index) - (dayStarts[index] ?? 0) === dayMs);
  const rates = [new Float64Array(24), new Float64Array(24)] as const;
  const days = [0, 0];
  for (const index of learned) days[kindOf(index)] = (days[kindOf(index)] ?? 0) + 1;
  let day = 0;
  for (const { at } of baseline) {
    while (at >= endOf(day)) day += 1;
    const hours = rates[kindOf(day) as 0 | 1];
    if (learned.includes(day)) hours[hourOf(at, day)] = (hours[hourOf(at, day)] ?? 0) + 1 / (days[kindOf(day)] ?? 1);
  }
  const isEvenKind = rates.map((hours, kind) => {
    const total = hours.reduce((sum, rate) => sum + rate, 0);
    return (days[kind] ?? 0) > 0 && total > 0 && hours.every((rate) => rate >= (evenBy * total) / 24);
  });
  for (const kind of [0, 1] as const) if (days[kind] === 0 && isEvenKind[1 - kind]) rates[kind].set(rates[(1 - kind) as 0 | 1]);
  const isEven = isEvenKind.every((even, kind) => even || days[kind] === 0);

  /** Expected runs from the first day's start to the start of each hour, and of each day. */
  const upToDay = new Float64Array(dayStarts.length + 1);
  const upToHour = rates.map((hours) => {
    const sums = new Float64Array(25);
    for (let hour = 0; hour < 24; hour += 1) sums[hour + 1] = (sums[hour] ?? 0) + (hours[hour] ?? 0);
    return sums;
  });
  const within = (index: number, at: number): number => {
    if (silentDays.has(index)) return 0;
    // A day of 23 or 25 hours passes at the pace of its length.
    const start = dayStarts[index] ?? at;
    const hours = Math.max(0, Math.min(24, (24 * (at - start)) / (endOf(index) - start)));
    const sums = upToHour[kindOf(index)] ?? new Float64Array(25);
    const whole = Math.floor(hours);
    return (sums[whole] ?? 0) + (hours - whole) * ((sums[whole + 1] ?? 0) - (sums[whole] ?? 0));
  };
  for (const index of dayStarts.keys()) upToDay[index + 1] = (upToDay[index] ?? 0) + within(index, endOf(index));
  const upTo = (at: number): number => {
    const index = Math.max(0, indexOf(dayStarts, at));
    return (upToDay[index] ?? 0) + within(index, at);
  };
  return {
    between: (from, to) => upTo(to) - upTo(from),
    isEven,
    daysLike: (index) => past.filter((other) => kindOf(other) === kindOf(index)),
  };
}

/** Index of the last of ascending starts that is at or before `at`; -1 before the first. */
function indexOf(starts: readonly number[], at: number): number {
  return countUpTo(starts, at) - 1;
}
