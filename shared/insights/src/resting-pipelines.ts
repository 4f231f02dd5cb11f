import type { Calendar, PipelineRuns } from "./run-history.js";

/** Working days with a run, of a pipeline that rests on weekends, and weekend days known to have none. */
const leastWorked = 5;
const leastRested = 2;
/** Resting pipelines that make a habit of the fleet, and the share of them that is silent on a day off. */
const leastPipelines = 5;
const mostAtWork = 0.1;

export type RestingPipelines = {
  /** Names of the pipelines that never ran on a weekend day. */
  readonly pipelines: ReadonlySet<string>;
  /** Indexes in the calendar's `dayStarts`: its silent days, and the working days on which hardly any of these pipelines ran. */
  readonly daysOff: ReadonlySet<number>;
};

/**
 * The pipelines of working days, and the working days that nine tenths of them and more did not work on: holidays, in whatever country. What
 * none of them did says nothing about any one of them, as on a day on which nothing ran at all.
 */
export function restingPipelines(histories: Iterable<PipelineRuns>, { dayStarts, weekdays, silentDays, to }: Calendar): RestingPipelines {
  const resting = new Map<string, boolean[]>();
  for (const { pipeline, runs } of histories) {
    const ran = dayStarts.map((start, index) => (runs.at(runs.firstFrom(start)) ?? Infinity) < (dayStarts[index + 1] ?? to));
    const first = ran.indexOf(true);
    if (first < 0) continue;
    const past = [...ran.keys()].slice(first, -1).filter((index) => !silentDays.has(index));
    const isWeekend = (index: number): boolean => (weekdays[index] ?? 1) > 5;
    const worked = past.filter((index) => !isWeekend(index) && ran[index]).length;
    const weekends = past.filter(isWeekend);
    // A pipeline of one weekday has no say about the others.
    const isDaily = worked * 2 > past.length - weekends.length;
    if (isDaily && worked >= leastWorked && weekends.length >= leastRested && !weekends.some((index) => ran[index]))
      resting.set(pipeline, ran);
  }
  const daysOff = new Set(silentDays);
  if (resting.size >= leastPipelines) {
    for (const index of dayStarts.keys()) {
      if ((weekdays[index] ?? 1) > 5) continue;
      const atWork = [...resting.values()].filter((ran) => ran[index]).length;
      if (atWork <= mostAtWork * resting.size) daysOff.add(index);
    }
  }
  return { pipelines: new Set(resting.keys()), daysOff };
}
