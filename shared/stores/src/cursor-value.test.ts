import { Long, ObjectId } from "mongodb";
import { comparePlaces, earlier, isLaterThan } from "./cursor-value.js";

const now = new Date("2026-05-06T08:00:00Z");
const hour = 3_600_000;

test.each([
  ["a date", now, new Date("2026-05-06T07:00:00Z")],
  ["epoch milliseconds", now.getTime(), now.getTime() - hour],
  ["epoch seconds", now.getTime() / 1_000, now.getTime() / 1_000 - 3_600],
  ["ISO text", "2026-05-06T00:10:00Z", "2026-05-05"],
  ["text with a space", "2026-05-06 00:10", "2026-05-05"],
  ["text that is no time", "soon", null],
  ["nothing", null, null],
])("earlier, %s, gives a value of the same kind an hour or more before", (_situation, value, expected) => {
  expect(earlier(value, hour)).toEqual(expected);
});

test.each([
  ["a date ahead", new Date("2099-01-01"), true],
  ["a date that is reached", now, false],
  ["seconds ahead", 4_070_908_800, true],
  ["milliseconds reached", now.getTime(), false],
  ["text ahead", "2099-01-01T00:00:00Z", true],
  ["nothing", null, false],
])("isLaterThan, %s, is judged by the clock", (_situation, value, expected) => {
  expect(isLaterThan(value, now)).toBe(expected);
});

test("comparePlaces, values of every type, sorts as MongoDB does", () => {
  const inOrder = [
    null,
    -1,
    2,
    "a",
    "b",
    new ObjectId("000000000000000000000001"),
    new ObjectId("000000000000000000000002"),
    false,
    true,
    new Date(0),
    new Date(1),
  ];
  const places = inOrder.map((at) => ({ at, id: null }));
  expect(places.toReversed().sort(comparePlaces)).toEqual(places);
});

test("comparePlaces, the same instant, is decided by the id, and a number by its value whatever its type", () => {
  expect(comparePlaces({ at: now, id: "a" }, { at: now, id: "b" })).toBeLessThan(0);
  expect(comparePlaces({ at: now, id: null }, { at: now, id: "a" })).toBeLessThan(0);
  expect(comparePlaces({ at: Long.fromNumber(7), id: 1 }, { at: 7, id: 1 })).toBe(0);
});
