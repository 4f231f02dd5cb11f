import type { ReportWindow } from "@flow-rag/contracts";
import { AppError, DateTime } from "@flow-rag/kernel";
import { createDeliveryStore, createReportStore, type ReportSummary } from "@flow-rag/stores";
import { createHarness, type Harness } from "@flow-rag/testing";
import fc from "fast-check";
import type { DueReport, Schedule } from "../src/domain/due-report.js";
import { lookForWork } from "../src/domain/look-for-work.js";
import { writeReport, type WriteContent, type WriteReportDeps } from "../src/domain/write-report.js";
import { readCron } from "../src/entry/report-ticks.js";
import { sampleReport } from "./sample-report.js";

jest.setTimeout(300_000);

const signal = new AbortController().signal;
const zone = "Europe/Paris";
const hourMs = 3_600_000;
let world: Harness;
beforeEach(async () => (world = await createHarness()));
afterEach(async () => expect(await world.lifecycle.close()).toBe(true));

const write: WriteContent = async ({ from, to }) => ({
  report: { from, to },
  routes: [{ route: { name: "default", slack: [], email: [] }, rendered: sampleReport("x") }],
});

/** A reporter in this process, on the test's state and clock. */
function reporter(clock: { now: Date }, overrides: Partial<WriteReportDeps> = {}) {
  const [reports, deliveries] = [createReportStore(world.state), createDeliveryStore(world.state)];
  const deps: WriteReportDeps = {
    reports,
    deliveries,
    write,
    enqueue: async () => {},
    announce: async () => {},
    settings: { slack: "token", slackChannels: ["C1"], email: false, recipients: [] },
    catchUpMs: 6 * hourMs,
    leaseMs: 120_000,
    now: () => clock.now,
    ...overrides,
  };
  const look = async (schedules: readonly Schedule[]): Promise<DueReport[]> => {
    const found: DueReport[] = [];
    const sendReport = async (due: DueReport) => void found.push(due);
    await lookForWork(
      { reports, deliveries, sendReport, sendDeliveries: async () => {}, catchUpMs: deps.catchUpMs, now: deps.now },
      schedules,
      signal,
    );
    return found;
  };
  return { deps, reports, deliveries, look, write: (due: DueReport) => writeReport(deps, due, signal) };
}

const scheduleOf = (kind: "daily" | "weekly", expression: string): Schedule => ({
  kind,
  zone,
  fields: readCron(expression, "REPORT_CRON"),
});

/** Reports in their order, and what does not join: a gap, an overlap or a window of no length. */
function joins(reports: readonly ReportSummary[]): string[] {
  const ordered = [...reports].sort((a, b) => a.to.getTime() - b.to.getTime());
  return ordered.flatMap(({ id, from, to }, index) => {
    const before = ordered[index - 1];
    return from >= to || (before && before.to.getTime() !== from.getTime()) ? [id] : [];
  });
}

/** Local times at which some reporter looks: soon after a report is due and twice at random; in an outage nobody does before 12:54. */
const looksOf = (day: DateTime, random: () => number, outage: boolean): Date[] => {
  const from = outage ? 12.9 : 0;
  const hours = [from + random() * (24 - from), from + random() * (24 - from), ...(outage ? [] : [2.52, 7.52, 7.77])];
  return hours.sort((a, b) => a - b).map((hour) => day.set({ hour: Math.floor(hour), minute: Math.floor((hour % 1) * 60) }).toJSDate());
};

const crash: WriteContent = async () => {
  throw new AppError("unexpected", "killed");
};
const noOutbox = {
  add: async () => {
    throw new AppError("unexpected", "killed");
  },
};

/** Every report that is found due, with reporters that die while they write and before they hand out, then with two at once; ids of those written. */
async function writeDue(clock: { now: Date }, schedules: readonly Schedule[], random: () => number): Promise<string[]> {
  const written: string[] = [];
  for (const due of await reporter(clock).look(schedules)) {
    if (random() < 0.2) await expect(reporter(clock, { write: crash }).write(due)).rejects.toThrow("killed");
    const results = random() < 0.2 ? await Promise.allSettled([reporter(clock, { deliveries: noOutbox }).write(due)]) : [];
    expect(results.filter(({ status }) => status === "fulfilled")).toEqual([]);
    const died = results.length > 0;
    for (const result of await Promise.allSettled([reporter(clock).write(due), reporter(clock).write(due)]))
      if (result.status === "fulfilled" && (died || result.value.state === "written")) written.push(result.value.report);
  }
  return written;
}

