import { anomalySettings, type AnomalySettings } from "./anomaly-settings.js";
import { summarise } from "./backtest.js";
import type { FindingKind } from "./finding.js";
import { findingText } from "./finding-text.js";
import { errorTimesOf } from "./judge-day.js";
import { listMornings, listMorningsEnding, type Morning } from "./list-morning.js";
import { morningLines } from "./morning-text.js";
import { calendarEndingAt, collectHistory } from "./run-history.js";
import type { RunSeen } from "./run-seen.js";

const zone = "Europe/Paris";
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** The judged day: Tue 5 May 2026, Paris. */
const from = Date.parse("2026-05-04T22:00:00Z");

/** Hourly successes of one minute, a little noise, 40 days before the day and the day itself. */
const hourly = (pipeline: string, change: (run: RunSeen) => RunSeen | undefined = (run) => run): RunSeen[] =>
  Array.from({ length: 41 * 24 }, (_, index) => from - 40 * dayMs + index * hourMs + 60_000).flatMap((at, index) => {
    const run: RunSeen = {
      id: `s:${pipeline}-${index}`,
      pipeline,
      tech: "Spark",
      status: "success",
      at,
      durationMs: 60_000 + ((index * 7_919) % 10_000),
      signature: null,
    };
    return change(run) ?? [];
  });
const fails = (run: RunSeen, signature = "sig-a"): RunSeen => ({ ...run, status: "failed", signature });
const onDay = ({ at }: RunSeen): boolean => at >= from;

async function morningOf(runs: readonly RunSeen[], settings: Partial<AnomalySettings> = {}, first = from): Promise<Morning> {
  const history = await collectHistory(runs);
  const options = { first: new Date(first + 12 * hourMs), count: 1, zone, settings: anomalySettings.parse(settings) };
  const [morning] = [...listMornings(history, { ...options, errors: errorTimesOf(history) })];
  if (!morning) throw new Error("no morning");
  return morning;
}
const kindsOf = (morning: Morning): FindingKind[] => morning.incidents.flatMap(({ findings }) => findings.map(({ kind }) => kind));
const steady = ["b", "c", "d"].flatMap((name) => hourly(name));

test("morning, nothing unusual, says so in one line", async () => {
  const morning = await morningOf([...steady, ...hourly("a")]);
  expect(morning).toMatchObject({ date: "2026-05-05", runs: 96, pipelines: 4, allClear: true, incidents: [], unjudged: [] });
  expect(morningLines(morning)[0]).toBe("2026-05-05\u202f: RAS. 96 exécutions de 4 pipelines, 0 échec.");
});

test("morning, no run at all, is no all-clear and no missing pipeline", async () => {
  const morning = await morningOf([...steady, ...hourly("a")].filter((run) => !onDay(run)));
  expect(morning).toMatchObject({ runs: 0, allClear: false, incidents: [] });
  expect(morningLines(morning)[0]).toContain("aucune exécution enregistrée");
});

test("morning, five failures in a row with a new error, is one incident of one pipeline with every failure listed", async () => {
  const morning = await morningOf([...steady, ...hourly("a", (run) => (onDay(run) && run.at < from + 5 * hourMs ? fails(run) : run))]);
  expect(morning.incidents).toHaveLength(1);
  expect(morning.incidents[0]).toMatchObject({ pipelines: ["a"], signature: "sig-a", state: "new", severity: "critical" });
  expect(kindsOf(morning).sort()).toEqual(["consecutive_failures", "failure_rate", "new_error"]);
  expect(morning.failures).toHaveLength(5);
  const streak = morning.incidents[0]?.findings.find(({ kind }) => kind === "consecutive_failures");
  expect(streak && findingText(streak, zone)).toEqual({
    fr: "a\u202f: 5 échecs de suite depuis mar. 5 mai 00:01, rétabli depuis.",
    en: "a: 5 failures in a row since Tue 5 May 00:01, recovered since.",
  });
});

