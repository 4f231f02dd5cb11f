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

/** Instants at which some reporter looks: several a day, some by the minute around the hour it is due, with nights and mornings left out. */
const looksOf = (day: DateTime, random: () => number, outage: boolean): Date[] => {
  const free = outage ? 12.9 : 0; // nobody looks before
  const hours = Array.from({ length: 4 }, () => free + random() * (24 - free)).concat(outage ? [] : [7.5, 7.52, 2.51]);
  return hours.sort((a, b) => a - b).map((hour) => new Date(day.toMillis() + hour * hourMs));
};

test.each([
  ["30 7 * * *", 0],
  ["30 2 * * *", 0],
  ["30 7 * * *", 0.15],
])(
  "reporters, %s, a year with both changes of the clocks, restarts and crashes, outages of the morning %d, write once a day",
  async (expression, outages) => {
    const random = fc.sample(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { seed: 11, numRuns: 20_000 }).values();
    const next = () => random.next().value ?? 0.5;
    const clock = { now: new Date("2026-07-01T00:00:00Z") };
    const crash: WriteContent = async () => {
      throw new AppError("unexpected", "killed");
    };
    const schedules = [scheduleOf("daily", expression), scheduleOf("weekly", "45 7 * * 1")];
    const { reports } = reporter(clock);
    await reporter(clock).look(schedules); // from now on the schedule is known
    const first = DateTime.fromISO("2026-07-01", { zone });
    const written: string[] = [];
    for (let offset = 0; offset < 365; offset += 1) {
      for (const instant of looksOf(first.plus({ days: offset }), next, next() < outages)) {
        clock.now = instant;
        for (const due of await reporter(clock).look(schedules)) {
          // One that dies while it writes, one that dies before the outbox is filled; then two at once.
          if (next() < 0.2) await expect(reporter(clock, { write: crash }).write(due)).rejects.toThrow("killed");
          const noOutbox = { add: async () => Promise.reject(new AppError("unexpected", "killed")) };
          if (next() < 0.2) await expect(reporter(clock, { deliveries: noOutbox }).write(due)).rejects.toThrow("killed");
          const both = await Promise.allSettled([reporter(clock).write(due), reporter(clock).write(due)]);
          for (const result of both)
            if (result.status === "fulfilled" && result.value.state === "written") written.push(result.value.report);
        }
      }
    }
    const daily = await reports.list(1_000, signal, { kind: "daily" });
    const weekly = await reports.list(1_000, signal, { kind: "weekly" });
    expect([joins(daily), joins(weekly), new Set(written).size]).toEqual([[], [], written.length]);
    expect(daily.filter(({ isFirst }) => isFirst)).toHaveLength(1);
    expect(await world.state.collection("deliveries").countDocuments()).toBe(daily.length + weekly.length);
    const days = new Set(daily.map(({ date }) => date));
    expect(days.size).toBe(daily.length);
    if (outages === 0) {
      expect([daily.length, weekly.length]).toEqual([365, 52]);
      const long = daily.filter(({ from, to, isFirst }) => !isFirst && to.getTime() - from.getTime() !== 24 * hourMs);
      const lengths = long.map(({ date, from, to }) => `${date}: ${(to.getTime() - from.getTime()) / hourMs} h`).sort();
      expect(lengths.slice(0, 1)).toEqual(["2026-10-25: 25 h"]);
    } else {
      expect(daily.length).toBeLessThan(365);
      expect(daily.some(({ from, to }) => to.getTime() - from.getTime() > 40 * hourMs)).toBe(true);
    }
  },
);

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
