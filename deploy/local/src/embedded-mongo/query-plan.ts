import type { Document } from "bson";
import type { Collection } from "./collection.js";
import { compileFilter, isOperatorObject, type Predicate } from "./filter.js";
import { needsTypes } from "./filter-operators.js";
import type { OrderedIndex, Span } from "./ordered-index.js";
import { isRegex } from "./regex.js";
import { sortDocuments, type SortKey } from "./sort.js";
import { compareValues, decodeTyped, typeRank, valueKey, type StoredDocument } from "./values.js";

/** What a filter says about one field: one of some values, or a range (inclusive: the filter itself is tested again). */
type Bound = { oneOf?: unknown[]; min?: unknown; max?: unknown };
type Bounds = Map<string, Bound>;

export type FindOptions = { filter: Document; sort?: readonly SortKey[]; skip?: number; limit?: number | undefined; variables?: Document };

/** The documents that match, in order. Reads an index where that saves looking at all documents or sorting. */
export function findDocuments(collection: Collection, options: FindOptions): StoredDocument[] {
  const { filter, sort = [], skip = 0, limit, variables = {} } = options;
  const matches = compileMatcher(filter, variables);
  const bounds = boundsOf(filter);
  const end = limit === undefined ? Infinity : skip + limit;
  const plan = choosePlan(collection, bounds, sort, limit !== undefined);
  const found: StoredDocument[] = [];
  for (const entry of plan.entries) {
    if (!matches(entry)) continue;
    found.push(entry);
    if (plan.sorted && found.length >= end) break;
  }
  const ordered = plan.sorted ? found : sortDocuments(found, (entry) => entry.plain, sort);
  return skip === 0 && ordered.length <= end ? ordered : ordered.slice(skip, end);
}

function compileMatcher(filter: Document, variables: Document): (entry: StoredDocument) => boolean {
  const predicate: Predicate = compileFilter(filter, variables);
  if (needsTypes(filter)) return (entry) => predicate(decodeTyped(entry.raw));
  return (entry) => predicate(entry.plain);
}

type Plan = { entries: Iterable<StoredDocument>; sorted: boolean };

function choosePlan(collection: Collection, bounds: Bounds, sort: readonly SortKey[], limited: boolean): Plan {
  const ids = bounds.get("_id")?.oneOf;
  if (ids) {
    const entries = [...new Set(ids.map((id) => collection.byId(id)))].filter((entry) => entry !== undefined);
    return { entries, sorted: sort.length === 0 || entries.length <= 1 };
  }
  let best: Plan = { entries: collection.all(), sorted: sort.length === 0 };
  let cheapest = collection.size * (sort.length === 0 ? 1 : 8);
  for (const index of collection.indexes) {
    if (!index.isComplete) continue;
    const spans = spansOf(index, bounds);
    const order = spans.length === 1 ? orderOf(index, spans[0]?.prefix.length ?? 0, sort) : undefined;
    const narrows = spans.some(({ prefix, min, max }) => prefix.length > 0 || min !== undefined || max !== undefined);
    if (!narrows && (sort.length === 0 || !order)) continue;
    index.settle(collection.all());
    const ranges = spans.map((span) => index.bounds(span));
    const rows = ranges.reduce((sum, [from, to]) => sum + to - from, 0);
    const sorted = sort.length === 0 || order !== undefined;
    const cost = rows * (sorted ? 1 : 8) * (sorted && sort.length > 0 && limited ? 0.5 : 1);
    if (cost >= cheapest) continue;
    cheapest = cost;
    best = { sorted, entries: readAll(index, ranges, order === "backwards") };
  }
  return best;
}

function* readAll(index: OrderedIndex, ranges: readonly [number, number][], backwards: boolean): Generator<StoredDocument> {
  for (const range of ranges) yield* index.read(range, backwards);
}

/** As many leading fields as the filter pins to one value, then a range or several values of the next one. */
function spansOf(index: OrderedIndex, bounds: Bounds): Span[] {
  const prefix: unknown[] = [];
  for (const { name } of index.fields) {
    const bound = bounds.get(name);
    if (!bound) break;
    if (bound.oneOf?.length === 1) {
      prefix.push(bound.oneOf[0]);
      continue;
    }
    if (bound.oneOf) {
      const distinct = [...new Map(bound.oneOf.map((value) => [valueKey(value), value])).values()];
      return distinct.map((value) => ({ prefix: [...prefix, value] }));
    }
    return [{ prefix, min: bound.min, max: bound.max }];
  }
  return [{ prefix }];
}