test("morning, pipelines of one techno that fail in one hour with one error, are one incident", async () => {
  const failing = ["a", "e", "f"].flatMap((name) => hourly(name, (run) => (onDay(run) && run.at < from + 4 * hourMs ? fails(run) : run)));
  const morning = await morningOf([...steady, ...failing]);
  expect(morning.incidents.map(({ pipelines }) => pipelines)).toEqual([["a", "e", "f"]]);
});

test("morning, a single known failure, is listed and not flagged", async () => {
  const morning = await morningOf([
    ...steady,
    ...hourly("a", (run) => ([from - 5 * dayMs + 60_000, from - 9 * dayMs + 60_000, from + 60_000].includes(run.at) ? fails(run) : run)),
  ]);
  expect(morning).toMatchObject({ incidents: [], allClear: false });
  expect(morning.failures.map(({ pipeline }) => pipeline)).toEqual(["a"]);
});

test("morning, an error after more than 14 quiet days, is a regression", async () => {
  const morning = await morningOf([
    ...steady,
    ...hourly("a", (run) => ([from - 20 * dayMs + 60_000, from + 60_000].includes(run.at) ? fails(run) : run)),
  ]);
  expect(morning.incidents[0]).toMatchObject({ state: "regressed", kinds: ["regressed_error"] });
});

test.each([2, 5])("morning, a day that takes %d times as long, is flagged", async (factor) => {
  const slow = hourly("a", (run) => (onDay(run) ? { ...run, durationMs: (run.durationMs ?? 0) * factor } : run));
  expect(kindsOf(await morningOf([...steady, ...slow]))).toEqual(["duration"]);
});

test.each<[string, number, number, FindingKind[]]>([
  ["of two seconds that took ten", 2_000, 10_000, ["duration"]],
  ["of a third of a second that took six", 300, 6_500, ["duration"]],
  ["of a third of a second that took a second and a half", 300, 1_500, []],
  ["of no duration that took four seconds", 0, 4_000, []],
])("morning, a daily run %s, is slow from five seconds on", async (_case, usualMs, durationMs, kinds) => {
  const daily = hourly("a", (run) => ({ ...run, durationMs: run.at >= from ? durationMs : usualMs + ((run.durationMs ?? 0) % 50) })).filter(
    (_, index) => index % 24 === 3,
  );
  expect(kindsOf(await morningOf([...steady, ...daily]))).toEqual(kinds);
});

test.each([1, 3])("morning, a pipeline silent for %d hours at its end, is missing", async (hours) => {
  const morning = await morningOf([...steady, ...hourly("a", (run) => (run.at >= from + (24 - hours) * hourMs ? undefined : run))]);
  expect(morning.incidents.flatMap(({ findings }) => findings)).toMatchObject([
    { kind: "missing_run", pipeline: "a", facts: { missing: hours, back: 0 } },
  ]);
});

test("morning, a pipeline of working days, is not missing on a Saturday and missing on a Tuesday", async () => {
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
])("morning, a pipeline of office hours on %s, is not missing at night", async (_case, first) => {
  expect(kindsOf(await morningOf([...steady, ...officeHours()], {}, first))).toEqual([]);
});

test.each([
  ["one hour at noon", (hour: number) => hour === 12, { missing: 1, back: 1 }],
  ["three hours in the afternoon", (hour: number) => hour > 13 && hour < 17, { missing: 3, back: 1 }],
  ["its first two hours", (hour: number) => hour < 10, { missing: 2, back: 1 }],
  ["its last two hours", (hour: number) => hour > 16, { missing: 2, back: 0 }],
])("morning, a pipeline of office hours that is silent for %s, is missing", async (_case, isSilent, facts) => {
  const runs = officeHours((run, { hour }) => (onDay(run) && isSilent(hour) ? undefined : run));
  const morning = await morningOf([...steady, ...runs]);
  expect(morning.incidents.flatMap(({ findings }) => findings)).toMatchObject([{ kind: "missing_run", pipeline: "a", facts }]);
});

test("morning, a pipeline of office hours without a run on a working day, is missing", async () => {
  expect(kindsOf(await morningOf([...steady, ...officeHours((run) => (onDay(run) ? undefined : run))]))).toContain("missing_run");
});

