import { readWrittenDate, type DayOrder } from "./written-date.js";

/** What a text says: its order, and the readings as ISO text (with the offset where it names one). */
function reading(text: string): string {
  const written = readWrittenDate(text);
  if (!written) return "nothing";
  const orders: DayOrder[] = written.order === "either" ? ["dmy", "mdy"] : [written.order === "mdy" ? "mdy" : "dmy"];
  const times = orders.map((order) => {
    const time = written.as(order);
    const offset = time?.offsetMinutes === undefined ? "" : ` ${time.offsetMinutes >= 0 ? "+" : ""}${time.offsetMinutes}`;
    return time ? new Date(time.localMs).toISOString().slice(0, 19) + offset : "none";
  });
  return `${written.order}: ${times.join(" | ")}`;
}

test.each([
  ["29/11/2026 10:00", "dmy: 2026-11-29T10:00:00"],
  ["29/11/2026 10:00:05", "dmy: 2026-11-29T10:00:05"],
  ["29/11/2026", "dmy: 2026-11-29T00:00:00"],
  ["29/11/26 9:05", "dmy: 2026-11-29T09:05:00"],
  ["29.11.2026 10:00:05,123", "dmy: 2026-11-29T10:00:05"],
  ["3.4.2026 10:00", "dmy: 2026-04-03T10:00:00"],
  ["29-11-2026 10h05", "dmy: 2026-11-29T10:05:00"],
  ["29/11/2026 à 10 h 05", "dmy: 2026-11-29T10:05:00"],
  ["29/11/2026\u00a010:00", "dmy: 2026-11-29T10:00:00"],
  ["03/04/2026 10:00", "either: 2026-04-03T10:00:00 | 2026-03-04T10:00:00"],
  ["04/04/2026", "either: 2026-04-04T00:00:00 | 2026-04-04T00:00:00"],
  ["11/29/2026 3:05 PM", "mdy: 2026-11-29T15:05:00"],
  ["11/29/2026 12:00 AM", "mdy: 2026-11-29T00:00:00"],
  ["20260310021500", "named: 2026-03-10T02:15:00"],
  ["202603100215", "named: 2026-03-10T02:15:00"],
  ["20260310 021500", "named: 2026-03-10T02:15:00"],
  ["20260310T0215", "named: 2026-03-10T02:15:00"],
  ["20261310021500", "nothing"],
  ["20260310026100", "nothing"],
  ["29 nov. 2026 10:00", "named: 2026-11-29T10:00:00"],
  ["29 novembre 2026 à 10 h 00", "named: 2026-11-29T10:00:00"],
  ["dimanche 29 novembre 2026 10:00", "named: 2026-11-29T10:00:00"],
  ["dim. 29 nov. 2026 10:00", "named: 2026-11-29T10:00:00"],
  ["1er déc. 2026 08:00", "named: 2026-12-01T08:00:00"],
  ["2 août 2026", "named: 2026-08-02T00:00:00"],
  ["3 févr. 2026 07:01", "named: 2026-02-03T07:01:00"],
  ["Nov 29, 2026 10:00:00 AM", "named: 2026-11-29T10:00:00"],
  ["November 29, 2026, 10:00 PM", "named: 2026-11-29T22:00:00"],
  ["Sun, 29 Nov 2026 10:00:00 +0100", "named: 2026-11-29T10:00:00 +60"],
  ["Sun, 29 Nov 2026 10:00:00 GMT", "named: 2026-11-29T10:00:00 +0"],
  ["Sun Nov 29 10:00:00 CET 2026", "named: 2026-11-29T10:00:00 +60"],
  ["29-NOV-26 10.00.05", "named: 2026-11-29T10:00:05"],
  ["29-NOV-26 10.00.05.123456 PM", "named: 2026-11-29T22:00:05"],
  ["29/11/2026 10:00 Europe", "nothing"],
  ["31/02/2026", "nothing"],
  ["29/13/2026", "nothing"],
  ["29/11/2026 25:00", "nothing"],
  ["29 brumaire 2026", "nothing"],
  ["2026-11-29T10:00:00Z", "nothing"],
  ["demain", "nothing"],
  ["", "nothing"],
  ["1".repeat(100_000), "nothing"],
])("readWrittenDate, %j, is %s", (text, expected) => {
  expect(reading(text)).toBe(expected);
});
