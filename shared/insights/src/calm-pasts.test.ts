import { calmKinds } from "../eval/calm-fleets.js";
import { falseFindingsOf } from "../eval/false-findings.js";
import { createTrial } from "../eval/power.js";
import { schedules, troubles } from "../eval/troubles.js";

/** Small fleets, so that the suite stays quick; `npm run eval -- anomalies` has the large ones. */
const fleet = { pipelines: 15, seeds: [1], days: 27 };

test.each([
  "hourly, starts scatter by 15 min",
  "hourly, recorded at the end, lognormal length",
  "failing runs with two retries, not named",
  "1 % of runs are full loads of x20",
  "volume drifts",
  "holidays: half of the fleet rests",
])("anomalies, a calm fleet (%s), are at most 1 per 100 pipelines, morning and detector", async (name) => {
  const kind = calmKinds.find((one) => one.name === name);
  if (!kind) throw new Error(`no such kind: ${name}`);
  const pasts = Object.values(await falseFindingsOf(kind, fleet));
  const mornings = pasts.reduce((sum, past) => sum + past.mornings, 0);
  const kinds = new Set(pasts.flatMap(({ perHundred }) => [...perHundred.keys()]));
  const rates = [...kinds].map((one) => pasts.reduce((sum, past) => sum + (past.perHundred.get(one) ?? 0) * past.mornings, 0) / mornings);
  expect(Math.max(0, ...rates)).toBeLessThanOrEqual(1);
});

test.each([
  ["three runs in a row lost", "hourly, scatter 25 min"],
  ["24 a day become 48", "hourly, scatter 3 min"],
  ["4 a day become 8", "every 6 h, scatter 10 min"],
  ["12 of 24 fail", "hourly, scatter 3 min"],
  ["stopped", "daily, scatter 10 min"],
])("anomalies, %s of one pipeline (%s), are found on every weekday", async (name, schedule) => {
  const [trouble, habit] = [troubles.find((one) => one.name === name), schedules[schedule]];
  if (!trouble || !habit) throw new Error(`no such trouble: ${name}, ${schedule}`);
  const attempt = await createTrial(habit, { pipelines: fleet.pipelines, seed: 3 });
  expect(await attempt(trouble, 7)).toEqual({ tried: 7, found: 7 });
});
