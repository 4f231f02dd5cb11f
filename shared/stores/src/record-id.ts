import { AppError } from "@flow-rag/kernel";
import { Binary, BSON, Decimal128, Double, Int32, Long, ObjectId, UUID } from "mongodb";

/**
 * The text form of a source's `_id`, so that ids can travel in jobs and stand in answers. Different ids give different texts.
 *
 * Shape: an ObjectId is its 24 hex digits; a text is itself, but "~s:…" where it could be taken for something else;
 * "~n:…" a number, "~l:…" a 64-bit integer beyond 2^53, "~u:…" a UUID, "~e:…" anything else as canonical extended JSON.
 */
export function encodeRecordId(id: unknown): string {
  if (id instanceof ObjectId) return id.toHexString();
  if (typeof id === "string") return id === "" || id.startsWith("~") || /^[0-9a-f]{24}$/.test(id) ? `~s:${id}` : id;
  if (typeof id === "number") return `~n:${String(id)}`;
  if (id instanceof Int32 || id instanceof Double) return `~n:${String(id.valueOf())}`;
  if (id instanceof Long) return Number.isSafeInteger(id.toNumber()) ? `~n:${id.toString()}` : `~l:${id.toString()}`;
  if (id instanceof UUID) return `~u:${id.toHexString()}`;
  return `~e:${BSON.EJSON.stringify({ id }, { relaxed: false })}`;
}

/** @throws AppError `invalid_input` when the text is no encoded id. */
export function decodeRecordId(text: string): unknown {
  const [, tag, rest] = /^~([a-z]):([^]*)$/.exec(text) ?? [];
  if (tag === undefined || rest === undefined) return /^[0-9a-f]{24}$/.test(text) ? ObjectId.createFromHexString(text) : text;
  try {
    if (tag === "s") return rest;
    if (tag === "n") return Number(rest);
    if (tag === "l") return Long.fromString(rest);
    if (tag === "u") return new UUID(rest);
    if (tag === "e") return (BSON.EJSON.parse(rest, { relaxed: false }) as { id: unknown }).id;
  } catch (cause) {
    throw new AppError("invalid_input", "a record id does not decode", { cause });
  }
  throw new AppError("invalid_input", "a record id has an unknown tag");
}

/** A BSON value in plain JavaScript: ids, decimals and binaries as text, numbers as numbers, dates as dates. */
export function toPlain(value: unknown): unknown {
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(toPlain);
  if (value instanceof ObjectId) return value.toHexString();
  if (value instanceof Long) return value.toNumber();
  if (value instanceof Int32 || value instanceof Double) return value.valueOf();
  if (value instanceof Decimal128) return value.toString();
  if (value instanceof Binary) return value.toString("base64");
  if ("_bsontype" in value) return BSON.EJSON.stringify(value);
  return Object.fromEntries(Object.entries(value).map(([key, nested]) => [key, toPlain(nested)]));
}

const typeOrder = ["null", "number", "string", "object", "array", "binData", "objectId", "bool", "date", "timestamp", "regex"] as const;

/**
 * BSON types that sort after a value's own. `$gt` looks at the value's type alone, so reading on past it must name the others.
 * Source: https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/
 */
export function laterTypes(value: unknown): string[] {
  return typeOrder.slice(typeOrder.indexOf(typeOf(value)) + 1);
}

function typeOf(value: unknown): (typeof typeOrder)[number] {
  if (value === null || value === undefined) return "null";
  if (typeof value === "number" || value instanceof Long || value instanceof Int32 || value instanceof Double) return "number";
  if (value instanceof Decimal128) return "number";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (value instanceof Date) return "date";
  if (value instanceof ObjectId) return "objectId";
  if (value instanceof Binary) return "binData";
  if (Array.isArray(value)) return "array";
  return "object";
}
