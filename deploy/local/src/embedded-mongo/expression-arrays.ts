import type { Document } from "bson";
import { isTruthy, type Operator } from "./expression-types.js";
import { oneArgument } from "./expression-scalars.js";
import { toKey, toName } from "./field-names.js";
import { objectOf } from "./pipeline-values.js";
import { sumOf } from "./sums.js";
import { isNumeric, toNumber, type Numeric } from "./numbers.js";
import { badValue, ServerError, unsupported } from "./server-error.js";
import { compareBy } from "./sort.js";
import { isObject } from "./bson-types.js";
import { compareValues, valueKey } from "./values.js";

const isNil = (value: unknown): value is null | undefined => value === null || value === undefined;

const list = (name: string, value: unknown): unknown[] => {
  if (!Array.isArray(value)) throw new ServerError(14, `The argument to ${name} must be an array`);
  return value;
};

const whole = (name: string, value: unknown): number => {
  if (!isNumeric(value) || !Number.isInteger(toNumber(value))) throw new ServerError(14, `${name} needs whole numbers`);
  return toNumber(value);
};

/** $first: [a, b] means the first of its one argument, which is an array. */
const onList =
  (name: string, compute: (items: unknown[]) => unknown): Operator =>
  (values) => {
    const value = oneArgument(name, values);
    return isNil(value) ? null : compute(list(name, value));
  };

/** One array, or several values: $max: "$list" and $max: ["$a", "$b"]. */
const operands = (values: unknown[]): unknown[] => (values.length === 1 && Array.isArray(values[0]) ? (values[0] as unknown[]) : values);

/** The least (sign 1) or greatest (sign -1) value that is neither null nor missing. */
export const extreme = (values: unknown[], sign: 1 | -1): unknown =>
  values.reduce<unknown>((best, value) => (isNil(value) || (!isNil(best) && compareValues(value, best) * sign >= 0) ? best : value), null);

const unique = (items: unknown[]): unknown[] => [...new Map(items.map((item) => [valueKey(item), item])).values()];

function slice(values: unknown[]): unknown {
  const [items, first, count] = values;
  if (isNil(items)) return null;
  const all = list("$slice", items);
  const position = whole("$slice", first);
  if (count === undefined) return position >= 0 ? all.slice(0, position) : all.slice(position);
  if (whole("$slice", count) <= 0) throw badValue("Third argument to $slice must be positive");
  const start = position >= 0 ? position : Math.max(0, all.length + position);
  return all.slice(start, start + whole("$slice", count));
}

function elementAt(values: unknown[]): unknown {
  const [items, index] = values;
  return isNil(items) || isNil(index) ? null : list("$arrayElemAt", items).at(whole("$arrayElemAt", index));
}

function toObject(items: unknown[]): Document {
  const entries = items.map((item) => {
    if (Array.isArray(item) && item.length === 2) return [keyText(item[0]), item[1] as unknown] as const;
    if (isObject(item) && "k" in item && "v" in item) return [keyText(item["k"]), item["v"] as unknown] as const;
    throw badValue("$arrayToObject needs [key, value] or {k, v} items");
  });
  return Object.fromEntries(entries);
}

function keyText(name: unknown): string {
  if (typeof name !== "string") throw new ServerError(40394, "$arrayToObject requires keys of type string");
  if (name.includes("\0")) throw new ServerError(4940400, "a key of $arrayToObject must not contain a null byte");
  return toKey(name);
}

export function mergeObjects(values: unknown[]): Document {
  const objects = operands(values).filter((value) => !isNil(value));
  if (!objects.every(isObject)) throw new ServerError(14, "$mergeObjects requires object inputs");
  return Object.assign({}, ...objects) as Document;
}

function range(values: unknown[]): number[] {
  const [start = 0, end = 0, step = 1] = values.map((value) => whole("$range", value));
  if (step === 0) throw badValue("$range requires a non-zero step value");
  return Array.from({ length: Math.max(0, Math.ceil((end - start) / step)) }, (_, i) => start + i * step);
}

function sortArray(values: unknown[]): unknown {
  const { input, sortBy } = objectOf("$sortArray", oneArgument("$sortArray", values), ["input", "sortBy"]);
  if (isNil(input)) return null;
  const items = [...list("$sortArray", input)];
  if (isObject(sortBy)) return items.sort(compareBy(sortBy) as (a: unknown, b: unknown) => number);
  return items.sort((a, b) => compareValues(a, b) * toNumber(sortBy as Numeric));
}

const sets = (name: string, values: unknown[]): unknown[][] | null =>
  values.some(isNil) ? null : values.map((value) => list(name, value));

export const arrayOperators: Record<string, Operator> = {
  $size: (values) => list("$size", oneArgument("$size", values)).length,
  $isArray: (values) => Array.isArray(oneArgument("$isArray", values)),
  $first: onList("$first", (items) => items[0]),
  $last: onList("$last", (items) => items.at(-1)),
  $reverseArray: onList("$reverseArray", (items) => items.toReversed()),
  $arrayToObject: onList("$arrayToObject", toObject),
  $anyElementTrue: onList("$anyElementTrue", (items) => items.some(isTruthy)),
  $allElementsTrue: onList("$allElementsTrue", (items) => items.every(isTruthy)),
  $objectToArray: (values) => {
    const value = oneArgument("$objectToArray", values);
    if (isNil(value)) return null;
    if (!isObject(value)) throw new ServerError(14, "$objectToArray requires a document input");
    return Object.entries(value).map(([k, v]) => ({ k: toName(k), v: v as unknown }));
  },
  $arrayElemAt: elementAt,
  $in: ([value, items]) => list("$in", items).some((item) => compareValues(item, value) === 0),
  $indexOfArray: (values) => {
    if (values.length !== 2) throw unsupported("$indexOfArray with bounds");
    const [items, value] = values;
    return isNil(items) ? null : list("$indexOfArray", items).findIndex((item) => compareValues(item, value) === 0);
  },
  $concatArrays: (values) => sets("$concatArrays", values)?.flat() ?? null,
  $setUnion: (values) => {
    const all = sets("$setUnion", values);
    return all && unique(all.flat());
  },
  $setIntersection: (values) => {
    const all = sets("$setIntersection", values);
    const keys = all?.map((items) => new Set(items.map(valueKey)));
    return all && unique(all[0] ?? []).filter((item) => keys?.every((set) => set.has(valueKey(item))));
  },
  $setDifference: (values) => {
    const all = sets("$setDifference", values);
    const without = new Set(all?.[1]?.map(valueKey));
    return all && unique(all[0] ?? []).filter((item) => !without.has(valueKey(item)));
  },
  $slice: slice,
  $range: range,
  $sortArray: sortArray,
  $mergeObjects: mergeObjects,
  $sum: (values) => sumOf(operands(values)).result(),
  $avg: (values) => sumOf(operands(values)).average(),
  $min: (values) => extreme(operands(values), 1),
  $max: (values) => extreme(operands(values), -1),
};
