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
  const base = { kind: "daily" as const, window, date: "2026-05-06", zone, language: "fr" as const, settings: set };
  return { ...base, routes: readRoutes(set, { hasDefaultChannels: true }), ...given };
}
const reportOf = (runs: readonly TestRun[], given: Partial<ReportInput> & { set?: Settings } = {}): Promise<Report> =>
  buildReport(memoryStores(runs), inputOf(given), signal);
const steady = ["b", "c", "d"].flatMap((name) => hourly(to, name));
const tonight = ({ at }: TestRun): boolean => at >= to - 4 * hourMs;
const inWindow = ({ at }: TestRun): boolean => at >= from;

test("report, a quiet day, says how many runs were looked at", async () => {
  const { all, coverage } = await reportOf([...steady, ...hourly(to, "a")]);
  expect(all).toMatchObject({ verdict: "quiet", figures: { runs: 96, failed: 0, pipelines: 4 }, incidents: [], missing: [], prose: null });
  expect(coverage).toMatchObject({ dataUntil: new Date(to - hourMs + 60_000).toISOString(), stale: false, setAside: 0 });
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
  const { all } = await buildReport(memoryStores(runs), inputOf({ window, date: end.slice(0, 10) }), signal);
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
  const write = (prose: NonNullable<Parameters<typeof buildReport>[0]["prose"]>) =>
    buildReport({ ...memoryStores(runs), prose }, inputOf(), signal);
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
