import type { FindingKind, RunSeen } from "@flow-rag/insights";
import { anyTime, every, hourMs, minuteMs, type Day, type MakeHabit } from "./fleet.js";
import type { Random } from "./random.js";

/** Something wrong with one pipeline from one day on, and the kinds of finding of which one must name it within `days` days. */
export type Trouble = {
  readonly name: string;
  readonly expects: readonly FindingKind[];
  readonly days: number;
  /** The pipeline's runs with the trouble, which begins on `day`; undefined when its schedule does not lend itself to it. */
  readonly apply: (runs: readonly RunSeen[], day: Day, random: Random) => RunSeen[] | undefined;
};

export const schedules: Readonly<Record<string, MakeHabit>> = {
  "hourly, scatter 3 min": (random) => ({ starts: every(random, hourMs, 3 * minuteMs) }),
  "hourly, scatter 10 min": (random) => ({ starts: every(random, hourMs, 10 * minuteMs) }),
  "hourly, scatter 25 min": (random) => ({ starts: every(random, hourMs, 25 * minuteMs) }),
  "every 15 min, scatter 3 min": (random) => ({ starts: every(random, 15 * minuteMs, 3 * minuteMs) }),
  "every 6 h, scatter 10 min": (random) => ({ starts: every(random, 6 * hourMs, 10 * minuteMs) }),
  "daily, scatter 10 min": (random) => ({ starts: every(random, 24 * hourMs, 10 * minuteMs) }),
  "30 a day at any time": (random) => ({ starts: (day) => anyTime(random, random.poisson(30), day) }),
};

const onDay =
  ({ from, to }: Day) =>
  ({ at }: RunSeen): boolean =>
    at >= from && at < to;

/** Takes away that many runs in a row, anywhere in the day but for its first and last run. */
const lost =
  (count: number): Trouble["apply"] =>
  (runs, day, random) => {
    const own = runs.filter(onDay(day));
    if (own.length < count + 2) return undefined;
    const first = 1 + random.below(own.length - count - 1);
    const gone = new Set(own.slice(first, first + count));
    return runs.filter((run) => !gone.has(run));
  };

const longer =
  (factor: number): Trouble["apply"] =>
  (runs, day) =>
    runs.map((run) => (onDay(day)(run) && run.durationMs !== null ? { ...run, durationMs: run.durationMs * factor } : run));

/** A share of the day's runs fails, with an error that is known. */
const failing =
  (share: number): Trouble["apply"] =>
  (runs, day, random) => {
    const own = runs.filter(onDay(day));
    if (own.length < 24) return undefined;
    const order = own.map((run) => ({ run, place: random.uniform() })).sort((a, b) => a.place - b.place);
    const failed = new Set(order.slice(0, Math.round(share * own.length)).map(({ run }) => run));
    return runs.map((run) => (failed.has(run) ? { ...run, status: "failed" as const, signature: "sig-timeout" } : run));
  };

/** From the day on, a second run between each and the next. */
const doubled =
  (least: number, most: number): Trouble["apply"] =>
  (runs, day) => {
    const own = runs.filter(onDay(day)).length;
    if (own < least || own > most) return undefined;
    return runs.flatMap((run, index) => {
      const next = runs[index + 1];
      return run.at < day.from || !next ? [run] : [run, { ...run, id: `${run.id}-2`, at: (run.at + next.at) / 2 }];
    });
  };

/** From the day on, each day takes that much longer than the day before. */
const drifting =
  (factor: number): Trouble["apply"] =>
  (runs, day) =>
    runs.map((run) => {
      const days = Math.floor((run.at - day.from) / (24 * hourMs)) + 1;
      return days < 1 || run.durationMs === null ? run : { ...run, durationMs: run.durationMs * factor ** days };
    });

const stopped: Trouble["apply"] = (runs, day) => runs.filter((run) => run.at < day.from);

export const troubles: readonly Trouble[] = [
  { name: "one run lost", expects: ["missing_run"], days: 1, apply: lost(1) },
  { name: "two runs in a row lost", expects: ["missing_run"], days: 1, apply: lost(2) },
  { name: "three runs in a row lost", expects: ["missing_run"], days: 1, apply: lost(3) },
  { name: "stopped", expects: ["missing_run", "volume"], days: 1, apply: stopped },
  { name: "volume to zero", expects: ["volume"], days: 1, apply: stopped },
  { name: "duration x2", expects: ["duration"], days: 1, apply: longer(2) },
  { name: "duration x5", expects: ["duration"], days: 1, apply: longer(5) },
  { name: "12 of 24 fail", expects: ["failure_rate"], days: 1, apply: failing(0.5) },
  { name: "24 of 24 fail", expects: ["failure_rate"], days: 1, apply: failing(1) },
  { name: "24 a day become 48", expects: ["volume"], days: 1, apply: doubled(24, 24) },
  { name: "4 a day become 8", expects: ["volume"], days: 2, apply: doubled(4, 4) },
  { name: "each day takes 10 % longer, for 10 days", expects: ["duration"], days: 10, apply: drifting(1.1) },
];
