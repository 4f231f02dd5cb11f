import { failing, hourly, memoryStores, type TestRun } from "../test/memory-stores.js";
import { buildReport, type ReportInput } from "./build-report.js";
import type { Report } from "./report.js";
import { readRoutes } from "./routes.js";
import { settings, type Settings } from "./settings.js";

const zone = "Europe/Paris";
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Wed 6 May 2026, 07:30 in Paris. */
const to = Date.parse("2026-05-06T05:30:00Z");
const from = to - dayMs;
const signal = new AbortController().signal;

function inputOf(given: Partial<ReportInput> & { set?: Settings } = {}): ReportInput {
  const set = given.set ?? settings.parse({});
  const window = { from: new Date(from), to: new Date(to) };
  const base = { kind: "daily" as const, window, date: "2026-05-06", zone, language: "fr" as const, settings: set, readAt: new Date(to) };
  return { ...base, routes: readRoutes(set, { hasDefaultChannels: true }), ...given };
}
const reportOf = async (runs: readonly TestRun[], given: Partial<ReportInput> & { set?: Settings } = {}): Promise<Report> =>
  (await buildReport(memoryStores(runs), inputOf(given), signal)).report;
const steady = ["b", "c", "d"].flatMap((name) => hourly(to, name));
const tonight = ({ at }: TestRun): boolean => at >= to - 4 * hourMs;
const inWindow = ({ at }: TestRun): boolean => at >= from;

test("report, a quiet day, says how many runs were looked at", async () => {
  const { all, coverage } = await reportOf([...steady, ...hourly(to, "a")]);
  expect(all).toMatchObject({ verdict: "quiet", figures: { runs: 96, failed: 0, pipelines: 4 }, incidents: [], missing: [], prose: null });
  expect(coverage).toMatchObject({ dataUntil: new Date(to - hourMs + 60_000).toISOString(), stale: false, doubts: [] });
});

test("report, no run in the window, is no data and not a quiet day", async () => {
  const { all, coverage } = await reportOf([...steady, ...hourly(to, "a")].filter((run) => !inWindow(run)));
  expect(all).toMatchObject({ verdict: "no_data", figures: { runs: 0 }, incidents: [], missing: [] });
  expect(coverage).toMatchObject({ stale: true, dataUntil: new Date(from - hourMs + 60_000).toISOString() });
});

test("report, data that ended long before the history, are told from no data at all", async () => {
  const old = steady.filter((run) => run.at < to - 44 * dayMs);
  expect((await reportOf(old)).coverage.dataUntil).toBe(new Date(Math.max(...old.map(({ at }) => at))).toISOString());
  expect((await reportOf([])).coverage.dataUntil).toBeNull();
});

test("report, a new error in the night before it, is there as new with its cause, times, owner and example", async () => {
  const runs = hourly(to, "a", (run) => ({ ...(tonight(run) ? failing(run) : run), owner: "data-team@example.com" }));
  const { all } = await reportOf([...steady, ...runs]);
  expect(all.incidents).toHaveLength(1);
  expect(all.incidents[0]).toMatchObject({
    state: "new",
    pipelines: ["a"],
    cause: { signature: "sig-a", text: "disk full on node-7" },
    failures: 4,
    first: new Date(to - 4 * hourMs + 60_000).toISOString(),
    last: new Date(to - hourMs + 60_000).toISOString(),
    firstSeen: new Date(to - 4 * hourMs + 60_000).toISOString(),
    owners: [{ name: "data-team@example.com", mention: null }],
    example: "s:a-1079",
  });
  expect(all.failing).toMatchObject([{ pipeline: "a", failures: 4, runs: 24, stillFailing: true }]);
  expect(all).toMatchObject({ verdict: "eventful", before: { failed: 0, runs: 96 }, usual: { failed: 0, spans: 7 } });
  expect(all.days.map(({ failures }) => failures)).toEqual([...Array<[]>(13).fill([]), [{ tech: "Spark", count: 4 }]]);
});