/** Whether the index, below its pinned fields, has the wanted order, and in which direction. */
function orderOf(index: OrderedIndex, pinned: number, sort: readonly SortKey[]): "forwards" | "backwards" | undefined {
  const fixed = new Set(index.fields.slice(0, pinned).map(({ name }) => name));
  const wanted = sort.filter(({ name }) => !fixed.has(name));
  const rest = index.fields.slice(pinned);
  if (wanted.length > rest.length || wanted.some(({ name }, i) => rest[i]?.name !== name)) return undefined;
  if (wanted.every(({ direction }, i) => rest[i]?.direction === direction)) return "forwards";
  return wanted.every(({ direction }, i) => rest[i]?.direction === -direction) ? "backwards" : undefined;
}

function boundsOf(filter: Document): Bounds {
  const bounds: Bounds = new Map();
  for (const [key, condition] of Object.entries(filter)) {
    if (key === "$and" && Array.isArray(condition)) {
      for (const branch of condition) for (const [field, bound] of boundsOf(branch as Document)) narrow(bounds, field, bound);
    } else if (key === "$or" && Array.isArray(condition)) {
      for (const [field, bound] of envelope(condition.map((branch) => boundsOf(branch as Document)))) narrow(bounds, field, bound);
    } else if (!key.startsWith("$")) {
      const bound = boundOf(condition);
      if (bound) narrow(bounds, key, bound);
    }
  }
  return bounds;
}

function boundOf(condition: unknown): Bound | undefined {
  if (!isOperatorObject(condition)) return isPlainValue(condition) ? { oneOf: [condition] } : undefined;
  const { $eq, $in, $gt, $gte, $lt, $lte } = condition as Record<string, unknown>;
  if (isPlainValue($eq)) return { oneOf: [$eq] };
  if (Array.isArray($in) && $in.every(isPlainValue)) return { oneOf: $in };
  const bound: Bound = {};
  const [min, max] = [$gt ?? $gte, $lt ?? $lte];
  if (isPlainValue(min)) bound.min = min;
  if (isPlainValue(max)) bound.max = max;
  return bound.min === undefined && bound.max === undefined ? undefined : bound;
}

/** Null also means missing, regexes match many values, and arrays and MinKey/MaxKey compare in their own way. */
const isPlainValue = (value: unknown): boolean =>
  value !== undefined && value !== null && !isRegex(value) && !Array.isArray(value) && typeRank(value) !== 1 && typeRank(value) !== 127;

/** Both hold. Where they are of different kinds, values say more than a range. */
function narrow(bounds: Bounds, field: string, bound: Bound): void {
  const known = bounds.get(field);
  if (!known || (bound.oneOf && !known.oneOf)) bounds.set(field, bound);
  else if (!known.oneOf && !bound.oneOf) bounds.set(field, { min: known.min ?? bound.min, max: known.max ?? bound.max });
}

/** One of them holds: what all of them say about a field, taken together. */
function envelope(branches: readonly Bounds[]): Bounds {
  const [first, ...others] = branches;
  const result: Bounds = new Map();
  for (const [field, bound] of first ?? []) {
    const all = [bound, ...others.map((branch) => branch.get(field))];
    if (all.some((item) => item === undefined)) continue;
    const present = all as Bound[];
    if (present.every(({ oneOf }) => oneOf)) {
      result.set(field, { oneOf: present.flatMap(({ oneOf }) => oneOf ?? []) });
      continue;
    }
    const lows = present.flatMap(({ oneOf, min }) => oneOf ?? [min]);
    const highs = present.flatMap(({ oneOf, max }) => oneOf ?? [max]);
    result.set(field, { min: outermost(lows, 1), max: outermost(highs, -1) });
  }
  return result;
}

const outermost = (values: readonly unknown[], sign: 1 | -1): unknown =>
  values.includes(undefined) ? undefined : values.reduce((a, b) => (compareValues(a, b) * sign <= 0 ? a : b));
