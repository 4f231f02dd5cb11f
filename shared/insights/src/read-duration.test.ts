import fc from "fast-check";
import { readDuration } from "./read-duration.js";

test.each([
  [125.4, "s", 125_400],
  ["125,4", "s", 125_400],
  [2.5, "min", 150_000],
  [1_500_000, "us", 1_500],
  [2e9, "ns", 2_000],
  [1.5, "h", 5_400_000],
  ["12345,6", "ms", 12_346],
  ["12 345,6", "ms", 12_346],
  ["12\u202f345", "ms", 12_345],
  ["12,345.6", "ms", 12_346],
  ["1.234.567", "ms", 1_234_567],
  ["1.234,5", "ms", 1_235],
  ["1'234", "ms", 1_234],
  ["PT2M5.5S", "s", 125_500],
  ["P1DT1H", "ms", 90_000_000],
  ["pt0,5s", "ms", 500],
  ["00:02:05", "ms", 125_000],
  ["26:00:00", "ms", 93_600_000],
  ["00:00:01.250", "s", 1_250],
  ["1.02:03:04", "ms", 93_784_000],
  ["2 days, 3:04:05", "ms", 183_845_000],
  ["3 min 20 s", "ms", 200_000],
  ["1h2m3s", "ms", 3_723_000],
  ["45 secondes", "ms", 45_000],
  ["150ms", "s", 150],
  ["1,5 s", "ms", 1_500],
  [{ $numberLong: "90" }, "s", 90_000],
] as const)("readDuration, %j in %s, is %d ms", (raw, unit, expected) => {
  expect(readDuration(raw, unit)).toBe(expected);
});

test.each(["12,345", "05:30", "P1Y", "P", "PT", "fast", "1 parsec", "-5", "1:75:00", "", " ", "1e3", "0x10", "ms"])(
  "readDuration, %j, may be read in two ways or in none and is null",
  (raw) => expect(readDuration(raw)).toBeNull(),
);

test("readDuration, any text or number, gives null or a whole number of ms that is not negative", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.double(), fc.string({ unit: fc.constantFrom(..."0123456789.,: hmsPTd'") })), (raw) => {
      const ms = readDuration(raw, "h");
      expect(ms === null || (Number.isSafeInteger(ms) && ms >= 0)).toBe(true);
    }),
  );
});
