import type { Document } from "bson";
import { isObject } from "./bson-types.js";
import { splitPath, toName } from "./field-names.js";
import { isNumeric, toNumber } from "./numbers.js";
import { badValue, ServerError, unsupported } from "./server-error.js";
import type { SortKey } from "./sort.js";

const plainOptions = [
  "v",
  "key",
  "name",
  "unique",
  "sparse",
  "partialFilterExpression",
  "expireAfterSeconds",
  "background",
  "hidden",
  "ns",
];
const maxFields = 32;
const maxExpireSeconds = 2 ** 31 - 1;
const partialOperators = ["$and", "$or", "$eq", "$gt", "$gte", "$lt", "$lte", "$exists", "$type", "$in"];

/** @throws ServerError for index types and options that are not done here, and for what a MongoDB server refuses. */
export function checkIndexOptions(spec: Document, key: Document): void {
  const type = Object.values(key).find((direction) => typeof direction === "string");
  if (type !== undefined) throw unsupported(`indexes of type "${String(type)}"`);
  if (Object.keys(key).some((field) => field.includes("$**"))) throw unsupported("wildcard indexes");
  const known: readonly string[] = plainOptions;
  const option = Object.keys(spec).find((name) => !known.includes(name));
  if (option !== undefined) throw unsupported(`the index option "${toName(option)}"`);
  if (spec["hidden"] === true) throw unsupported("hidden indexes");
  const partial: unknown = spec["partialFilterExpression"];
  if (partial !== undefined) checkPartialFilter(partial);
  if (partial !== undefined && spec["sparse"] === true) throw cannotCreate('cannot mix "partialFilterExpression" and "sparse" options');
  if (spec["expireAfterSeconds"] !== undefined) checkExpiry(spec["expireAfterSeconds"], Object.keys(key));
}

function checkExpiry(seconds: unknown, fields: readonly string[]): void {
  if (!isNumeric(seconds)) throw cannotCreate("TTL index 'expireAfterSeconds' option must be numeric");
  const value = toNumber(seconds);
  if (!(value >= 0 && value <= maxExpireSeconds)) {
    throw cannotCreate(`TTL index 'expireAfterSeconds' option must be within an acceptable range, 0 to ${maxExpireSeconds}`);
  }
  if (fields.length > 1) throw cannotCreate("TTL indexes are single-field indexes, compound indexes do not support TTL");
  if (fields[0] === "_id") throw new ServerError(197, "The field 'expireAfterSeconds' is not valid for an _id index specification");
}

function checkPartialFilter(filter: unknown): void {
  if (!isObject(filter)) throw cannotCreate("'partialFilterExpression' for an index has to be a document");
  for (const [key, value] of Object.entries(filter)) {
    if (key.startsWith("$") && !partialOperators.includes(key)) throw cannotCreate(`unsupported expression in partial index: ${key}`);
    if (key === "$exists" && value === false) throw cannotCreate("unsupported expression in partial index: $exists: false");
    for (const part of [value].flat()) if (isObject(part)) checkPartialFilter(part);
  }
}

/** @throws ServerError CannotCreateIndex for keys that are no directions. */
export function parseIndexKey(key: Document): SortKey[] {
  const entries = Object.entries(key);
  if (entries.length > maxFields) throw new ServerError(13103, "too many compound keys");
  return entries.map(([name, direction]) => {
    if (!isNumeric(direction) || toNumber(direction) === 0 || Number.isNaN(toNumber(direction))) {
      throw cannotCreate("Values in the index key pattern cannot be 0 or no number");
    }
    const path = splitPath(name);
    if (path.some((part) => part === "")) throw cannotCreate("Index keys cannot contain an empty field.");
    const odd = path.find((part) => part.startsWith("$"));
    if (odd !== undefined) throw cannotCreate(`Index key contains an illegal field name: field name starts with '$'.`);
    return { name, path, direction: toNumber(direction) > 0 ? 1 : -1 };
  });
}

const cannotCreate = (message: string): ServerError => new ServerError(67, message);

/** {a: 1, b: -1} is called a_1_b_-1 unless it has a name. */
export function indexName(key: unknown): string {
  if (!isObject(key)) throw badValue("index key must be an object");
  return Object.entries(key)
    .map(([field, direction]) => `${splitPath(field).map(toName).join(".")}_${String(direction)}`)
    .join("_");
}