test("report, the mornings after a new error, tell it as ongoing and then as resolved", async () => {
  const stop = to + dayMs;
  const runs = [
    ...["b", "c", "d"].flatMap((name) => hourly(to + 2 * dayMs, name)),
    ...hourly(to + 2 * dayMs, "a", (run) => (run.at >= to - 4 * hourMs && run.at < stop ? failing(run) : run)),
  ];
  const next = (days: number) =>
    reportOf(runs, { window: { from: new Date(from + days * dayMs), to: new Date(to + days * dayMs) }, date: `2026-05-0${6 + days}` });
  expect((await next(1)).all.incidents).toMatchObject([{ state: "ongoing", pipelines: ["a"], failures: 24 }]);
  const last = (await next(2)).all;
  expect(last.incidents).toEqual([]);
  expect(last.resolved.map(({ pipeline }) => pipeline)).toContain("a");
});

test("report, a pipeline that stopped and one that came back late, are told apart", async () => {
  const stopped = hourly(to, "stopped").filter((run) => run.at < to - 9 * hourMs);
  const late = hourly(to, "late").filter((run) => run.at < to - 14 * hourMs || run.at > to - 5 * hourMs);
  const { all } = await reportOf([...steady, ...stopped, ...late]);
  expect(all.missing).toMatchObject([
    { pipeline: "late", back: new Date(to - 5 * hourMs + 60_000).toISOString(), everyMs: hourMs },
    { pipeline: "stopped", back: null, last: new Date(to - 10 * hourMs + 60_000).toISOString(), missing: 9 },
  ]);
});

test("report, a window of three days after an outage, compares with spans of three days and keeps what was new on the first", async () => {
  const begin = to - 3 * dayMs;
  const early = hourly(to, "a", (run) => (run.at >= begin && run.at < begin + 5 * hourMs ? failing(run) : run));
  const { all } = await reportOf([...steady, ...early], { window: { from: new Date(begin), to: new Date(to) } });
  expect(all.figures).toMatchObject({ runs: 4 * 72, failed: 5 });
  expect(all.before).toMatchObject({ runs: 4 * 72, failed: 0 });
  expect(all.incidents).toMatchObject([{ state: "new", pipelines: ["a"], failures: 5 }]);
});

test("report, the week's digest, has the week before and no median", async () => {
  const bad = ({ at }: TestRun): boolean => at >= to - 8 * dayMs && at < to - 6 * dayMs;
  const runs = hourly(to, "a", (run) => (bad(run) ? failing(run) : run));
  const { all } = await reportOf([...steady, ...runs], { kind: "weekly", window: { from: new Date(to - 7 * dayMs), to: new Date(to) } });
  expect(all).toMatchObject({ figures: { runs: 4 * 168, failed: 24 }, before: { runs: 4 * 168, failed: 24 }, usual: null });
});

test.each([
  ["2026-03-29T05:30:00Z", "2026-03-28T06:30:00Z", 23],
  ["2026-10-25T06:30:00Z", "2026-10-24T05:30:00Z", 25],
])("report, the morning of %s, has a day of the hours between its clock times and compares with one of 24", async (end, begin, hours) => {
  const at = Date.parse(end);
  const window = { from: new Date(begin), to: new Date(end) };
  const runs = ["b", "c", "d"].flatMap((name) => hourly(at, name));
  const { all } = await reportOf(runs, { window, date: end.slice(0, 10) });
  expect(all).toMatchObject({ verdict: "quiet", figures: { runs: 3 * hours }, before: { runs: 3 * 24 } });
  expect(all.days.at(-1)?.runs).toBe(3 * hours);
});

test("report, nothing for much longer than usual, is marked as stale and is no all-clear", async () => {
  const { all, coverage } = await reportOf([...steady, ...hourly(to, "a")].filter(({ at }) => at < to - 3 * hourMs));
  expect(coverage.stale).toBe(true);
  expect(all.figures.failed).toBe(0);
});

