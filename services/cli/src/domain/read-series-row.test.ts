import { csvField, numberOf, readDelimiter, readLayout } from "./read-series-row.js";

test.each<[string, string[], string[], ReturnType<typeof readLayout>]>([
  ["the usual header", ["timestamp", "value"], ["t", "1"], { columns: { timestamp: 0, value: 1 }, isHeader: true }],
  ["columns in another order", ["value", "Timestamp", "label"], ["1", "t", "x"], { columns: { timestamp: 1, value: 0 }, isHeader: true }],
  ["other names", ["date", "cpu"], ["2026-01-01", "3"], { columns: { timestamp: 0, value: 1 }, isHeader: true }],
  ["a label before the number", ["date", "host", "cpu"], ["2026-01-01", "a", "3"], { columns: { timestamp: 0, value: 2 }, isHeader: true }],
  ["the instant last", ["cpu", "time"], ["3", "2026-01-01"], { columns: { timestamp: 1, value: 0 }, isHeader: true }],
  ["no header", ["2026-01-01", "1.5"], [], { columns: { timestamp: 0, value: 1 }, isHeader: false }],
  ["no header and epoch instants", ["1700000000", "7"], [], { columns: { timestamp: 0, value: 1 }, isHeader: false }],
  ["no header and a gap first", ["2026-01-01", ""], ["2026-01-02", "4"], { columns: { timestamp: 0, value: 1 }, isHeader: false }],
  ["no header and NaN first", ["2026-01-01", "NaN"], ["2026-01-02", "4"], { columns: { timestamp: 0, value: 1 }, isHeader: false }],
  ["one column of numbers", ["1"], ["2"], { columns: { timestamp: 0, value: 0 }, isHeader: false }],
  ["one column with a name", ["load"], ["2"], { columns: { timestamp: 0, value: 0 }, isHeader: true }],
  ["a header alone", ["timestamp", "cpu"], [], { columns: { timestamp: 0, value: 1 }, isHeader: true }],
])("readLayout, %s, finds the columns", (_situation, first, second, layout) => {
  expect(readLayout(first, second)).toEqual(layout);
});

test.each([
  ["a;b;c", ";"],
  ["a\tb", "\t"],
  ["2026-01-01 00:00,1", ","],
  ["1", ","],
  ["", ","],
])("readDelimiter, %j, is %j", (line, delimiter) => {
  expect(readDelimiter(line)).toBe(delimiter);
});

test.each([
  ["plain", "plain"],
  ["a,b", '"a,b"'],
  ['x "y"', '"x ""y"""'],
  ["two\nlines", '"two\nlines"'],
])("csvField, %j, is read back as it is", (text, field) => {
  expect(csvField(text)).toBe(field);
});

test.each([
  ["", NaN],
  [" ", NaN],
  ["1e3", 1_000],
  [" -2.5 ", -2.5],
  ["1,5", NaN],
])("numberOf, %j, is %d", (text, number) => {
  expect(numberOf(text)).toBe(number);
});
