import { dayMs, from, hourly, hourMs, kindsOf, morningOf, onDay, steady, zone } from "../test/mornings.js";
import { anomalySettings } from "./anomaly-settings.js";
import { errorTimesOf } from "./judge-day.js";
import { listMornings } from "./list-morning.js";
import { collectHistory } from "./run-history.js";
import type { RunSeen } from "./run-seen.js";

test.each([1, 3])("missing runs, a pipeline silent for %d hours at its end, is missing", async (hours) => {
  const morning = await morningOf([...steady, ...hourly("a", (run) => (run.at >= from + (24 - hours) * hourMs ? undefined : run))]);
  expect(morning.incidents.flatMap(({ findings }) => findings)).toMatchObject([
    { kind: "missing_run", pipeline: "a", facts: { missing: hours, back: 0 } },
  ]);
});

test("missing runs, a pipeline of working days, is not missing on a Saturday and missing on a Tuesday", async () => {
  const daily = hourly("a", (run) => {
    const at = new Date(run.at + 2 * hourMs);
    return at.getUTCHours() === 6 && at.getUTCDay() % 6 !== 0 ? run : undefined;
  });
  const saturday = from - 3 * dayMs;
  expect(kindsOf(await morningOf([...steady, ...daily], {}, saturday))).toEqual([]);
  expect(kindsOf(await morningOf([...steady, ...daily.filter((run) => !onDay(run))]))).toEqual(["missing_run"]);
});

/** Every full hour from 8 to 18 on the working days of Paris in summer, up to a minute early or late. */
const officeHours = (change?: (run: RunSeen, local: { hour: number; weekday: number }) => RunSeen | undefined): RunSeen[] =>
  hourly("a", (run) => {
    const local = new Date(run.at + 2 * hourMs);
    const [hour, weekday] = [local.getUTCHours(), local.getUTCDay()];
    if (hour < 8 || hour > 18 || weekday % 6 === 0) return undefined;
    const late = { ...run, at: run.at + ((run.at / hourMs) % 5) * 25_000 };
    return change ? change(late, { hour, weekday }) : late;
  });

test.each([
  ["a working day", from],
  ["a Saturday", from - 3 * dayMs],
  ["a Sunday", from - 2 * dayMs],
  ["a Monday", from - dayMs],
])("missing runs, a pipeline of office hours on %s, is not missing at night", async (_case, first) => {
  expect(kindsOf(await morningOf([...steady, ...officeHours()], {}, first))).toEqual([]);
});

test.each([
  ["one hour at noon", (hour: number) => hour === 12, { missing: 1, back: 1 }],
  ["three hours in the afternoon", (hour: number) => hour > 13 && hour < 17, { missing: 3, back: 1 }],
  ["its first two hours", (hour: number) => hour < 10, { missing: 2, back: 1 }],
  ["its last two hours", (hour: number) => hour > 16, { missing: 2, back: 0 }],
])("missing runs, a pipeline of office hours that is silent for %s, is missing", async (_case, isSilent, facts) => {
  const runs = officeHours((run, { hour }) => (onDay(run) && isSilent(hour) ? undefined : run));
  const morning = await morningOf([...steady, ...runs]);
  expect(morning.incidents.flatMap(({ findings }) => findings)).toMatchObject([{ kind: "missing_run", pipeline: "a", facts }]);
});

test("missing runs, a pipeline of office hours without a run on a working day, is missing", async () => {
  expect(kindsOf(await morningOf([...steady, ...officeHours((run) => (onDay(run) ? undefined : run))]))).toContain("missing_run");
});

test.each([
  [12, ["missing_run"]],
  [9, []],
])(
  "missing runs, a pipeline that ran on each of its %d days at odd hours and is silent, is missing from ten days on",
  async (days, kinds) => {
    const odd = hourly("a").filter(
      ({ at }, index) =>
        at >= from - days * dayMs && at < from && [3, 5, 17].slice(0, 1 + (Math.floor(index / 24) % 3)).includes(index % 24),
    );
    expect(kindsOf(await morningOf([...steady, ...odd]))).toEqual(kinds);
  },
);

