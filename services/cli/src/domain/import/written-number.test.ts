import { decimalSignIn, readWrittenNumber } from "./written-number.js";

test.each([
  ["12345,6", ",", 12_345.6],
  ["12,5", ",", 12.5],
  ["0,125", ",", 0.125],
  ["1 234,5", ",", 1_234.5],
  ["1\u202f234\u00a0567,25", ",", 1_234_567.25],
  ["1.234.567,5", ",", 1_234_567.5],
  ["1,234,567.5", ".", 1_234_567.5],
  ["12.5", ".", 12.5],
  ["1'234.5", ".", 1_234.5],
] as const)("decimalSignIn, %j, shows %j, and the number is read", (text, sign, value) => {
  expect([decimalSignIn(text), readWrittenNumber(text, sign)]).toEqual([sign, value]);
});

test("decimalSignIn, 12,345, may be both, and is read as told", () => {
  expect([decimalSignIn("12,345"), readWrittenNumber("12,345", ","), readWrittenNumber("12,345", ".")]).toEqual(["either", 12.345, 12_345]);
});

test.each(["", "12", "abc", "1,2,3", "12 s", "--", "1.2.3"])("decimalSignIn, %j, shows none", (text) => {
  expect(decimalSignIn(text)).toBe("none");
});