/** A stretch of days, each with looks of reporters that know nothing but the state. */
async function liveThrough(expression: string, { begin, days, outages }: { begin: string; days: number; outages: number }) {
  const chance = fc.sample(fc.noBias(fc.integer({ min: 0, max: 999_999 })), { seed: 11, numRuns: 10_000 }).values();
  const random = () => (chance.next().value ?? 500_000) / 1e6;
  const first = DateTime.fromISO(begin, { zone });
  const clock = { now: first.toJSDate() };
  const schedules = [scheduleOf("daily", expression), scheduleOf("weekly", "45 7 * * 1")];
  await reporter(clock).look(schedules); // from now on the schedule is known
  const written: string[] = [];
  for (let offset = 0; offset < days; offset += 1) {
    for (const instant of looksOf(first.plus({ days: offset }), random, random() < outages)) {
      clock.now = instant;
      written.push(...(await writeDue(clock, schedules, random)));
    }
  }
  const { reports } = reporter(clock);
  const daily = await reports.list(1_000, signal, { kind: "daily" });
  const weekly = await reports.list(1_000, signal, { kind: "weekly" });
  expect([joins(daily), joins(weekly)]).toEqual([[], []]);
  const ids = [...daily, ...weekly].map(({ id }) => id);
  expect([...new Set(written)].sort()).toEqual(ids.sort());
  expect([...daily, ...weekly].filter(({ isFirst }) => isFirst)).toHaveLength(2);
  expect(await world.state.collection("deliveries").countDocuments()).toBe(ids.length);
  const mondays = Array.from({ length: days }, (_, offset) => first.plus({ days: offset })).filter(({ weekday }) => weekday === 1).length;
  return { daily, weekly, mondays };
}

test.each([
  ["30 7 * * *", "2026-07-01", 365, ["2026-10-25: 25 h", "2027-03-28: 23 h"]],
  // The night that skips 02:30 has its report at 03:30, 24 hours after the last; the next is back at 02:30.
  ["30 2 * * *", "2026-10-10", 180, ["2026-10-26: 25 h", "2027-03-29: 23 h"]],
])(
  "reporters at %s, from %s on for %d days with both changes of the clocks, write once a day, and windows join",
  async (expression, begin, days, odd) => {
    const { daily, weekly, mondays } = await liveThrough(expression, { begin, days, outages: 0 });
    expect([daily.length, weekly.length]).toEqual([days, mondays]);
    const unusual = daily.filter(({ from, to }) => to.getTime() - from.getTime() !== 24 * hourMs);
    expect(unusual.map(({ date, from, to }) => `${date}: ${(to.getTime() - from.getTime()) / hourMs} h`).sort()).toEqual(odd);
  },
);

test("reporters, mornings without any, catch up once or leave it to the next day, and windows join", async () => {
  const { daily } = await liveThrough("30 7 * * *", { begin: "2026-10-10", days: 120, outages: 0.3 });
  expect(daily.length).toBeLessThan(120);
  expect(daily.some(({ isLate }) => isLate)).toBe(true);
  expect(daily.some(({ from, to }) => to.getTime() - from.getTime() > 40 * hourMs)).toBe(true);
});

const due: DueReport = { kind: "daily", date: "2026-05-06", zone, dueAt: new Date("2026-05-06T05:30:00Z") };

test("writeReport, eight reporters at once, is written once and handed out once", async () => {
  const clock = { now: due.dueAt };
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => reporter(clock).write(due)));
  const states = results.map((result) => (result.status === "fulfilled" ? result.value.state : AppError.from(result.reason).kind));
  expect(states.filter((state) => state === "written")).toHaveLength(1);
  expect(new Set(states)).toEqual(new Set(["written", ...states.filter((state) => state !== "written")]));
  const deliveries = await reporter(clock).deliveries.list(10, signal);
  expect(deliveries).toMatchObject([{ channel: "slack", target: "C1", state: "pending", reportId: "daily-2026-05-06-europe-paris" }]);
});

test("writeReport, a slow reporter whose right has passed, leaves the other's content", async () => {
  const clock = { now: due.dueAt };
  let window: ReportWindow | undefined;
  const slow: WriteContent = async (asked, abort) => {
    window = asked;
    clock.now = new Date(due.dueAt.getTime() + 180_000);
    await reporter(clock).write(due);
    const { routes } = await write(asked, abort);
    return { report: { by: "the slow one" }, routes };
  };
  await expect(reporter(clock, { write: slow }).write(due)).rejects.toThrow("another reporter took over");
  const stored = await reporter(clock).reports.read("daily-2026-05-06-europe-paris", signal);
  expect(stored?.report).toEqual({ from: window?.from.toISOString(), to: window?.to.toISOString() });
  expect(stored?.parts).toEqual([{ route: { name: "default", slack: [], email: [] }, rendered: sampleReport("x") }]);
});

test("writeReport, past the catch-up, is left to the next report", async () => {
  const clock = { now: new Date("2026-05-06T11:30:01Z") };
  expect(await reporter(clock).write(due)).toMatchObject({ state: "too_late", deliveries: 0 });
  expect(await reporter(clock).reports.list(10, signal)).toEqual([]);
});

test("writeReport, nothing is set up for sending, archives it and tells the watchdog", async () => {
  let announced = 0;
  const settings = { slack: null, slackChannels: [], email: false, recipients: [] };
  const { write: run, reports } = reporter({ now: due.dueAt }, { settings, announce: async () => void (announced += 1) });
  expect([await run(due), announced]).toEqual([{ state: "written", report: "daily-2026-05-06-europe-paris", deliveries: 0 }, 1]);
  expect(await reports.list(10, signal)).toHaveLength(1);
});
