import fc from "fast-check";
import { DateTime, firstInstantAt, localTimeAt, parseInstant, startOfLocalDay } from "./calendar.js";
import { AppError } from "./errors.js";

const paris = "Europe/Paris";
const read = (text: string, zone = paris): string | undefined => parseInstant(text, zone)?.toISOString();

test.each([
  ["an offset", "2026-05-05T07:25:00+02:00", "2026-05-05T05:25:00.000Z"],
  ["Z and milliseconds", "2026-05-05T07:25:00.123Z", "2026-05-05T07:25:00.123Z"],
  ["microseconds, which are cut", "2026-05-05 07:25:00.123999", "2026-05-05T05:25:00.123Z"],
  ["a short offset", "2026-05-05T07:25-03", "2026-05-05T10:25:00.000Z"],
  ["UTC spelled out", "2026-05-05 07:25:00 UTC", "2026-05-05T07:25:00.000Z"],
  ["no offset", "2026-05-05 07:25:00", "2026-05-05T05:25:00.000Z"],
  ["a date alone", "2026-05-05", "2026-05-04T22:00:00.000Z"],
  ["the basic form", "20260105T072500Z", "2026-01-05T07:25:00.000Z"],
  ["midnight as 24:00", "2026-05-05T24:00", "2026-05-05T22:00:00.000Z"],
])("parseInstant, %s, gives the instant", (_case, text, expected) => {
  expect(read(text)).toBe(expected);
});

test.each([
  "",
  "yesterday",
  "2026-02-30",
  "2026-13-01",
  "2026-05-05T25:00",
  "2026-05-05T07:60",
  "05/05/2026",
  "2026-05-05T07:25+25:00",
  "0000-00-00",
])("parseInstant, %j, gives undefined", (text) => {
  expect(read(text)).toBeUndefined();
});

test("parseInstant, the hour that the spring change skips, moves on by one hour", () => {
  expect(read("2027-03-28T02:30")).toBe(read("2027-03-28T03:30"));
  expect(read("2027-03-28T02:30")).toBe("2027-03-28T01:30:00.000Z");
});

test("parseInstant, the hour that the autumn change repeats, gives its first occurrence", () => {
  expect(read("2026-10-25T02:30")).toBe("2026-10-25T00:30:00.000Z");
  expect(read("2026-10-25T01:59")).toBe("2026-10-24T23:59:00.000Z");
  expect(read("2026-10-25T03:00")).toBe("2026-10-25T02:00:00.000Z");
});

test("parseInstant, an unknown zone, is misconfigured", () => {
  expect(() => parseInstant("2026-05-05", "Europe/Nowhere")).toThrow(AppError);
});

test.each([
  ["a summer day", "2026-05-05T21:59:59Z", paris, "2026-05-04T22:00:00.000Z"],
  ["a minute past local midnight", "2026-05-05T22:01:00Z", paris, "2026-05-05T22:00:00.000Z"],
  ["the 25-hour day, late", "2026-10-25T22:30:00Z", paris, "2026-10-24T22:00:00.000Z"],
  ["the 23-hour day, late", "2027-03-28T21:30:00Z", paris, "2027-03-27T23:00:00.000Z"],
  ["a day whose midnight is skipped", "2026-04-24T10:00:00Z", "Africa/Cairo", "2026-04-23T22:00:00.000Z"],
  ["a day whose midnight happens twice", "2026-11-01T17:00:00Z", "America/Havana", "2026-11-01T04:00:00.000Z"],
])("startOfLocalDay, %s, gives the day's first instant", (_case, instant, zone, expected) => {
  expect(startOfLocalDay(new Date(instant), zone).toISOString()).toBe(expected);
});

test.each([
  ["a reading that happens once", "2026-05-05T07:25:10Z", paris, "2026-05-05T05:25:10.000Z"],
  ["a reading that happens twice", "2026-10-25T02:30:00Z", paris, "2026-10-25T00:30:00.000Z"],
  ["a reading that the clocks skip", "2027-03-28T02:30:20Z", paris, "2027-03-28T01:00:00.000Z"],
  ["a midnight that the clocks skip", "2026-04-24T00:00:00Z", "Africa/Cairo", "2026-04-23T22:00:00.000Z"],
  ["a zone that never changes", "2026-05-05T00:00:00Z", "Asia/Kolkata", "2026-05-04T18:30:00.000Z"],
])("firstInstantAt, %s, gives the first instant with it or after it", (_case, reading, zone, expected) => {
  expect(firstInstantAt(Date.parse(reading), zone).toISOString()).toBe(expected);
});

// St John's changed its clocks at 00:01, Lord Howe changes them by half an hour.
const zones = [paris, "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Monrovia", "UTC"];
const aroundChange = Date.parse("2010-11-07T02:31:00Z");

test("localTimeAt, any instants of any zones in any order, shows what the zone's clock shows", () => {
  const instants = fc.oneof(
    fc.integer({ min: Date.UTC(1960), max: Date.UTC(2040) }),
    fc.integer({ min: aroundChange - 120_000, max: aroundChange + 120_000 }),
  );
  fc.assert(
    fc.property(instants, fc.constantFrom(...zones), (instant, zone) => {
      const { year, month, day, hour, minute, second, millisecond } = DateTime.fromMillis(instant, { zone });
      return localTimeAt(new Date(instant), zone) === Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
    }),
    { numRuns: 3_000 },
  );
});
