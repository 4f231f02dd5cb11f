import type { Document } from "bson";
import { isObject } from "./bson-types.js";
import { arrayIndex } from "./field-names.js";

export const own = (object: Document, key: string): unknown => (Object.hasOwn(object, key) ? object[key] : undefined);

/**
 * Calls back for each value that a query path reaches: arrays on the way are entered element by element, or by index.
 * Undefined stands for a missing field. An array at the end is given as it is.
 * @returns whether a callback returned true, after which it stops.
 */
export function anyValueAt(value: unknown, path: readonly string[], test: (value: unknown) => boolean, at = 0): boolean {
  const part = path[at];
  if (part === undefined) return test(value);
  if (isObject(value)) return anyValueAt(own(value, part), path, test, at + 1);
  if (!Array.isArray(value)) return test(undefined);
  const index = arrayIndex(part);
  if (index !== undefined && index < value.length && anyValueAt(value[index], path, test, at + 1)) return true;
  return value.some((element) => isObject(element) && anyValueAt(own(element, part), path, test, at + 1));
}

/** What an expression such as "$a.b" sees: through an array, the array of what its objects hold there; indexes do not count. */
export function expressionValueAt(value: unknown, path: readonly string[], at = 0): unknown {
  const part = path[at];
  if (part === undefined) return value;
  if (isObject(value)) return expressionValueAt(own(value, part), path, at + 1);
  if (!Array.isArray(value)) return undefined;
  return value
    .map((element) => (isObject(element) ? expressionValueAt(element, path, at) : undefined))
    .filter((item) => item !== undefined);
}