test.each([
  [12, ["missing_run"]],
  [9, []],
])("morning, a pipeline that ran on each of its %d days at odd hours and is silent, is missing from ten days on", async (days, kinds) => {
  const odd = hourly("a").filter(
    ({ at }, index) => at >= from - days * dayMs && at < from && [3, 5, 17].slice(0, 1 + (Math.floor(index / 24) % 3)).includes(index % 24),
  );
  expect(kindsOf(await morningOf([...steady, ...odd]))).toEqual(kinds);
});

test("morning, a pipeline of office hours in its first week, is not missing on its first weekend", async () => {
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
  "morning, a pipeline that runs twice in one minute of every night and did so %s, is late only when it was",
  async (_case, change, late) => {
    const { incidents } = await morningOf([...steady, ...pairs(change)]);
    expect(incidents.flatMap(({ findings }) => findings).filter(({ kind }) => kind === "missing_run")).toMatchObject(late);
  },
);

test("morning, a schedule in UTC after the clocks changed, is not missing although its hours moved", async () => {
  // 7 to 16 UTC on working days: 8 to 17 o'clock in Paris until Sunday 29 March 2026, 9 to 18 from then on.
  const first = Date.parse("2026-02-16T00:00:00Z");
  const runs = Array.from({ length: 60 * 24 }, (_, index) => first + index * hourMs)
    .filter((at) => new Date(at).getUTCDay() % 6 !== 0 && new Date(at).getUTCHours() >= 7 && new Date(at).getUTCHours() <= 16)
    .map((at): RunSeen => ({ id: `s:${at}`, pipeline: "a", tech: "SQL", status: "success", at, durationMs: 60_000, signature: null }));
  const history = await collectHistory(runs);
  const options = { first: new Date("2026-03-26T12:00:00Z"), count: 16, zone, settings: anomalySettings.parse({}) };
  expect([...listMornings(history, { ...options, errors: errorTimesOf(history) })].flatMap(kindsOf)).toEqual([]);
});

test("morning, the day the clocks change, makes no daily run late", async () => {
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
    const options = { first: new Date(noon), count: 1, zone, settings: anomalySettings.parse({}), errors: errorTimesOf(history) };
    expect([...listMornings(history, options)].flatMap(kindsOf)).toEqual([]);
  }
});

test("morning, far fewer irregular runs than that weekday has, is a volume finding", async () => {
  const irregular = hourly("a", (run) =>
    onDay(run) && run.at > from + 2 * hourMs ? undefined : { ...run, at: run.at + ((run.at / hourMs) % 3) * 1_100_000 },
  );
  expect(kindsOf(await morningOf([...steady, ...irregular]))).toContain("volume");
});

test("morning, a streak over two days, is new, then ongoing, then resolved", async () => {
  const runs = [...steady, ...hourly("a", (run) => (run.at >= from - 12 * hourMs && run.at < from + 6 * hourMs ? fails(run) : run))];
  const stateOn = async (first: number): Promise<string | undefined> => (await morningOf(runs, {}, first)).incidents[0]?.state;
  expect([await stateOn(from - dayMs), await stateOn(from)]).toEqual(["new", "ongoing"]);
  const later = await morningOf([...runs, ...[...steady, ...runs.filter(({ pipeline }) => pipeline === "a")].filter(onDay).map((run) => ({ ...run, id: `${run.id}+`, at: run.at + dayMs, status: "success" as const, signature: null }))], {}, from + dayMs); // prettier-ignore
  expect(later.incidents).toEqual([]);
  expect(later.resolved.map(({ pipeline, kind }) => `${pipeline} ${kind}`)).toContain("a consecutive_failures");
});

test("morning, a slowness that goes on, is ongoing although the past now knows it", async () => {
  const slow = hourly("a", (run) => (run.at >= from - dayMs ? { ...run, durationMs: 600_000 + ((run.at / hourMs) % 7) * 9_000 } : run));
  const [first, second] = [await morningOf([...steady, ...slow], {}, from - dayMs), await morningOf([...steady, ...slow])];
  expect(first.incidents).toMatchObject([{ state: "new", kinds: ["duration"], pipelines: ["a"] }]);
  expect(second.incidents).toMatchObject([{ state: "ongoing", kinds: ["duration"], since: first.incidents[0]?.since }]);
  expect(second.resolved).toEqual([]);
  expect(second.incidents[0]?.findings[0]).toMatchObject({ facts: { slow: 24, runs: 24 }, window: { from: second.from, to: second.to } });
});

