import type { RunSeen } from "@flow-rag/insights";
import { anyTime, dayMs, every, hourMs, minuteMs, type Day, type Habit, type MakeHabit } from "./fleet.js";

/**
 * A kind of fleet on which nothing is wrong. `first`: its first date where that matters. `judgedFrom`: index of the first day whose findings
 * count, where the days before hold a change that may be told.
 */
export type CalmKind = { readonly name: string; readonly habit: MakeHabit; readonly first?: string; readonly judgedFrom?: number };

const scattered =
  (minutes: number): MakeHabit =>
  (random) => ({ starts: every(random, hourMs, minutes * minuteMs) });

const hourly = (random: Parameters<MakeHabit>[0]): Habit["starts"] => every(random, hourMs, 2 * minuteMs);

/** A failing run and the two retries that fail with it, minutes later: three records, of one run where `named`. */
const retried =
  (named: boolean): NonNullable<Habit["records"]> =>
  (run) => {
    const runKey = named ? Math.floor(run.at / minuteMs) : undefined;
    const own: RunSeen = runKey === undefined ? run : { ...run, runKey };
    if (run.status !== "failed") return [own];
    return [0, 1, 2].map((attempt) => ({ ...own, id: `${run.id}-${attempt}`, at: run.at + attempt * 5 * minuteMs }));
  };

/** The hours of an office on working days, by the local clock or, with `utc`, by another that does not change. */
const office =
  (random: Parameters<MakeHabit>[0], scatterMs: number, utc = false): Habit["starts"] =>
  ({ from, weekday }) =>
    weekday > 5
      ? []
      : Array.from({ length: 11 }, (_, index) => {
          const midnight = utc ? Math.round(from / dayMs) * dayMs - hourMs : from;
          return midnight + (8 + index) * hourMs + scatterMs * random.normal();
        });

export const calmKinds: readonly CalmKind[] = [
  { name: "hourly, starts scatter by 10 min", habit: scattered(10) },
  { name: "hourly, starts scatter by 15 min", habit: scattered(15) },
  { name: "hourly, starts scatter by 25 min", habit: scattered(25) },
  { name: "every 15 min, scatter 3 min", habit: (random) => ({ starts: every(random, 15 * minuteMs, 3 * minuteMs) }) },
  {
    name: "hourly, recorded at the end, lognormal length",
    habit: (random) => ({
      starts: (day) => hourly(random)(day).map((at) => at + 12 * minuteMs * random.logNormal(0.7)),
    }),
  },
  { name: "office hours, scatter 10 min", habit: (random) => ({ starts: office(random, 10 * minuteMs) }) },
  { name: "two a day at any time", habit: (random) => ({ starts: (day) => anyTime(random, random.poisson(2), day) }) },
  {
    name: "failing runs with two retries, not named",
    habit: (random) => ({ starts: hourly(random), failRate: () => 0.015, records: retried(false) }),
  },
  {
    name: "failing runs with two retries, one run id",
    habit: (random) => ({ starts: hourly(random), failRate: () => 0.015, records: retried(true) }),
  },
  {
    name: "bursts: a failure is followed by one with .8",
    habit: (random) => {
      let failed = false;
      return { starts: hourly(random), failRate: () => Number((failed = random.happens(failed ? 0.8 : 0.005))) };
    },
  },
  {
    name: "failure rate differs by day",
    habit: (random) => {
      const rates = new Map<number, number>();
      const rateOn = ({ index }: Day): number => {
        const known = rates.get(index) ?? Math.min(0.9, (0.03 * random.gamma(0.7)) / 0.7);
        rates.set(index, known);
        return known;
      };
      return { starts: hourly(random), failRate: rateOn };
    },
  },
  {
    name: "1 % of runs are full loads of x20",
    habit: (random) => ({
      starts: hourly(random),
      durationMs: () => 3 * minuteMs * random.logNormal(0.2) * (random.happens(0.01) ? 20 : 1),
    }),
  },
  {
    name: "daily, a full load of x20 every 28 days",
    habit: (random, index) => ({
      starts: every(random, dayMs, 5 * minuteMs),
      durationMs: (_at, day) => 3 * minuteMs * random.logNormal(0.1) * ((day.index + index) % 28 === 0 ? 20 : 1),
    }),
  },
  {
    name: "daily and hourly, Pareto lengths",
    habit: (random, index) => ({
      starts: every(random, index % 2 === 0 ? dayMs : hourMs, 2 * minuteMs),
      durationMs: () => minuteMs * random.pareto(1.5 + random.below(2)),
    }),
  },
  {
    name: "volume scatters more than by chance",
    habit: (random) => ({ starts: (day) => anyTime(random, random.poisson((30 * random.gamma(8)) / 8), day) }),
  },
  {
    name: "volume drifts",
    habit: (random) => {
      let level = 30;
      return {
        starts: (day) => {
          level *= Math.exp(0.06 * random.normal());
          return anyTime(random, random.poisson(level), day);
        },
      };
    },
  },
  {
    name: "month-end: twice the runs, three times as long",
    // The first month-end is news.
    first: "2026-03-20",
    judgedFrom: 20,
    habit: (random) => ({
      starts: (day) => every(random, day.isMonthEnd ? hourMs / 2 : hourMs, 2 * minuteMs)(day),
      durationMs: (_at, day) => 3 * minuteMs * random.logNormal(0.2) * (day.isMonthEnd ? 3 : 1),
    }),
  },
  {
    name: "holidays: half of the fleet rests",
    first: "2026-04-01",
    habit: (random, index) =>
      index % 2 === 0 ? { starts: hourly(random) } : { starts: (day) => (day.isHoliday ? [] : office(random, 3 * minuteMs)(day)) },
  },
  {
    name: "a schedule that changed twice",
    judgedFrom: 25,
    habit: (random, index) => {
      const [first, second] = [10 + (index % 4), 18 + (index % 5)];
      const plans = [hourMs, 2 * hourMs, index % 2 === 0 ? hourMs : hourMs / 2].map((period) => every(random, period, 2 * minuteMs));
      return { starts: (day) => plans[Number(day.index >= first) + Number(day.index >= second)]?.(day) ?? [] };
    },
  },
  {
    name: "clocks change: local, UTC, office and daily schedules",
    first: "2026-02-16",
    habit: (random, index) => {
      const daily = ({ from }: Day, utc: boolean): number[] => [
        (utc ? Math.round(from / dayMs) * dayMs : from) + 2.5 * hourMs + 2 * minuteMs * random.normal(),
      ];
      const plans: Habit["starts"][] = [hourly(random), office(random, minuteMs), office(random, minuteMs, true), (day) => daily(day, false), (day) => daily(day, true)]; // prettier-ignore
      return { starts: plans[index % plans.length] ?? hourly(random) };
    },
  },
];