test("report, routes by pipeline, owner and team, has a part for each and the totals for all", async () => {
  const set = settings.parse({
    teams: [{ name: "Finance", pipelines: ["a"], mention: "S0FINANCE" }],
    routes: [{ name: "finance", teams: ["Finance"] }, { name: "owned", owners: ["*@example.com"] }, { name: "ops" }],
  });
  const runs = [
    ...steady,
    ...hourly(to, "a", (run) => (tonight(run) ? failing(run) : run)),
    ...hourly(to, "e").map((run) => ({ ...run, owner: "x@example.com" })),
  ];
  const { all, parts } = await reportOf(runs, { set });
  expect(all.figures.runs).toBe(5 * 24);
  expect(Object.keys(parts)).toEqual(["finance", "owned", "ops"]);
  expect(parts["finance"]).toMatchObject({
    figures: { runs: 24, failed: 4 },
    incidents: [{ owners: [{ name: "Finance", mention: "S0FINANCE" }] }],
  });
  expect(parts["owned"]).toMatchObject({ verdict: "quiet", figures: { runs: 24 } });
  expect(parts["ops"]).toMatchObject({ verdict: "quiet", figures: { runs: 72 } });
});

test("report, a model that lies or fails, changes no figure and no list", async () => {
  const runs = [...steady, ...hourly(to, "a", (run) => (tonight(run) ? failing(run) : run))];
  const write = async (prose: NonNullable<Parameters<typeof buildReport>[0]["prose"]>) =>
    (await buildReport({ ...memoryStores(runs), prose }, inputOf(), signal)).report;
  const plain = await reportOf(runs);
  const lied = await write(async () => ({ text: "999 échecs sur Oracle.", by: "llm", reason: null }));
  const failed = await write(async () => {
    throw new Error("down");
  });
  expect({ ...lied.all, prose: null }).toEqual({ ...plain.all, prose: null });
  expect(failed.all.prose).toEqual({ text: plain.all.prose?.text, by: "template", reason: "unexpected" });
});

test("report, as JSON and back, is the same", async () => {
  const report = await reportOf([...steady, ...hourly(to, "a", (run) => (tonight(run) ? failing(run) : run))]);
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});

/** The report of 5 May, made a minute after its time, and the one of 6 May from the runs as they are then. */
async function nextMorning(before: readonly TestRun[], after: readonly TestRun[]): Promise<Report> {
  const yesterday = { from: new Date(from - dayMs), to: new Date(from) };
  const readAt = new Date(from + 60_000);
  const { sight } = await buildReport(memoryStores(before), inputOf({ window: yesterday, date: "2026-05-05", readAt }), signal);
  return await reportOf(after, { told: { ...sight, ...yesterday } });
}
const yesterday = ({ at }: TestRun): boolean => at >= from - dayMs && at < from;
/** As the worker stamps runs: a minute after they happened, unless they came later. */
const indexed = (runs: readonly TestRun[], at = (run: TestRun) => run.at + 60_000): TestRun[] =>
  runs.map((run) => ({ ...run, firstIndexedAt: at(run), statusSince: at(run) }));

test("report, runs that came after the report of their day, are named by pipeline with their failures, cause and state", async () => {
  const known = indexed([...steady, ...hourly(to, "a")]);
  const isLate = (run: TestRun) => yesterday(run) && run.at < from - 20 * hourMs;
  const [missed] = [hourly(to, "z", (run) => (isLate(run) ? (run.at < from - 23 * hourMs ? failing(run, "sig-z") : run) : undefined))];
  const { all } = await nextMorning(known, [...known, ...indexed(missed ?? [], () => from + hourMs)]);
  expect(all.late).toEqual({
    toldUntil: new Date(from).toISOString(),
    runs: 4,
    failures: 1,
    failedSince: 0,
    pipelines: [
      {
        pipeline: "z",
        tech: "Spark",
        runs: 4,
        failures: 1,
        failedSince: 0,
        first: new Date(from - dayMs + 60_000).toISOString(),
        last: new Date(from - 21 * hourMs + 60_000).toISOString(),
        owners: [],
        cause: { signature: "sig-z", text: "disk full on node-7" },
        state: "new",
      },
    ],
  });
  expect(all).toMatchObject({ verdict: "eventful", figures: { runs: 96, failed: 0 } });
});

test("report, a run that was running when its day was told, is named once it has failed and not counted again", async () => {
  const known = indexed([...steady, ...hourly(to, "a")]);
  const isLast = (run: TestRun) => run.pipeline === "a" && run.at === from - hourMs + 60_000;
  const before = known.map((run) => (isLast(run) ? { ...run, status: "running" as const } : run));
  const after = known.map((run) => (isLast(run) ? { ...failing(run), statusSince: from + hourMs } : run));
  expect((await nextMorning(before, after)).all.late).toMatchObject({
    runs: 0,
    failures: 0,
    failedSince: 1,
    pipelines: [{ pipeline: "a" }],
  });
  const fine = known.map((run) => (isLast(run) ? { ...run, statusSince: from + hourMs } : run));
  expect((await nextMorning(before, fine)).all).toMatchObject({ verdict: "quiet", late: { runs: 0, failedSince: 0, pipelines: [] } });
});

