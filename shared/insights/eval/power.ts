import { anomalySettings, calendarOf, collectHistory, errorTimesOf, judgeDay, type RunHistory } from "@flow-rag/insights";
import { zone } from "./anomaly-data.js";
import { dayMs, daysFrom, makeFleet, type MakeHabit } from "./fleet.js";
import { createRandom } from "./random.js";
import type { EvalSize } from "./false-findings.js";
import { schedules, troubles, type Trouble } from "./troubles.js";

const settings = anomalySettings.parse({});
/** Days of past of the fleets that trouble is tried on. */
const pastDays = 35;
const troubledDays = 10;

export type Power = { readonly tried: number; readonly found: number };

/** A healthy fleet of one schedule on which troubles are tried, one pipeline at a time so that none helps another. */
export async function createTrial(habit: MakeHabit, { pipelines, seed }: { pipelines: number; seed: number }) {
  const days = daysFrom("2026-04-01", pastDays + troubledDays);
  const fleet = makeFleet(habit, { pipelines, days, seed });
  const history = await collectHistory([...fleet.values()].flat());
  const errors = errorTimesOf(history);
  return async (trouble: Trouble, trials: number): Promise<Power> => {
    let [tried, found] = [0, 0];
    for (let trial = 0; trial < trials; trial += 1) {
      const random = createRandom(seed * 7_919 + trial);
      const name = `p-${random.below(pipelines)}`;
      const day = days[pastDays - (trial % 7)]; // every weekday in turn
      const changed = day && trouble.apply(fleet.get(name) ?? [], day, random);
      if (!changed) continue;
      const own = await collectHistory(changed);
      const troubled: RunHistory = new Map([...history, ...own]);
      tried += 1;
      const finds = (after: number): boolean =>
        judgeDay(troubled, calendarOf(new Date(day.from + (after + 0.5) * dayMs), zone), errors, settings).findings.some(
          ({ pipeline, kind }) => pipeline === name && trouble.expects.includes(kind),
        );
      if (Array.from({ length: trouble.days }, (_, after) => after).some(finds)) found += 1;
    }
    return { tried, found };
  };
}

const sizes: Readonly<Record<EvalSize, readonly { readonly pipelines: number; readonly trials: number }[]>> = {
  quick: [{ pipelines: 60, trials: 7 }],
  usual: [{ pipelines: 100, trials: 21 }],
  full: [
    { pipelines: 100, trials: 210 },
    { pipelines: 1_000, trials: 21 },
  ],
};

/** Least share that is found, of schedules and troubles for which one is promised. */
const promised: readonly { readonly trouble: string; readonly schedule: string; readonly share: number }[] = [
  { trouble: "three runs in a row lost", schedule: "hourly, scatter 3 min", share: 0.99 },
  { trouble: "three runs in a row lost", schedule: "hourly, scatter 10 min", share: 0.99 },
  { trouble: "three runs in a row lost", schedule: "hourly, scatter 25 min", share: 0.99 },
  { trouble: "three runs in a row lost", schedule: "every 15 min, scatter 3 min", share: 0.99 },
  { trouble: "24 a day become 48", schedule: "hourly, scatter 3 min", share: 0.95 },
  { trouble: "4 a day become 8", schedule: "every 6 h, scatter 10 min", share: 0.95 },
];

/** A row for each schedule and size of fleet: how many of the trials of each trouble were found. `missed`: what is under the promised share. */
export async function powerRows(size: EvalSize): Promise<{ table: Record<string, string | number>[]; missed: string[] }> {
  const table: Record<string, string | number>[] = [];
  const missed: string[] = [];
  for (const { pipelines, trials } of sizes[size]) {
    const columns = new Map<string, Record<string, string>>();
    for (const [schedule, habit] of Object.entries(schedules)) {
      const attempt = await createTrial(habit, { pipelines, seed: 5 });
      for (const trouble of troubles) {
        const { tried, found } = await attempt(trouble, trials);
        const share = found / tried;
        const cells = columns.get(trouble.name) ?? {};
        cells[schedule] = tried === 0 ? "-" : `${(100 * share).toFixed(0)} % of ${tried}`;
        columns.set(trouble.name, cells);
        const least = promised.find((one) => one.trouble === trouble.name && one.schedule === schedule)?.share;
        if (least !== undefined && share < least) missed.push(`${trouble.name}, ${schedule}, ${pipelines} pipelines: ${share.toFixed(3)}`);
      }
    }
    for (const [trouble, cells] of columns) table.push({ trouble, pipelines, ...cells });
  }
  return { table, missed };
}
