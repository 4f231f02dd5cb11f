import { createTask } from "node-cron";
import { readCron } from "../entry/report-ticks.js";
import { latestSlot } from "./cron-slots.js";

const paris = "Europe/Paris";
const slotAt = (expression: string, now: string, zone = paris) => {
  const slot = latestSlot(readCron(expression, "REPORT_CRON"), zone, new Date(now));
  return slot && [slot.date, slot.dueAt.toISOString()];
};

test.each([
  ["a minute before it is due, is yesterday's", "30 7 * * *", "2026-05-06T05:29:59.999Z", ["2026-05-05", "2026-05-05T05:30:00.000Z"]],
  ["when it is due, is today's", "30 7 * * *", "2026-05-06T05:30:00.000Z", ["2026-05-06", "2026-05-06T05:30:00.000Z"]],
  ["in winter, is an hour later in UTC", "30 7 * * *", "2026-11-21T08:00:00Z", ["2026-11-21", "2026-11-21T06:30:00.000Z"]],
  ["several times a day, is the first", "30 7,19 * * *", "2026-05-06T20:00:00Z", ["2026-05-06", "2026-05-06T05:30:00.000Z"]],
  [
    "at a time the clocks skip, comes when they have jumped",
    "30 2 * * *",
    "2027-03-28T12:00:00Z",
    ["2027-03-28", "2027-03-28T01:30:00.000Z"],
  ],
  ["at a time the clocks repeat, comes the first time", "30 2 * * *", "2026-10-25T12:00:00Z", ["2026-10-25", "2026-10-25T00:30:00.000Z"]],
  ["on Mondays, is the last Monday's", "45 7 * * 1", "2026-11-22T12:00:00Z", ["2026-11-16", "2026-11-16T06:45:00.000Z"]],
  ["on 29 February, is four years old", "0 8 29 2 *", "2028-02-28T12:00:00Z", ["2024-02-29", "2024-02-29T07:00:00.000Z"]],
])("latestSlot, %s", (_situation, expression, now, expected) => {
  expect(slotAt(expression, now)).toEqual(expected);
});

test("latestSlot, midnight where the clocks skip it, comes once they have jumped", () => {
  expect(slotAt("0 0 * * *", "2026-09-06T12:00:00Z", "America/Santiago")).toEqual(["2026-09-06", "2026-09-06T04:00:00.000Z"]);
});

test.each(["30 7 * * *", "45 7 * * 1", "0 8 1-7 */2 mon-fri", "5 23 15,31 * *"])(
  "latestSlot, %s, a year, is when node-cron fires",
  (expression) => {
    const task = createTask(expression, () => {}, { timezone: paris });
    const fields = readCron(expression, "REPORT_CRON");
    const minutes = fields.minute[0] ?? 0;
    const fired: string[] = [];
    const found = new Set<string>();
    for (let at = Date.UTC(2026, 0, 1, 0, minutes); at < Date.UTC(2027, 0, 1); at += 3_600_000) {
      const now = new Date(at);
      if (task.match(now)) fired.push(now.toISOString());
      if (fired.at(-1) !== now.toISOString() && at % 43_200_000 > 3_600_000) continue; // the rest of the hours say the same
      const slot = latestSlot(fields, paris, now);
      if (slot && slot.dueAt.getTime() >= Date.UTC(2026, 0, 1)) found.add(slot.dueAt.toISOString());
    }
    expect(fired.length).toBeGreaterThan(15);
    expect([...found]).toEqual(fired);
  },
);

test.each(["every day", "30 7 * *", "0 30 7 * * *", "30 7 L * *", "30 7 * * 1#1", "61 7 * * *", "0 8 31 2 *"])(
  "readCron, %s, names the variable",
  (expression) => {
    expect(() => readCron(expression, "REPORT_CRON")).toThrow(/^REPORT_CRON/);
  },
);
