import { dayMs, findGaps, hourMs } from "./find-gaps.js";

const zone = "Europe/Paris";
const monday = Date.parse("2026-11-30T00:00:00Z");
type Schedule = (local: { hour: number; weekday: number; at: number }) => number;

/** Runs by hour over `days` before `end`; hours and weekdays (0 is Sunday) are of Paris. */
function counts(days: number, schedule: Schedule, end = monday): Map<number, number> {
  const found = new Map<number, number>();
  for (let at = end - days * dayMs; at < end; at += hourMs) {
    const shown = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", hourCycle: "h23", weekday: "short" }).formatToParts(
      at,
    );
    const part = (type: string) => shown.find((one) => one.type === type)?.value ?? "";
    const weekday = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].indexOf(part("weekday"));
    const count = schedule({ hour: Number(part("hour")), weekday, at });
    if (count > 0) found.set(at, count);
  }
  return found;
}
const isWithin = (at: number, from: string, to: string) => at >= Date.parse(from) && at < Date.parse(to);
const gapsIn = (found: Map<number, number>, days: number, end = monday) =>
  findGaps(found, { from: end - days * dayMs, to: end, first: Math.min(...found.keys()), zone }).map(({ from, to }) =>
    [from, to].map((at) => new Date(at).toISOString().slice(0, 16)),
  );

const hourly: Schedule = () => 1;
const workdays: Schedule = ({ hour, weekday }) => (weekday % 6 !== 0 && hour >= 6 && hour < 20 ? 4 : 0);
const nightly: Schedule = ({ hour }) => (hour === 2 ? 10 : 0);

test.each<[string, Schedule, number]>([
  ["hourly", hourly, 60],
  ["on working days", workdays, 60],
  ["on working days, for three weeks", workdays, 22],
  ["on working days, for eight days", workdays, 8],
  ["nightly", nightly, 60],
  ["one a week", ({ hour, weekday }) => (weekday === 3 && hour === 5 ? 1 : 0), 60],
  ["nightly, over the end of summer time", nightly, 60],
])("findGaps, a source that runs %s without a fault, finds none", (_name, schedule, days) => {
  expect(gapsIn(counts(days, schedule), 14)).toEqual([]);
});

test("findGaps, the clocks change within the window, takes no hour for a gap", () => {
  const end = Date.parse("2026-10-30T00:00:00Z");
  expect(gapsIn(counts(60, nightly, end), 14, end)).toEqual([]);
  expect(gapsIn(counts(60, workdays, end), 14, end)).toEqual([]);
});

test("findGaps, hours without a run, are a gap when three runs were to be expected", () => {
  const missing =
    (from: string, to: string): Schedule =>
    (local) =>
      isWithin(local.at, from, to) ? 0 : 1;
  expect(gapsIn(counts(60, missing("2026-11-27T10:00Z", "2026-11-27T15:00Z")), 7)).toEqual([["2026-11-27T10:00", "2026-11-27T15:00"]]);
  expect(gapsIn(counts(60, missing("2026-11-27T10:00Z", "2026-11-27T12:00Z")), 7)).toEqual([]);
  expect(gapsIn(counts(9, missing("2026-11-29T10:00Z", "2026-11-29T15:00Z")), 1)).toEqual([["2026-11-29T10:00", "2026-11-29T15:00"]]);
});

test("findGaps, whole days without a run, are told from midnight to midnight by the local clock, and a weekend is none", () => {
  const missing: Schedule = (local) => (isWithin(local.at, "2026-11-19T00:00Z", "2026-11-25T12:00Z") ? 0 : workdays(local));
  expect(gapsIn(counts(60, missing), 14)).toEqual([
    ["2026-11-18T23:00", "2026-11-20T23:00"],
    ["2026-11-22T23:00", "2026-11-25T12:00"],
  ]);
});

test("findGaps, a gap of three weeks, does not become what is usual", () => {
  const missing: Schedule = ({ at }) => (isWithin(at, "2026-11-05T00:00Z", "2026-11-26T00:00Z") ? 0 : 2);
  expect(gapsIn(counts(60, missing), 28)).toEqual([["2026-11-05T00:00", "2026-11-26T00:00"]]);
});

test("findGaps, a source younger than a week, knows nothing of what is usual", () => {
  expect(
    gapsIn(
      counts(6, ({ at }) => (isWithin(at, "2026-11-28T00:00Z", "2026-11-29T00:00Z") ? 0 : 5)),
      3,
    ),
  ).toEqual([]);
});
