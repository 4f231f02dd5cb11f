import type { DurationUnit, SourceRecord } from "@flow-rag/contracts";
import { medianOf } from "@flow-rag/kernel";
import { elapsedMs, isAbsent } from "./normalise-record.js";
import { readDuration } from "./read-duration.js";
import { readNumber } from "./read-number.js";

/** What is odd about the durations of some records. */
export type DurationDoubt = {
  /** Records whose duration is there and could not be read. */
  readonly unread: number;
  /** The unit that the numbers seem to be in; undefined when nothing speaks against the one that is set. */
  readonly looksLike?: DurationUnit;
  /** Whether start and end say so, or the numbers alone. */
  readonly because?: "elapsed" | "small";
};

const unitMs: Readonly<Record<DurationUnit, number>> = { ns: 1e-6, us: 1e-3, ms: 1, s: 1_000, min: 60_000, h: 3_600_000 };
/** A pipeline's durations in ms are seldom all so short and told to the fraction. */
const smallMs = 5_000;
/** How far start and end may be off from a whole factor: waiting in a queue is often counted by one of them only. */
const tolerance = 0.25;

/** Whether the durations of a sample are what they are taken for. `zone` is that of instants without an offset. */
export function doubtDurations(records: readonly SourceRecord[], { zone }: { zone: string }): DurationDoubt | undefined {
  const given = records.map(({ fields }) => fields).filter(({ durationMs }) => !isAbsent(durationMs));
  const unitOf = (fields: SourceRecord["fields"]) => (fields.durationUnit ?? "ms") as DurationUnit;
  const unread = given.filter((fields) => readDuration(fields.durationMs, unitOf(fields)) === null).length;
  const counted = given.filter((fields) => !Number.isNaN(readNumber(fields.durationMs)));
  const factors = counted.flatMap((fields) => {
    const [own, elapsed] = [readNumber(fields.durationMs), elapsedMs(fields.startedAt, fields.endedAt, zone)];
    return own > 0 && elapsed !== null && elapsed > 0 ? [elapsed / own] : [];
  });
  const told = factors.length > 0 ? unitNear(medianOf(Float64Array.from(factors).sort())) : undefined;
  if (told !== undefined && counted.some((fields) => unitOf(fields) !== told)) return { unread, looksLike: told, because: "elapsed" };
  const numbers = counted.filter(({ durationUnit }) => durationUnit === undefined).map(({ durationMs }) => readNumber(durationMs));
  const fractions = numbers.filter((number) => !Number.isInteger(number)).length;
  const isSmall = numbers.length > 0 && fractions * 2 >= numbers.length && numbers.every((number) => number < smallMs);
  if (isSmall && told === undefined) return { unread, looksLike: "s", because: "small" };
  return unread > 0 ? { unread } : undefined;
}

const unitNear = (factor: number): DurationUnit | undefined =>
  (Object.keys(unitMs) as DurationUnit[]).find((unit) => Math.abs(factor / unitMs[unit] - 1) <= tolerance);

/** For operators, in English; `path` is where the duration stands. */
export function durationDoubtText({ unread, looksLike, because }: DurationDoubt, path: string): string[] {
  const setting = (unit: DurationUnit): string => `{"durationMs":{"path":${JSON.stringify(path)},"unit":"${unit}"}}`;
  const names: Readonly<Record<DurationUnit, string>> = {
    ns: "nanoseconds",
    us: "microseconds",
    ms: "milliseconds",
    s: "seconds",
    min: "minutes",
    h: "hours",
  };
  return [
    ...(looksLike === undefined
      ? []
      : [
          `durations look like ${names[looksLike]}${because === "elapsed" ? ", going by start and end" : ""}: set SOURCE_FIELDS=${setting(looksLike)}` +
            (because === "small" ? ', or the unit "ms" if they are right' : ""),
        ]),
    ...(unread > 0
      ? [
          `${unread} ${unread === 1 ? "duration" : "durations"} of the sample could not be read: docs/SOURCES.md says how they may be written`,
        ]
      : []),
  ];
}
