import { cleanLine } from "@flow-rag/kernel";
import { fitLines, niceCeiling } from "./svg.js";

test("labels, a name that is too long for one line, has two that keep its beginning and its end", () => {
  expect(fitLines("orders-daily", 174, 15)).toEqual(["orders-daily"]);
  expect(fitLines("Parzival (Redirect to parzival.unibe.ch)", 174, 12)).toEqual(["Parzival (Redirect to", "parzival.unibe.ch)"]);
  const lines = fitLines(`begin-${"x".repeat(300)}-end`, 174, 13);
  expect(lines).toHaveLength(2);
  expect(lines.join("")).toMatch(/^begin-x+…x+-end$/);
  expect(lines.every((line) => line.length <= 22)).toBe(true);
});

test.each([
  [0.5, 1],
  [14, 15],
  [15.1, 20],
  [1_154, 1_500],
  [99_999, 100_000],
])("axis, failures up to %d, ends at the round number %d", (value, end) => {
  expect(niceCeiling(value)).toBe(end);
});

test("a line of a record, accents piled up on its characters, keeps three of each", () => {
  expect(cleanLine(`z${"\u0300".repeat(40)}algo e\u0301`, 80)).toBe(`z${"\u0300".repeat(3)}algo e\u0301`);
});
