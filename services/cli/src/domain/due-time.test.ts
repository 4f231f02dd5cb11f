import { dueTime } from "./due-time.js";

test.each([
  ["30 7 * * *", "07:30"],
  ["45 7 * * 1", "07:45"],
  ["0 18 * * 1-5", "18:00"],
  ["5,35 9,6-8 * * *", "06:05"],
  ["off", "07:30"],
  ["*/10 * * * *", "07:30"],
])("due time, the cron expression %s, is %s", (expression, time) => {
  expect(dueTime(expression)).toBe(time);
});
