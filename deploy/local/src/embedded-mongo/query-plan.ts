import type { Document } from "bson";
import { isObject } from "./bson-types.js";
import type { Collection } from "./collection.js";
import { isOperatorObject } from "./filter.js";
import type { OrderedIndex, Span } from "./ordered-index.js";
import { isRegex } from "./regex.js";
import { badValue, failedToParse, unsupported } from "./server-error.js";
import type { SortKey } from "./sort.js";
import type { StoredDocument } from "./stored-document.js";
import { compareValues, equalValues, typeRank, valueKey } from "./values.js";

/** What a filter says about one field: one of some values, or a range (inclusive: the filter itself is tested again). */
type Bound = { oneOf?: unknown[]; min?: unknown; max?: unknown };
type Bounds = Map<string, Bound>;

export type Hint = { natural: 1 | -1 } | { index: string | Document };

type Plan = { entries: Iterable<StoredDocument>; sorted: boolean };

/** Where to look, and whether what is found there is in order already. @throws ServerError for a hint that names no index. */
export function choosePlan(
  collection: Collection,
  query: { filter: Document; sort: readonly SortKey[]; limited: boolean; hint: Hint | undefined },
): Plan {
  const { filter, sort, limited, hint } = query;
  const bounds = boundsOf(filter);
  const hinted = hint && hintedPlan(collection, hint, bounds, sort);
  if (hinted) return hinted;
  const ids = bounds.get("_id")?.oneOf;
  if (ids) {
    const entries = [...new Set(ids.map((id) => collection.byId(id)))].filter((entry) => entry !== undefined);
    return { entries, sorted: sort.length === 0 || entries.length <= 1 };
  }
  let best: Plan = { entries: collection.all(), sorted: sort.length === 0 };
  let cheapest = collection.size * (sort.length === 0 ? 1 : 8);
  for (const index of collection.indexes) {
    const plan = indexPlan(index, bounds, sort);
    if (!plan) continue;
    const cost = plan.rows * (plan.sorted ? 1 : 8) * (plan.sorted && sort.length > 0 && limited ? 0.5 : 1);
    if (cost >= cheapest) continue;
    cheapest = cost;
    best = plan;
  }
  return best;
}

/** Undefined where the index is of no use. */
function indexPlan(index: OrderedIndex, bounds: Bounds, sort: readonly SortKey[], isWanted = false): (Plan & { rows: number }) | undefined {
  const spans = spansOf(index, bounds);
  const order = spans.length === 1 ? orderOf(index, spans[0]?.prefix.length ?? 0, sort) : undefined;
  const narrows = spans.some(({ prefix, min, max }) => prefix.length > 0 || min !== undefined || max !== undefined);
  if (!isWanted && !narrows && (sort.length === 0 || !order)) return undefined;
  if (!index.isComplete) return undefined;
  index.settle();
  const ranges = spans.map((span) => index.bounds(span));
  const rows = ranges.reduce((sum, [from, to]) => sum + to - from, 0);
  return { rows, sorted: sort.length === 0 || order !== undefined, entries: readAll(index, ranges, order === "backwards") };
}

function hintedPlan(collection: Collection, hint: Hint, bounds: Bounds, sort: readonly SortKey[]): Plan | undefined {
  if ("natural" in hint) {
    return { entries: hint.natural === 1 ? collection.all() : collection.backwards(), sorted: sort.length === 0 };
  }
  const { index: wanted } = hint;
  const index = collection.indexes.find((candidate) =>
    typeof wanted === "string" ? candidate.name === wanted : equalValues(candidate.spec["key"], wanted),
  );
  if (!index) throw badValue("planner returned error: hint provided does not correspond to an existing index");
  if (index.isPartial) throw unsupported("a hint of a sparse or partial index, which would leave documents out");
  return indexPlan(index, bounds, sort, true); // over arrays an index has several places for a document: it is not read then
}

/** A hint as a command has it. @throws ServerError for what is neither a name, a key nor $natural. */
export function parseHint(hint: unknown): Hint | undefined {
  if (hint === undefined || hint === null) return undefined;
  if (typeof hint === "string") return hint === "" ? undefined : { index: hint };
  if (!isObject(hint)) throw failedToParse("Hint must be a string or an object");
  const natural: unknown = hint["$natural"];
  if (natural === undefined) return Object.keys(hint).length === 0 ? undefined : { index: hint };
  if (Object.keys(hint).length > 1 || !(natural === 1 || natural === -1)) throw badValue("$natural hint must be 1 or -1, and alone");
  return { natural };
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
