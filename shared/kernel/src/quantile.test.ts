import fc from "fast-check";
import { medianOf, quantileOf } from "./quantile.js";

test.each([
  [[1, 2, 3, 10], 0.5, 2],
  [[1, 2, 3, 10], 0.95, 10],
  [Array.from({ length: 20 }, (_, index) => index + 1), 0.95, 19],
  [Array.from({ length: 100 }, (_, index) => index + 1), 0.07, 7],
  [[1, 2, 3], 0, 1],
  [[], 0.9, 0],
])("quantileOf, %j at %d, is %d", (sorted, share, expected) => {
  expect(quantileOf(sorted, share)).toBe(expected);
});

test("quantileOf, any numbers and share, is the least that so many do not exceed", () => {
  const percent = fc.integer({ min: 1, max: 100 });
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), percent, (numbers, share) => {
      const sorted = numbers.sort((a, b) => a - b);
      const value = quantileOf(sorted, share / 100);
      const upTo = (limit: number): number => sorted.filter((number) => number <= limit).length * 100;
      expect(upTo(value)).toBeGreaterThanOrEqual(share * sorted.length);
      expect(sorted.filter((number) => number < value).length * 100).toBeLessThan(share * sorted.length);
    }),
  );
});

test("medianOf, an odd number, an even one and none, is what stands in the middle", () => {
  expect([medianOf([1, 2, 4]), medianOf([1, 2, 4, 9]), medianOf([])]).toEqual([2, 3, 0]);
});
