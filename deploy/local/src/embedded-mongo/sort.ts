import type { Document } from "bson";
import { isNumeric, toNumber } from "./numbers.js";
import { anyValueAt } from "./paths.js";
import { badValue, unsupported } from "./server-error.js";
import { compareValues, emptyArray, isObject } from "./values.js";

export type SortKey = { path: string[]; name: string; direction: 1 | -1 };

/** @throws ServerError for directions other than 1 and -1, such as {$meta: "textScore"}. */
export function parseSort(sort: Document): SortKey[] {
  return Object.entries(sort).map(([name, direction]) => {
    if (isObject(direction)) throw unsupported("$meta sorts");
    if (!isNumeric(direction) || Math.abs(toNumber(direction)) !== 1) throw badValue(`$sort key ordering must be 1 (for ascending) or -1`);
    return { name, path: name.split("."), direction: toNumber(direction) as 1 | -1 };
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

/** Stable: equal documents keep their order. Each key is extracted once. */
export function sortDocuments<T>(items: readonly T[], plain: (item: T) => Document, keys: readonly SortKey[]): T[] {
  const rows = items.map((item) => ({ item, values: keys.map((key) => sortValue(plain(item), key)) }));
  rows.sort((a, b) => {
    for (let i = 0; i < keys.length; i++) {
      const order = compareValues(a.values[i], b.values[i]);
      if (order !== 0) return order * (keys[i]?.direction ?? 1);
    }
    return 0;
  });
  return rows.map(({ item }) => item);
}
