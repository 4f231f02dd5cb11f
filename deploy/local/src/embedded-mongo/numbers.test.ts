import { Decimal128, Double, Int32, Long } from "bson";
import fc from "fast-check";
import { arithmetic, compareNumbers, numberKey, type Numeric } from "./numbers.js";

const big = "9007199254740993";

test.each<[string, Numeric, Numeric, number]>([
  ["int and double", new Int32(1), new Double(1.5), -1],
  ["a long beyond doubles and its rounding", Long.fromString(big), Number(big), 1],
  ["decimal and double 0.1", Decimal128.fromString("0.1"), 0.1, -1],
  ["decimal and double 0.5", Decimal128.fromString("0.50"), 0.5, 0],
  ["decimals of other scale", Decimal128.fromString("1E+2"), Decimal128.fromString("100.00"), 0],
  ["infinity and a decimal", Infinity, Decimal128.fromString("1E+400"), 1],
  ["NaN and minus infinity", NaN, -Infinity, -1],
  ["NaN and NaN", NaN, new Double(NaN), 0],
  ["the two zeros", -0, 0, 0],
])("compareNumbers, %s, is exact", (_name, a, b, expected) => {
  expect([Math.sign(compareNumbers(a, b)), Math.sign(compareNumbers(b, a)) + 0]).toEqual([expected, -expected + 0]);
  expect(numberKey(a) === numberKey(b)).toBe(expected === 0);
});

test("numberKey, any two numbers, is equal exactly when they are", () => {
  const number = fc.oneof(
    fc.double(),
    fc.integer().map((value) => new Int32(value)),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => Long.fromBigInt(value)),
    fc.tuple(fc.integer(), fc.integer({ min: -20, max: 20 })).map(([digits, power]) => Decimal128.fromString(`${digits}E${power}`)),
  );
  fc.assert(fc.property(number, number, (a: Numeric, b: Numeric) => (numberKey(a) === numberKey(b)) === (compareNumbers(a, b) === 0)));
});

test.each<["add" | "multiply", Numeric, Numeric, string | undefined, string | undefined]>([
  ["add", new Int32(1), new Int32(2), "Int32", "3"],
  ["add", new Int32(2 ** 31 - 1), new Int32(1), "Long", "2147483648"],
  ["multiply", Long.fromNumber(3), new Int32(2), "Long", "6"],
  ["add", new Int32(1), new Double(0.5), "Double", "1.5"],
  ["add", Long.MAX_VALUE, new Int32(1), undefined, undefined],
  ["add", Decimal128.fromString("1"), new Int32(1), undefined, undefined],
])("arithmetic, %s of %p and %p, widens as MongoDB does", (operation, a, b, type, text) => {
  const result = arithmetic(operation, a, b);
  expect([result?._bsontype, result?.toString()]).toEqual([type, text]);
});
