import { isWithin, readCountBound } from "./count-bound.js";

test.each([
  [">", 3, 3, false],
  [">", 3, 4, true],
  [">=", 3, 3, true],
  ["<", 3, 3, false],
  ["<=", 3, 3, true],
] as const)("isWithin, %s %d with a count of %d, is %s", (comparison, value, count, wanted) => {
  expect(isWithin({ of: "count", comparison, value }, count, 100)).toBe(wanted);
});

test("isWithin, a share that is the bound exactly, is not above it", () => {
  expect(isWithin({ of: "share", comparison: ">", value: 10 }, 3, 30)).toBe(false);
  expect(isWithin({ of: "share", comparison: ">=", value: 10 }, 3, 30)).toBe(true);
});

test("readCountBound, a noun within the bound, is left in the text", () => {
  const text = "pipelines avec 5 échecs ou plus";
  const rest = readCountBound(text)?.places.reduce(
    (left, [start, end]) => left.slice(0, start) + " ".repeat(end - start) + left.slice(end),
    text,
  );
  expect(rest?.replace(/\s+/g, " ").trim()).toBe("pipelines avec échecs");
});
