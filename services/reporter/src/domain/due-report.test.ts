import type { ReportWindow } from "@flow-rag/contracts";
import { dueReport, windowOf, type Schedule } from "./due-report.js";

const hourMs = 3_600_000;
const all = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const fields = { minute: [30], hour: [7], dayOfMonth: all(1, 31), month: all(1, 12), dayOfWeek: all(0, 6) };
const daily: Schedule = { kind: "daily", fields, zone: "Europe/Paris" };
const due = { kind: "daily", date: "2026-05-06", zone: "Europe/Paris", dueAt: new Date("2026-05-06T05:30:00Z") } as const;
const last = (to: string, date = to.slice(0, 10)): ReportWindow => ({
  kind: "daily",
  date,
  zone: "Europe/Paris",
  from: new Date(0),
  to: new Date(to),
  dueAt: new Date(to),
  isFirst: false,
  isLate: false,
});
const long = new Date("2020-01-01T00:00:00Z");

test.each([
  ["nothing written, its time has come", undefined, "2026-05-06T05:30:00Z", long, due],
  ["yesterday's written, its time has come", last("2026-05-05T05:30:00Z"), "2026-05-06T05:30:00Z", long, due],
  ["today's written", last("2026-05-06T05:30:00Z"), "2026-05-06T05:31:00Z", long, undefined],
  [
    "yesterday's written late, after today's time by the clock of another day",
    last("2026-05-05T09:00:00Z"),
    "2026-05-06T06:00:00Z",
    long,
    due,
  ],
  ["today's written at another time, then rescheduled", last("2026-05-06T04:00:00Z"), "2026-05-06T05:31:00Z", long, undefined],
  ["just within the catch-up", last("2026-05-01T05:30:00Z"), "2026-05-06T11:30:00Z", long, due],
  ["past the catch-up", last("2026-05-01T05:30:00Z"), "2026-05-06T11:30:00.001Z", long, undefined],
  ["its time came before the schedule was known", undefined, "2026-05-06T06:00:00Z", new Date("2026-05-06T05:45:00Z"), undefined],
])("dueReport, %s", (_situation, written, now, since, expected) => {
  expect(dueReport(daily, { last: written, since, now: new Date(now), catchUpMs: 6 * hourMs })).toEqual(expected);
});

const windowAt = (written: ReportWindow | undefined, now: string) => {
  const window = windowOf(due, written, new Date(now));
  return window && [window.from.toISOString(), window.to.toISOString(), { isFirst: window.isFirst, isLate: window.isLate }];
};

test.each([
  [
    "in time, begins where the last ended",
    last("2026-05-05T05:30:00Z"),
    "2026-05-06T05:30:02Z",
    "2026-05-05T05:30:00.000Z",
    "2026-05-06T05:30:00.000Z",
    false,
  ],
  [
    "after three missed days, covers them",
    last("2026-05-02T05:30:00Z"),
    "2026-05-06T05:30:02Z",
    "2026-05-02T05:30:00.000Z",
    "2026-05-06T05:30:00.000Z",
    false,
  ],
  [
    "late, reaches up to now and says so",
    last("2026-05-05T05:30:00Z"),
    "2026-05-06T09:00:00Z",
    "2026-05-05T05:30:00.000Z",
    "2026-05-06T09:00:00.000Z",
    true,
  ],
])("windowOf, %s", (_situation, written, now, from, to, isLate) => {
  expect(windowAt(written, now)).toEqual([from, to, { isFirst: false, isLate }]);
});

test("windowOf, the first report, is a local day, 23 hours when the clocks go forward", () => {
  expect(windowAt(undefined, "2026-05-06T05:30:00Z")).toEqual([
    "2026-05-05T05:30:00.000Z",
    "2026-05-06T05:30:00.000Z",
    { isFirst: true, isLate: false },
  ]);
  const spring = { ...due, date: "2027-03-28", dueAt: new Date("2027-03-28T05:30:00Z") };
  expect(windowOf(spring, undefined, spring.dueAt)?.from.toISOString()).toBe("2027-03-27T06:30:00.000Z");
});

test("windowOf, the last report reaches further, is none", () => {
  expect(windowAt(last("2026-05-06T06:00:00Z"), "2026-05-06T05:30:01Z")).toBeUndefined();
});
