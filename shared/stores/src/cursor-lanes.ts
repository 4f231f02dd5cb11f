import { parseInstant } from "@flow-rag/kernel";
import { Decimal128, Double, Int32, Long, ObjectId, Timestamp, type Document, type Filter } from "mongodb";

/** Epoch milliseconds of 1990 and 2100: what lies outside is no time of a run. */
const [earliestMs, latestMs] = [Date.UTC(1990, 0, 1), Date.UTC(2100, 0, 1)];
const dayMs = 86_400_000;
const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, "2026-01-31".length);
const seconds = (ms: number): number => Math.floor(ms / 1_000);

/**
 * Values of the cursor field that are of one form and sort as time does. A database compares within a type only, and texts of two forms or
 * seconds and milliseconds have no common order: each lane is read on by itself.
 */
type Lane = {
  /** What a database must find in the field, from `from` (inclusive) on; without one, all of the lane. */
  readonly range: (from?: unknown) => Document;
  /** Whether a value is of the lane, also when it names no instant. */
  readonly holds: (value: unknown) => boolean;
  /** Epoch ms; undefined for a value that is not of the lane or names no instant. */
  readonly read: (value: unknown) => number | undefined;
  /** The value at or before an instant from which everything at or after it sorts. */
  readonly at: (ms: number) => unknown;
};

const isDate = (value: unknown): value is Date => Object.prototype.toString.call(value) === "[object Date]";
const within = (ms: number | undefined): number | undefined => (ms !== undefined && ms >= earliestMs && ms < latestMs ? ms : undefined);

function numberOf(value: unknown): number | undefined {
  if (value instanceof Timestamp) return undefined;
  if (value instanceof Long || value instanceof Int32 || value instanceof Double || value instanceof Decimal128) return Number(value);
  return typeof value === "number" ? value : undefined;
}

const between = (from: unknown, to: unknown, more: Document = {}) => ({
  // A list would be found by what is in it.
  range: (since: unknown = from): Document => ({ $gte: since, $lt: to, $not: { $type: "array" }, ...more }),
});

type Reading = Omit<Lane, "holds">;
const read = (lane: Reading): Lane => ({ ...lane, holds: (value) => lane.read(value) !== undefined });

const epoch = (unitMs: number): Lane =>
  read({
    ...between(earliestMs / unitMs, latestMs / unitMs),
    read: (value) => {
      const number = numberOf(value);
      return number === undefined ? undefined : within(number * unitMs);
    },
    at: (ms) => ms / unitMs,
  });

/** Times of texts need not be sorted within a day, for each may have an offset of its own. */
const text = (form: RegExp, day: (ms: number) => string): Lane => ({
  ...between(day(earliestMs), day(latestMs), { $regex: form.source }),
  holds: (value) => typeof value === "string" && form.test(value),
  read: (value) => (typeof value === "string" && form.test(value) ? within(parseInstant(value, "UTC")?.getTime()) : undefined),
  at: (ms) => day(ms - dayMs),
});

const isoText = /^\d{4}-\d{2}-\d{2}/;
const basicText = /^\d{8}(?:T|$)/;
const digitText = /^\d{10}(?:\d{3})?(?:\.\d{1,9})?$/;

export const lanes = {
  date: read({
    ...between(new Date(earliestMs), new Date(latestMs)),
    read: (value) => (isDate(value) ? within(value.getTime()) : undefined),
    at: (ms) => new Date(ms),
  }),
  timestamp: read({
    ...between(new Timestamp({ t: seconds(earliestMs), i: 0 }), new Timestamp({ t: seconds(latestMs), i: 0 })),
    read: (value) => (value instanceof Timestamp ? within(value.getHighBitsUnsigned() * 1_000) : undefined),
    at: (ms) => new Timestamp({ t: seconds(ms), i: 0 }),
  }),
  objectId: read({
    ...between(ObjectId.createFromTime(seconds(earliestMs)), new ObjectId("ffffffffffffffffffffffff")),
    read: (value) => (value instanceof ObjectId ? within(value.getTimestamp().getTime()) : undefined),
    at: (ms) => ObjectId.createFromTime(seconds(ms)),
  }),
  seconds: epoch(1_000),
  milliseconds: epoch(1),
  text: text(isoText, isoDay),
  basicText: text(basicText, (ms) => isoDay(ms).replaceAll("-", "")),
  /** Of one length in a lifetime; seconds and milliseconds begin alike and sort alike. */
  digits: read({
    ...between("1000000000", String(seconds(latestMs)), { $regex: digitText.source }),
    read: (value) =>
      typeof value === "string" && digitText.test(value) ? within(Number(value) * (/^\d{13}/.test(value) ? 1 : 1_000)) : undefined,
    at: (ms) => String(seconds(ms)),
  }),
} as const satisfies Record<string, Lane>;
export type LaneName = keyof typeof lanes;
export const laneNames = Object.keys(lanes) as LaneName[];

export const laneOf = (value: unknown): LaneName | undefined => laneNames.find((name) => lanes[name].read(value) !== undefined);

/** Epoch ms of a value of the cursor field, whatever its form; undefined when it is no time. */
export function instantOf(value: unknown): number | undefined {
  const name = laneOf(value);
  return name && lanes[name].read(value);
}

/** Records whose cursor field is of no lane: it is not there, it is no time, or one that nothing can be after. */
export const outsideLanes = (path: string): Filter<Document> => ({
  $or: [
    { [path]: null },
    { [path]: { $type: ["object", "array", "binData", "bool", "regex"] } },
    { [path]: { $lt: new Date(earliestMs) } },
    { [path]: { $gte: new Date(latestMs) } },
    { [path]: { $lt: seconds(earliestMs) } },
    { [path]: { $gte: seconds(latestMs), $lt: earliestMs } },
    { [path]: { $gte: latestMs } },
    { [path]: NaN },
    { [path]: { $type: "string", $not: { $regex: `${isoText.source}|${basicText.source}|${digitText.source}` } } },
  ],
});
