import fc from "fast-check";
import { createSeriesDetector } from "./series-detector.js";

const scoresOf = (values: readonly number[]): number[] => {
  const detector = createSeriesDetector();
  return values.map((value) => detector.score(value));
};
/** A wave without chance: 100 and a little. */
const usual = (length: number): number[] => Array.from({ length }, (_, index) => 100 + 10 * Math.sin(index / 7) + (index % 3));

test.each([2, 5, 0.2])("series detector, a value %d times the usual, scores 0.5 or more and the rows before it do not", (factor) => {
  const scores = scoresOf([...usual(400), 100 * factor]);
  expect(scores.at(-1)).toBeGreaterThanOrEqual(0.5);
  expect(Math.max(...scores.slice(0, -1))).toBeLessThan(0.5);
});

test("series detector, a constant series and a change under a twentieth, scores 0", () => {
  expect(Math.max(...scoresOf([...Array<number>(300).fill(60), 62, 60, 61]))).toBe(0);
});

test("series detector, an alert that goes on, scores once", () => {
  const scores = scoresOf([...usual(400), ...Array<number>(50).fill(500)]);
  expect(scores.slice(400).filter((score) => score >= 0.5)).toHaveLength(1);
});

test("series detector, a short past, scores 0", () => {
  expect(Math.max(...scoresOf([...usual(20), 10_000]))).toBe(0);
});

test("series detector, numbers at the ends of their range, scores from 0 to 1", () => {
  const scores = scoresOf(
    Array.from({ length: 400 }, (_, index) => (index % 2 === 0 ? -Number.MAX_VALUE : Number.MAX_VALUE) * (index < 300 ? 1e-3 : 1)),
  );
  expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
});

test("series detector, any numbers, scores from 0 to 1 and what comes later changes nothing", () => {
  const values = fc.array(fc.double(), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(values, values, (past, future) => {
      const scores = scoresOf(past);
      expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
      expect(scoresOf([...past, ...future]).slice(0, past.length)).toEqual(scores);
    }),
    { numRuns: 50 },
  );
});
