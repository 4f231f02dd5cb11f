import type { Document } from "bson";
import { isObject } from "./bson-types.js";
import { splitPath } from "./field-names.js";
import { isNumeric, toNumber } from "./numbers.js";
import type { Operation } from "./operation.js";
import { anyValueAt } from "./paths.js";
import { badValue, ServerError, unsupported } from "./server-error.js";
import { compareValues, emptyArray } from "./values.js";

export type SortKey = { path: string[]; name: string; direction: 1 | -1 };

const maxKeys = 32;
/** Fewer rows are sorted before anybody could tell. */
const quickRows = 10_000;

/** @throws ServerError for directions other than 1 and -1, such as {$meta: "textScore"}. */
export function parseSort(sort: Document): SortKey[] {
  const entries = Object.entries(sort);
  if (entries.length > maxKeys) throw badValue(`too many keys in a sort: the maximum is ${maxKeys}`);
  return entries.map(([name, direction]) => {
    if (isObject(direction)) throw unsupported("$meta sorts");
    if (!isNumeric(direction) || Math.abs(toNumber(direction)) !== 1) {
      throw new ServerError(15975, "$sort key ordering must be 1 (for ascending) or -1 (for descending)");
    }
    const path = splitPath(name);
    if (path.some((part) => part === "")) throw new ServerError(15998, "FieldPath field names may not be empty strings.");
    if (path.some((part) => part.startsWith("$"))) throw new ServerError(16410, "FieldPath field names may not start with '$'.");
    return { name, path, direction: toNumber(direction) as 1 | -1 };
  });
}

/** What a document is sorted by at one key: of an array the least element going up and the greatest going down. Missing counts as null. */
export function sortValue(document: Document, { path, direction }: SortKey): unknown {
  if (path.length === 1) {
    const value: unknown = document[path[0] ?? ""];
    if (!Array.isArray(value)) return value ?? null;
  }
  let best: unknown;
  let found = false;
  const consider = (value: unknown) => {
    if (!found || compareValues(value, best) * direction < 0) [best, found] = [value ?? null, true];
  };
  anyValueAt(document, path, (value) => {
    if (!Array.isArray(value)) consider(value);
    else if (value.length > 0) value.forEach(consider);
    else consider(emptyArray);
    return false;
  });
  return best ?? null;
}

export function compareBy(sort: Document): (a: Document, b: Document) => number {
  const keys = parseSort(sort);
  return (a, b) => {
    for (const key of keys) {
      const order = compareValues(sortValue(a, key), sortValue(b, key));
      if (order !== 0) return order * key.direction;
    }
    return 0;
  };
}

type Row<T> = { item: T; values: readonly unknown[] };

/** Stable: equal rows keep their order. */
export function sortByKeys<T>(operation: Operation, rows: Row<T>[], keys: readonly SortKey[]): T[] {
  const compare = (a: Row<T>, b: Row<T>): number => {
    for (let i = 0; i < keys.length; i++) {
      const order = compareValues(a.values[i], b.values[i]);
      if (order !== 0) return order * (keys[i]?.direction ?? 1);
    }
    return 0;
  };
  const sort = () => rows.sort(compare);
  const ordered = rows.length > quickRows ? operation.bounded(sort, { large: true }) : sort();
  return ordered.map(({ item }) => item);
}

/** Each key is extracted once. */
export function sortDocuments(operation: Operation, documents: readonly Document[], keys: readonly SortKey[]): Document[] {
  const rows = documents.map((item) => ({ item, values: keys.map((key) => sortValue(item, key)) }));
  return sortByKeys(operation, rows, keys);
}
