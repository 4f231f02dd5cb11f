import { Decimal128, Long, ObjectId, Timestamp } from "mongodb";
import { instantOf, laneOf, type LaneName } from "./cursor-lanes.js";
import { comparePlaces, cursorInstant, isLaterThan, readCursor, rewound, type Place } from "./cursor-value.js";

const now = new Date("2026-05-06T08:00:00Z");
const hour = 3_600_000;

const utc = (ms: number) => new Date(ms).toISOString();
const forms: readonly [LaneName, value: unknown, ms: number][] = [
  ["date", now, now.getTime()],
  ["milliseconds", now.getTime(), now.getTime()],
  ["milliseconds", Long.fromNumber(now.getTime()), now.getTime()],
  ["seconds", now.getTime() / 1_000, now.getTime()],
  ["seconds", Decimal128.fromString(String(now.getTime() / 1_000)), now.getTime()],
  ["text", utc(now.getTime()), now.getTime()],
  ["text", "2026-05-06 10:00:00+02:00", now.getTime()],
  ["basicText", "20260506T080000Z", now.getTime()],
  ["digits", String(now.getTime() / 1_000), now.getTime()],
  ["digits", String(now.getTime()), now.getTime()],
  ["timestamp", new Timestamp({ t: now.getTime() / 1_000, i: 7 }), now.getTime()],
  ["objectId", ObjectId.createFromTime(now.getTime() / 1_000), now.getTime()],
];

test.each(forms)("cursors, a time of the lane %s (%s), is read, rewound in its own form and bounded by the clock", (lane, at, ms) => {
  const cursor = { places: { [lane]: { at, id: "a" } } };
  expect([laneOf(at), instantOf(at), cursorInstant(cursor)?.getTime()]).toEqual([lane, ms, ms]);
  const back = rewound(cursor, hour).places[lane];
  expect([laneOf(back?.at), back?.id]).toEqual([lane, null]);
  expect(cursorInstant({ places: { [lane]: back } })?.getTime()).toBeLessThanOrEqual(ms - hour);
  expect(comparePlaces(back as Place, { at, id: "a" })).toBeLessThan(0);
  expect([isLaterThan(at, new Date(ms)), isLaterThan(at, new Date(ms - 1_000))]).toEqual([false, true]);
});

test.each([null, undefined, "soon", "29/11/2026", "2026-99-99", 7, NaN, Infinity, new Date(NaN), new Date(0), true, [now], { now }, -1])(
  "cursors, %p, is the time of no lane",
  (value) => {
    expect([laneOf(value), isLaterThan(value, now)]).toEqual([undefined, false]);
    expect(rewound({ places: { date: { at: value, id: null } } }, hour)).toEqual({ places: {} });
  },
);

test("readCursor, a place of before there were lanes, stands in the lane of its value", () => {
  expect(readCursor({ at: now, id: "a" })).toEqual({ places: { date: { at: now, id: "a" } } });
  expect([readCursor(null), readCursor({ at: null, id: "a" })]).toEqual([null, null]);
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
