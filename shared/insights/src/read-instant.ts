import { parseInstant } from "@flow-rag/kernel";

const earliestMs = Date.UTC(1990, 0, 1);
const latestMs = Date.UTC(2100, 0, 1);

const plausible = (ms: number): Date | undefined => (ms >= earliestMs && ms < latestMs ? new Date(ms) : undefined);

/** Seconds or milliseconds, told apart by size: the two ranges for 1990 to 2100 do not overlap. */
const fromEpoch = (value: number): Date | undefined => plausible(Math.round(value)) ?? plausible(Math.round(value * 1_000));

/** `{"$date": …}` and `{"$numberLong": "…"}` of mongoexport, unwrapped; anything else as it is. */
export function unwrapExtendedJson(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Date) return value;
  const entries = Object.entries(value);
  const [key, inner] = entries[0] ?? [];
  if (entries.length !== 1) return value;
  if (key === "$date") return unwrapExtendedJson(inner);
  if (key === "$oid") return inner;
  return key === "$numberLong" || key === "$numberInt" || key === "$numberDouble" || key === "$numberDecimal" ? Number(inner) : value;
}

/** Under jest a Date of the driver belongs to another realm, so `instanceof` alone would refuse it. */
export const isDate = (value: unknown): value is Date => Object.prototype.toString.call(value) === "[object Date]";

/** A source's instant between 1990 and 2100, or undefined. Text without an offset is local to `zone`. */
export function readInstant(raw: unknown, zone: string): Date | undefined {
  const value = unwrapExtendedJson(raw);
  if (isDate(value)) return plausible(value.getTime());
  if (typeof value === "number") return fromEpoch(value);
  if (typeof value !== "string" || value.length > 64) return undefined;
  const text = value.trim();
  if (/^\d{9,13}(?:\.\d{1,9})?$/.test(text)) return fromEpoch(Number(text));
  const instant = parseInstant(text, zone);
  return instant && plausible(instant.getTime());
}
