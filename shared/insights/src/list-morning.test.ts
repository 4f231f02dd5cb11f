import { dayMs, fails, from, hourly, hourMs, kindsOf, morningOf, onDay, steady, zone } from "../test/mornings.js";
import { anomalySettings } from "./anomaly-settings.js";
import { summarise } from "./backtest.js";
import type { FindingKind } from "./finding.js";
import { findingText } from "./finding-text.js";
import { errorTimesOf } from "./judge-day.js";
import { listMornings, listMorningsEnding } from "./list-morning.js";
import { morningLines } from "./morning-text.js";
import { calendarEndingAt, collectHistory } from "./run-history.js";
import type { RunSeen } from "./run-seen.js";

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
  const ofDay = [...steady, ...runs.filter(({ pipeline }) => pipeline === "a")].filter(onDay);
  const recovered = { status: "success" as const, signature: null };
  const nextDay = ofDay.map((run) => ({ ...run, id: `${run.id}+`, at: run.at + dayMs, ...recovered }));
  const later = await morningOf([...runs, ...nextDay], {}, from + dayMs);
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
  expect(ended).toEqual([...listMornings(whole, { ...rest, first: new Date(from), now: new Date(8.64e15) })][0]);
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

test("morning, a working day on which no pipeline of working days ran, tells it in one line and calls none missing", async () => {
  const office = ["o1", "o2", "o3", "o4", "o5"].flatMap((name) =>
    hourly(name, (run) => (new Date(run.at + 2 * hourMs).getUTCDay() % 6 === 0 || onDay(run) ? undefined : run)),
  );
  const morning = await morningOf([...steady, ...office]);
  expect(morning).toMatchObject({ incidents: [], allClear: false, notTold: { dayOff: 5 } });
  expect(morningLines(morning, "en")).toContain("5 pipelines of working days did not run (a holiday, or something stops them all).");
});

test("morning, one pipeline of working days that did not run while the others did, is missing", async () => {
  const office = ["o1", "o2", "o3", "o4", "o5"].flatMap((name) =>
    hourly(name, (run) => (new Date(run.at + 2 * hourMs).getUTCDay() % 6 === 0 || (name === "o1" && onDay(run)) ? undefined : run)),
  );
  const { incidents } = await morningOf([...steady, ...office]);
  expect(new Set(incidents.flatMap(({ pipelines }) => pipelines))).toEqual(new Set(["o1"]));
});

test("morning, the last day of a month that takes as long as that of the month before, is usual, and any other day is not", async () => {
  const long = (run: RunSeen): RunSeen => ({ ...run, durationMs: (run.durationMs ?? 0) * 5 });
  const monthEnds = ["2026-03-31", "2026-04-30"].map((date) => Date.parse(`${date}T00:00:00+02:00`));
  const runs = hourly("a", (run) => (monthEnds.some((start) => run.at >= start && run.at < start + dayMs) ? long(run) : run));
  const other = hourly("a", (run) => (run.at >= (monthEnds[1] ?? 0) - dayMs && run.at < (monthEnds[1] ?? 0) ? long(run) : run));
  expect(kindsOf(await morningOf([...steady, ...runs], {}, monthEnds[1]))).toEqual([]);
  expect(kindsOf(await morningOf([...steady, ...other], {}, (monthEnds[1] ?? 0) - dayMs))).toEqual(["duration"]);
});
