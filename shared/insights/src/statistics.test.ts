import fc from "fast-check";
import { medianOf } from "@flow-rag/kernel";
import { benjaminiHochberg, betaBinomialTail, binomialTail, countTail, logGamma, medianDeviation, studentTail } from "./statistics.js";

test("logGamma, factorials and a half, agree with closed forms", () => {
  expect(logGamma(6)).toBeCloseTo(Math.log(120), 10);
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 10);
});

test("betaBinomialTail, a uniform prior, gives every count the same chance", () => {
  expect(betaBinomialTail(3, 4, 1, 1)).toBeCloseTo(2 / 5, 10);
  expect(betaBinomialTail(0, 4, 1, 1)).toBe(1);
});

test("binomialTail, two of three at a half, is a half", () => {
  expect(binomialTail(2, 3, 0.5)).toBeCloseTo(0.5, 10);
});

test("countTail, near Poisson, agrees with its sum and is wider when the past scatters", () => {
  // P(X <= 0) of mean 5 is e^-5; two-sided.
  expect(countTail(0, 5, 1)).toBeCloseTo(2 * Math.exp(-5), 3);
  expect(countTail(0, 5, 3)).toBeGreaterThan(countTail(0, 5, 1));
  expect(countTail(5, 5, 1)).toBe(1);
});

test("benjaminiHochberg, the example of the paper, keeps its four", () => {
  const pValues = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1];
  expect([...benjaminiHochberg(pValues, 0.05)]).toEqual([0, 1, 2, 3]);
  expect(benjaminiHochberg([0.9, 0.8], 0.1).size).toBe(0);
});

test("medians, even and odd numbers, are those in the middle", () => {
  expect(medianOf([1, 2, 3, 10])).toBe(2.5);
  expect(medianDeviation(Float64Array.of(1, 2, 3, 10))).toBe(1);
  expect(medianOf([])).toBe(0);
});

test("medianDeviation, any numbers, is the median of their sorted distances", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1 }), (numbers) => {
      const sorted = Float64Array.from(numbers).sort();
      const median = medianOf(sorted);
      expect(medianDeviation(sorted)).toBe(medianOf(sorted.map((value) => Math.abs(value - median)).sort()));
    }),
  );
});

test.each([
  [12, 6.912964584664744e-3],
  [60, 1.97024794197865e-28],
  [100, 2.220235372239818e-53],
])("countTail, %i where 4 are usual, agrees with an exact sum although one less the rest has no digits left", (count, exact) => {
  expect(countTail(count, 4, 1.25) / exact).toBeCloseTo(1, 8);
});

test.each([
  [2.5, 7, 0.02049610929287645],
  [10, 21, 9.68711993030903e-10],
  [0.3, 1.5, 0.4002360984017924],
])("studentTail, t = %d with %d degrees of freedom, agrees with the exact value", (t, freedom, exact) => {
  expect(studentTail(t, freedom) / exact).toBeCloseTo(1, 10);
  expect(studentTail(-t, freedom)).toBeCloseTo(1 - exact, 10);
});

test("benjaminiHochberg, a p-value that is no number, keeps the others as if it were 1", () => {
  expect([...benjaminiHochberg([Number.NaN, 0.001, 0.9, 0.8], 0.1)]).toEqual([1]);
  expect(benjaminiHochberg([Number.NaN, 0.04, 0.9, 0.8], 0.1).size).toBe(0);
});
