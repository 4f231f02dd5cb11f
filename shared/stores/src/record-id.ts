import { digest } from "@flow-rag/contracts";
import { AppError } from "@flow-rag/kernel";
import { Binary, BSON, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp, UUID } from "mongodb";

/** Characters, and bytes, of the longest text form. Chroma takes no longer ids. */
const longestId = 1_024;
/** Characters of a digested id's beginning that are kept, by which it can be looked for. */
const keptBeginning = 200;

/**
 * The text form of a source's `_id`, so that ids can travel in jobs and stand in answers. Different ids give different texts.
 *
 * Shape: an ObjectId is its 24 hex digits; a text is itself, but "~s:…" where it could be taken for something else;
 * "~n:…" a number, "~l:…" a 64-bit integer beyond 2^53, "~u:…" a UUID, "~e:…" anything else as canonical extended JSON. One that would be
 * longer than 1,024 characters or bytes, or would not come back from its text as it was, is "~h:<type>:<digest>:<its beginning>".
 */
export function encodeRecordId(id: unknown): string {
  const text = plainForm(id);
  if (text !== undefined && Buffer.byteLength(text) <= longestId && !text.includes("\ufffd")) return text;
  const whole = typeof id === "string" ? id : (text ?? BSON.EJSON.stringify(toPlain(id)));
  const [sure = ""] = typeof id === "string" ? id.split("\ufffd", 1) : [];
  const beginning = sure.slice(0, keptBeginning).replace(/[\ud800-\udbff]$/, "");
  return `~h:${typeOf(id)}:${digest("id", whole)}:${beginning}`;
}

/** The parts of a digested id; undefined for any other. */
export function digestedId(text: string): { type: string; beginning: string } | undefined {
  const [, type, beginning] = /^~h:([A-Za-z]+):[0-9a-f]{32}:([^]*)$/.exec(text) ?? [];
  return type === undefined || beginning === undefined ? undefined : { type, beginning };
}

function plainForm(id: unknown): string | undefined {
  if (id instanceof ObjectId) return id.toHexString();
  if (typeof id === "string") return id === "" || id.startsWith("~") || /^[0-9a-f]{24}$/.test(id) ? `~s:${id}` : id;
  if (typeof id === "number") return `~n:${String(id)}`;
  if (id instanceof Int32 || id instanceof Double) return `~n:${String(id.valueOf())}`;
  if (id instanceof Long && !(id instanceof Timestamp))
    return Number.isSafeInteger(id.toNumber()) ? `~n:${id.toString()}` : `~l:${id.toString()}`;
  if (id instanceof UUID) return `~u:${id.toHexString()}`;
  try {
    const text = BSON.EJSON.stringify({ id }, { relaxed: false });
    const back = BSON.EJSON.parse(text, { relaxed: false }) as { id: unknown };
    return Buffer.compare(BSON.serialize({ id }), BSON.serialize(back)) === 0 ? `~e:${text}` : undefined;
  } catch {
    return undefined; // an object that bears the name of a type and is none, a date that is no date
  }
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
  if (value instanceof Timestamp) return new Date(value.getHighBitsUnsigned() * 1_000);
  if (value instanceof Long) return value.toNumber();
  if (value instanceof Int32 || value instanceof Double) return value.valueOf();
  if (value instanceof Decimal128) return value.toString();
  if (value instanceof Binary) return value.toString("base64");
  if ("_bsontype" in value) return textOf(value);
  return Object.fromEntries(Object.entries(value).map(([key, nested]) => [key, toPlain(nested)]));
}

/** A document may name a type that it is not. */
function textOf(value: object): string {
  try {
    return BSON.EJSON.stringify(value);
  } catch {
    return JSON.stringify(value);
  }
}

const typeOrder = [
  "minKey",
  "null",
  "number",
  "string",
  "object",
  "array",
  "binData",
  "objectId",
  "bool",
  "date",
  "timestamp",
  "regex",
  "maxKey",
] as const;

/**
 * BSON types that sort after a value's own. `$gt` looks at the value's type alone, so reading on past it must name the others.
 * Source: https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/
 */
export function laterTypes(value: unknown): string[] {
  return typeOrder.slice(typeOrder.indexOf(typeOf(value)) + 1);
}

function typeOf(value: unknown): (typeof typeOrder)[number] {
  if (value === null || value === undefined) return "null";
  if (value instanceof MinKey) return "minKey";
  if (value instanceof MaxKey) return "maxKey";
  if (value instanceof Timestamp) return "timestamp";
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