test("missing runs, a pipeline of office hours in its first week, is not missing on its first weekend", async () => {
  const young = officeHours((run) => (run.at < from - 7 * dayMs ? undefined : run));
  expect(kindsOf(await morningOf([...steady, ...young], {}, from - 3 * dayMs))).toEqual([]);
});

/** Two runs in the minute 01:17, up to ten minutes early or late, on every day; `change` alters the day's. */
const pairs = (change: (at: number, index: number) => number | undefined): RunSeen[] =>
  Array.from({ length: 41 }, (_, day) => from - (40 - day) * dayMs + 77 * 60_000 + (((day * 7_919) % 21) - 10) * 60_000).flatMap(
    (at, day) =>
      [at, at + 20_000].flatMap((instant, index): RunSeen[] => {
        const shown = day === 40 ? change(instant, index) : instant;
        const [run] = hourly("pair");
        return run && shown !== undefined ? [{ ...run, id: `s:pair-${day}-${index}`, at: shown }] : [];
      }),
  );
test.each([
  ["as every day", (at: number) => at, []],
  ["eleven minutes early", (at: number) => at - 11 * 60_000, []],
  ["three hours late", (at: number) => at + 3 * hourMs, [{ facts: { back: 1 } }]],
  ["not at all", () => undefined, [{ facts: { back: 0 } }]],
])(
  "missing runs, a pipeline that runs twice in one minute of every night and did so %s, is late only when it was",
  async (_case, change, late) => {
    const { incidents } = await morningOf([...steady, ...pairs(change)]);
    expect(incidents.flatMap(({ findings }) => findings).filter(({ kind }) => kind === "missing_run")).toMatchObject(late);
  },
);

test("missing runs, a schedule in UTC after the clocks changed, is not missing although its hours moved", async () => {
  // 7 to 16 UTC on working days: 8 to 17 o'clock in Paris until Sunday 29 March 2026, 9 to 18 from then on.
  const first = Date.parse("2026-02-16T00:00:00Z");
  const runs = Array.from({ length: 60 * 24 }, (_, index) => first + index * hourMs)
    .filter((at) => new Date(at).getUTCDay() % 6 !== 0 && new Date(at).getUTCHours() >= 7 && new Date(at).getUTCHours() <= 16)
    .map((at): RunSeen => ({ id: `s:${at}`, pipeline: "a", tech: "SQL", status: "success", at, durationMs: 60_000, signature: null }));
  const history = await collectHistory(runs);
  const options = { first: new Date("2026-03-26T12:00:00Z"), count: 16, now: new Date(8.64e15), zone, settings: anomalySettings.parse({}) };
  expect([...listMornings(history, { ...options, errors: errorTimesOf(history) })].flatMap(kindsOf)).toEqual([]);
});

test("missing runs, the day the clocks change, makes no daily run late", async () => {
  for (const change of ["2026-03-29", "2026-10-25"]) {
    const noon = Date.parse(`${change}T11:00:00Z`);
    const daily = Array.from({ length: 42 }, (_, index) => {
      // 02:30 local: winter is UTC+1, summer UTC+2.
      const day = noon - (41 - index) * dayMs;
      const isSummer = change.startsWith("2026-03") ? day >= noon : day < noon;
      const at = Math.floor(day / dayMs) * dayMs + (isSummer ? 0.5 : 1.5) * hourMs;
      return { id: `s:${index}`, pipeline: "a", tech: "SQL", status: "success", at, durationMs: 60_000, signature: null } satisfies RunSeen;
    });
    const history = await collectHistory(daily);
    const options = {
      first: new Date(noon),
      count: 1,
      now: new Date(8.64e15),
      zone,
      settings: anomalySettings.parse({}),
      errors: errorTimesOf(history),
    };
    expect([...listMornings(history, options)].flatMap(kindsOf)).toEqual([]);
  }
});
