import { DateTime } from "@flow-rag/kernel";
import type { RunSeen } from "@flow-rag/insights";
import { zone } from "./anomaly-data.js";
import { createRandom, type Random } from "./random.js";

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** A local day of a fleet. `index` counts from the fleet's first. */
export type Day = {
  readonly index: number;
  readonly from: number;
  readonly to: number;
  readonly weekday: number;
  readonly isMonthEnd: boolean;
  readonly isHoliday: boolean;
};

/** How one pipeline runs. `starts`: instants of a day, epoch ms. What is left out: a minute or so of lognormal length, 1 % failures. */
export type Habit = {
  readonly starts: (day: Day) => number[];
  readonly durationMs?: (at: number, day: Day) => number;
  readonly failRate?: (day: Day) => number;
  /** What one run leaves behind, when it is not one record. */
  readonly records?: (run: RunSeen) => RunSeen[];
};
/** A pipeline of a kind of fleet; `seed` comes through `random`, and `index` is its place among the fleet's. */
export type MakeHabit = (random: Random, index: number) => Habit;

/** Public holidays of the simulated years; fleets that keep no holidays never look. */
const holidays = new Set(["2026-04-06", "2026-05-01", "2026-05-08", "2026-05-14", "2026-05-25", "2026-07-14"]);

export function daysFrom(firstDate: string, count: number): Day[] {
  const first = DateTime.fromISO(firstDate, { zone });
  return Array.from({ length: count }, (_, index): Day => {
    const start = first.plus({ days: index });
    const next = start.plus({ days: 1 });
    return {
      index,
      from: start.toMillis(),
      to: next.toMillis(),
      weekday: start.weekday,
      isMonthEnd: next.day === 1,
      isHoliday: holidays.has(start.toFormat("yyyy-MM-dd")),
    };
  });
}

/** Errors that the whole fleet knows: none of them is news. */
const knownErrors = ["sig-timeout", "sig-quota", "sig-schema", "sig-network"] as const;

function runsOfPipeline(name: string, days: readonly Day[], random: Random, habit: Habit): RunSeen[] {
  const medianMs = minuteMs * (1 + 9 * random.uniform());
  const runs = days.flatMap((day) =>
    habit.starts(day).flatMap((at, index): RunSeen[] => {
      const fails = random.happens(habit.failRate?.(day) ?? 0.01);
      const run: RunSeen = {
        id: `s:${name}-${day.index}-${index}`,
        pipeline: name,
        tech: "SQL",
        status: fails ? "failed" : "success",
        at: Math.round(at),
        durationMs: Math.round(habit.durationMs?.(at, day) ?? medianMs * random.logNormal(0.2)),
        signature: fails ? (knownErrors[random.below(knownErrors.length)] ?? null) : null,
      };
      return habit.records?.(run) ?? [run];
    }),
  );
  return runs.sort((a, b) => a.at - b.at);
}

/** The pipelines of a fleet by name. */
export function makeFleet(makeHabit: MakeHabit, { pipelines, days, seed }: { pipelines: number; days: readonly Day[]; seed: number }) {
  return new Map(
    Array.from({ length: pipelines }, (_, index): [string, RunSeen[]] => {
      const random = createRandom(seed * 100_003 + index);
      const name = `p-${index}`;
      return [name, runsOfPipeline(name, days, random, makeHabit(random, index))];
    }),
  );
}

/** Every `periodMs` from a minute of the pipeline's own, each start early or late by a normal deviate. */
export const every =
  (random: Random, periodMs: number, scatterMs: number): Habit["starts"] =>
  ({ from, to }) => {
    const count = Math.round((to - from) / periodMs);
    return Array.from({ length: count }, (_, index) => from + (index + 0.5) * periodMs + scatterMs * random.normal());
  };

/** That many, at any time of the day. */
export const anyTime = (random: Random, count: number, { from, to }: Day): number[] =>
  Array.from({ length: count }, () => from + (to - from) * random.uniform());
