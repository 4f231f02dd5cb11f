import { laterTypes } from "./record-id.js";

/** A place in the source, in the order of the cursor field and then the id. Values are the source's own; keep them as they are. */
export type SourceCursor = { readonly at: unknown; readonly id: unknown };

/** How far below a value of the cursor field to begin reading again: the same kind of value, `ms` earlier. Unreadable values: from the very start. */
export function earlier(value: unknown, ms: number): unknown {
  if (value instanceof Date) return new Date(value.getTime() - ms);
  if (typeof value === "number") return isSeconds(value) ? value - ms / 1_000 : value - ms;
  if (typeof value === "string") {
    const at = Date.parse(value.trim().slice(0, "2026-01-31".length));
    // Only the day is kept: whatever follows it ("T", " ", offsets) sorts after it as text.
    return Number.isNaN(at) ? null : new Date(at - Math.max(ms, 86_400_000)).toISOString().slice(0, "2026-01-31".length);
  }
  return null;
}

/** True for an instant after `now`: one mistaken clock must not carry the watermark past everything that is still to come. */
export function isLaterThan(value: unknown, now: Date): boolean {
  if (value instanceof Date) return value > now;
  if (typeof value === "number") return (isSeconds(value) ? value * 1_000 : value) > now.getTime();
  return typeof value === "string" && Date.parse(value) > now.getTime();
}

const isSeconds = (value: number): boolean => Math.abs(value) < 1e11; // 1e11 s is the year 5138, 1e11 ms is 1973

/** Order of two places: negative, 0 or positive. An id of null stands before every id. */
export const comparePlaces = (a: SourceCursor, b: SourceCursor): number => compareValues(a.at, b.at) || compareValues(a.id, b.id);

/** The order MongoDB sorts in, for the types a cursor field or an _id has in practice. */
function compareValues(a: unknown, b: unknown): number {
  const byType = laterTypes(b).length - laterTypes(a).length;
  if (byType !== 0) return byType;
  if (typeof a === "string") return Buffer.compare(Buffer.from(a), Buffer.from(String(b)));
  const [x, y] = [comparable(a), comparable(b)];
  return x < y ? -1 : Number(x > y);
}

function comparable(value: unknown): number | string {
  if (typeof value === "number") return value;
  if (value instanceof Date) return value.getTime();
  if (typeof value === "boolean") return Number(value);
  const { _bsontype: type } = (value ?? {}) as { _bsontype?: string };
  return type === "Long" || type === "Int32" || type === "Double" || type === "Decimal128" ? Number(value) : String(value);
}