test("report, runs whose write was under way while the last report read, are told once whichever of the two saw them", async () => {
  const seen = indexed([...steady, ...hourly(to, "a")], (run) => (yesterday(run) ? from + 30_000 : run.at));
  expect((await nextMorning(seen, seen)).all.late).toMatchObject({ runs: 0, pipelines: [] });
  const unseen = seen.filter((run) => !(yesterday(run) && run.pipeline === "a"));
  expect((await nextMorning(unseen, seen)).all.late).toMatchObject({ runs: 24, pipelines: [{ pipeline: "a", runs: 24 }] });
});

test("report, runs of long ago that came now, are named although no history reaches them; those of before the first report are not", async () => {
  const known = indexed([...steady, ...hourly(to, "a")]);
  const [sample] = known;
  const old = (days: number): TestRun => ({
    ...(sample as TestRun),
    id: `s:old-${days}`,
    pipeline: "old",
    at: to - days * dayMs,
    firstIndexedAt: to,
  });
  const told = { from: new Date(to - 80 * dayMs), to: new Date(from), readAt: new Date(from), recent: [] };
  const { all } = await reportOf([...known, old(60), old(70), old(81)], { told });
  expect(all.late).toMatchObject({ runs: 2, pipelines: [{ pipeline: "old", runs: 2 }] });
});

test("report, the errors of a night, say which is new, back, going on or recovered from", async () => {
  const at = (run: TestRun, hour: number) => run.at === to - hour * hourMs + 60_000;
  const runs = [
    ...steady,
    ...hourly(to, "new", (run) => (at(run, 3) ? failing(run, "sig-new", "never seen") : run)),
    ...hourly(to, "back", (run) => (at(run, 3) || at(run, 30 * 24) ? failing(run, "sig-back", "seen a month ago") : run)),
    ...hourly(to, "on", (run) => (at(run, 1) || at(run, 48) ? failing(run, "sig-on", "goes on") : run)),
    ...hourly(to, "over", (run) => (at(run, 3) || at(run, 48) ? failing(run, "sig-over", "over") : run)),
  ];
  const { all } = await reportOf(runs);
  expect(all.signatures.map(({ cause, state, recovered }) => [cause.signature, state, recovered])).toEqual([
    ["sig-back", "regressed", true],
    ["sig-new", "new", true],
    ["sig-on", "ongoing", false],
    ["sig-over", "resolved", true],
  ]);
});

test("report, a pipeline of which one finding is over and its last run failed, is not resolved", async () => {
  const stop = to - 20 * hourMs;
  const runs = hourly(to, "a", (run) =>
    run.at >= to - 30 * hourMs && run.at < stop ? failing(run) : run.at >= to - hourMs ? failing(run, "sig-b", "another") : run,
  );
  const { all } = await reportOf([...steady, ...runs]);
  expect(all.failing).toMatchObject([{ pipeline: "a", stillFailing: true }]);
  expect(all.resolved).toEqual([]);
});

test("report, runs whose status was not read or that an upstream failure kept from running, is no quiet day and counts neither as success", async () => {
  const { all } = await reportOf([
    ...steady,
    ...hourly(to, "a", (run) => (tonight(run) ? { ...run, status: "unknown" as const, rawStatus: "Wobbled", signature: "sig-w" } : run)),
    ...hourly(to, "e", (run) => (tonight(run) ? { ...run, status: "upstream_failed" as const } : run)),
  ]);
  expect(all).toMatchObject({ verdict: "eventful", figures: { failed: 0, ended: 112, succeeded: 112 }, failing: [] });
  expect(all.unread).toEqual({ runs: 4, withError: 4, words: [{ word: "Wobbled", runs: 4 }], wordCount: 1 });
  expect(all.figures.byStatus).toMatchObject({ unknown: 4, upstream_failed: 4 });
});