test("morning, days that end at the time of a report, include the night before it and agree with midnight's at midnight", async () => {
  const night = hourly("a", (run) => (run.at >= from + 3 * hourMs && run.at < from + 7 * hourMs ? fails(run) : run));
  const history = await collectHistory([...steady, ...night].filter(({ at }) => at < from + 7.5 * hourMs));
  const options = { count: 1, zone, settings: anomalySettings.parse({}), errors: errorTimesOf(history) };
  const [morning] = [...listMorningsEnding(history, { ...options, ending: new Date(from + 7.5 * hourMs) })];
  expect(morning).toMatchObject({
    date: "2026-05-04",
    to: from + 7.5 * hourMs,
    runs: 4 * 24,
    incidents: [{ pipelines: ["a"], state: "new" }],
  });
  const whole = await collectHistory([...steady, ...night]);
  const rest = { ...options, errors: errorTimesOf(whole) };
  const [ended] = [...listMorningsEnding(whole, { ...rest, ending: new Date(from + dayMs) })];
  expect(ended).toEqual([...listMornings(whole, { ...rest, first: new Date(from) })][0]);
});

test.each([
  ["2026-03-29T05:30:00Z", 23],
  ["2026-10-25T06:30:00Z", 25],
  ["2026-10-25T00:30:00Z", 24],
])("calendar, a day that ends at %s, is %i hours of the same clock time", (ending, hours) => {
  const calendar = calendarEndingAt(new Date(ending), zone);
  expect((calendar.to - calendar.from) / hourMs).toBe(hours);
  expect(calendar.dayStarts).toHaveLength(29);
  expect(
    new Set(calendar.dayStarts.slice(0, 25).map((start) => new Date(start).toLocaleTimeString("fr-FR", { timeZone: zone }))).size,
  ).toBe(1);
});

test("morning, what comes later, changes nothing", async () => {
  const before = [...steady, ...hourly("a", (run) => (onDay(run) ? fails(run) : run))];
  const after = before
    .filter(onDay)
    .map((run) => ({ ...run, id: `${run.id}+`, at: run.at + dayMs, status: "failed" as const, signature: "sig-z" }));
  expect(await morningOf([...before, ...after])).toEqual(await morningOf(before));
});

test("morning, a young pipeline, is counted as not judged", async () => {
  const young = hourly("a", (run) => (run.at >= from ? run : undefined));
  const morning = await morningOf([...steady, ...young]);
  expect(morning.unjudged).toMatchObject([{ pipeline: "a", kind: "not_enough_history" }]);
  expect(morning.incidents).toEqual([]);
});

test.each([
  ["muted", { muted: ["a*"] }],
  ["under maintenance every Tuesday", { maintenance: [{ pipelines: "*", days: ["tue" as const], from: "00:00", to: "23:59" }] }],
  [
    "under maintenance once",
    { maintenance: [{ pipelines: "a", between: ["2026-05-04T20:00:00Z", "2026-05-05T22:00:00Z"] as [string, string] }] },
  ],
])("morning, a failing pipeline that is %s, has no finding and its failures listed", async (_case, settings) => {
  const morning = await morningOf([...steady, ...hourly("a", (run) => (onDay(run) ? fails(run) : run))], settings);
  expect(morning.incidents).toEqual([]);
  expect(morning.failures).toHaveLength(24);
});

test("backtest, a morning with an incident, is counted once with its kinds", async () => {
  const morning = await morningOf([...steady, ...hourly("a", (run) => (onDay(run) ? fails(run) : run))]);
  expect(summarise([morning], 0.1)).toMatchObject({
    mornings: 1,
    flagged: 1,
    incidents: 1,
    failures: 24,
    findings: { consecutive_failures: 1 },
  });
  expect(summarise([morning], 0.1, ["duration"])).toMatchObject({ flagged: 0, incidents: 0, findings: {} });
});
