import type { SourceRecord } from "@flow-rag/contracts";
import { doubtDurations, durationDoubtText } from "./doubt-durations.js";

const of = (...fields: readonly SourceRecord["fields"][]) =>
  doubtDurations(
    fields.map((own, index) => ({ source: "flows", recordId: String(index), fields: own })),
    { zone: "UTC" },
  );
const [startedAt, endedAt] = ["2026-11-29T10:00:00Z", "2026-11-29T10:02:05Z"];

test.each([
  ["dbt's seconds", [{ durationMs: 125.4 }], { unread: 0, looksLike: "s", because: "small" }],
  ["most of them fractions under 5,000", [{ durationMs: 3.2 }, { durationMs: 12 }, { durationMs: "4,5" }], { looksLike: "s" }],
  ["a thousandth of what start and end say", [{ durationMs: 125, startedAt, endedAt }], { looksLike: "s", because: "elapsed" }],
  ["minutes by start and end", [{ durationMs: 2.1, startedAt, endedAt }], { looksLike: "min" }],
  ["a unit that start and end speak against", [{ durationMs: 125_000, durationUnit: "s", startedAt, endedAt }], { looksLike: "ms" }],
  ["a text that may be read in two ways", [{ durationMs: "12,345" }], { unread: 1 }],
])("doubtDurations, %s, are pointed out", (_case, fields, expected) => {
  expect(of(...fields)).toMatchObject(expected);
});

test.each([
  ["milliseconds", [{ durationMs: 125_400 }, { durationMs: 90.5 }]],
  ["whole milliseconds under 5,000", [{ durationMs: 12 }, { durationMs: 480 }]],
  ["a unit that was set", [{ durationMs: 12.5, durationUnit: "ms" }]],
  ["what start and end agree with", [{ durationMs: 125_000, startedAt, endedAt }]],
  ["small fractions that start and end agree with", [{ durationMs: 1_500.5, startedAt, endedAt: "2026-11-29T10:00:01.5Z" }]],
  ["texts with a unit of their own", [{ durationMs: "PT2M" }, { durationMs: "00:00:03.5" }]],
  ["none", [{}, { durationMs: null }]],
])("doubtDurations, %s, are no doubt", (_case, fields) => {
  expect(of(...fields)).toBeUndefined();
});

test("durationDoubtText, a unit, is said as the setting that mends it", () => {
  expect(durationDoubtText({ unread: 2, looksLike: "s", because: "small" }, "execution_time")).toEqual([
    'durations look like seconds: set SOURCE_FIELDS={"durationMs":{"path":"execution_time","unit":"s"}}, or the unit "ms" if they are right',
    "2 durations of the sample could not be read: docs/SOURCES.md says how they may be written",
  ]);
});
