import type { Document } from "bson";
import { compileFilter, isOperatorObject, type Predicate } from "./filter.js";
import { arrayIndex, joinPath, splitPath, toKey, toName } from "./field-names.js";
import { compileMapping } from "./pipeline-mappings.js";
import { own } from "./paths.js";
import { ServerError, unsupported } from "./server-error.js";
import { updateOperators } from "./update-operators.js";
import { isObject } from "./bson-types.js";
import { equalValues } from "./values.js";

/** Changes a document decoded with its number types, in place or by giving back another one. */
export type Update = (document: Document, context: { inserting: boolean }) => Document;

export type UpdateOptions = { arrayFilters?: readonly Document[] };

/**
 * An update document, a replacement or a pipeline as a function.
 * @throws ServerError for operators, path syntax and stages that are unknown or not supported.
 */
export function compileUpdate(update: unknown, { arrayFilters = [] }: UpdateOptions = {}): Update {
  if (Array.isArray(update)) return compileUpdatePipeline(update);
  if (!isObject(update)) throw new ServerError(9, "Update argument must be an object or a pipeline");
  if (!isOperatorObject(update)) return replacement(update);
  const filters = elementFilters(arrayFilters);
  const changes = Object.entries(update).flatMap(([operator, fields]) => compileOperator(operator, fields));
  rejectConflicts(changes.flatMap(({ touched }) => touched));
  const used = new Set(changes.flatMap(({ path }) => path.map((part) => /^\$\[(\w+)\]$/.exec(part)?.[1])));
  const idle = [...filters.keys()].find((name) => !used.has(name));
  if (idle !== undefined) throw new ServerError(9, `The array filter for identifier '${idle}' was not used in the update`);
  return (document, { inserting }) => {
    const id: unknown = document["_id"];
    for (const { operator, path, apply } of changes) {
      if (operator === "$setOnInsert" && !inserting) continue;
      if (operator === "$rename") apply(document, "");
      else walk(document, path, filters, createsPath(operator), apply);
    }
    return sameId(document, id);
  };
}

export const isReplacement = (update: unknown): boolean => isObject(update) && !isOperatorObject(update);

type Change = { operator: string; path: string[]; touched: string[]; apply: (parent: Document, key: string) => void };

/** Taking something away does not make the path it was looked for at. */
const createsPath = (operator: string): boolean => !["$unset", "$pull", "$pullAll", "$pop"].includes(operator);

function compileOperator(operator: string, fields: unknown): Change[] {
  const make = Object.hasOwn(updateOperators, operator) ? updateOperators[operator] : undefined;
  if (!make && ["$bit"].includes(operator)) throw unsupported(operator);
  if (!make) throw new ServerError(9, `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update`);
  if (!isObject(fields)) throw new ServerError(9, `Modifiers operate on fields but we found another type for ${operator}`);
  return Object.entries(fields).map(([field, operand]) => {
    const path = splitPath(field);
    if (path.includes(""))
      throw new ServerError(56, `The update path '${joinPath(path)}' contains an empty field name, which is not allowed.`);
    if (path.includes("$")) throw unsupported("the positional operator $ (use $[name] with arrayFilters)");
    const odd = path.find((part) => part.startsWith("$") && !/^\$\[\w*\]$/.test(part));
    if (odd !== undefined) throw new ServerError(52, `The dollar ($) prefixed field '${odd}' is not allowed`);
    const touched = operator === "$rename" ? [joinPath(path), String(operand)] : [joinPath(path)];
    return { operator, path, touched, apply: make(operand, field) };
  });
}

function rejectConflicts(paths: readonly string[]): void {
  const sorted = [...paths].sort();
  for (const [i, path] of sorted.entries()) {
    const clash = sorted.slice(0, i).find((other) => path === other || path.startsWith(`${other}.`));
    if (clash !== undefined) throw new ServerError(40, `Updating the path '${path}' would create a conflict at '${clash}'`);
  }
}

type ElementFilters = Map<string, (element: unknown) => boolean>;

function elementFilters(filters: readonly Document[]): ElementFilters {
  return new Map(
    filters.map((filter) => {
      const names = new Set(Object.keys(filter).map((key) => key.split(".")[0] ?? ""));
      const [name = ""] = names;
      if (names.size !== 1 || !/^[a-z]\w*$/.test(name)) throw unsupported("array filters that do not use exactly one identifier");
      const matches: Predicate = compileFilter(filter);
      return [name, (element: unknown) => matches({ [toKey(name)]: element })];
    }),
  );
}

/** Brings `apply` to each place that the path names. */
function walk(
  parent: Document,
  path: readonly string[],
  filters: ElementFilters,
  create: boolean,
  apply: (parent: Document, key: string) => void,
): void {
  const [part = "", ...rest] = path;
  if (part.startsWith("$[")) {
    if (!Array.isArray(parent)) throw new ServerError(2, "Cannot apply array updates to non-array element");
    const name = part.slice(2, -1);
    const matches = name === "" ? () => true : filters.get(name);
    if (!matches) throw new ServerError(2, `No array filter found for identifier '${name}'`);
    const hits = parent.map((element, index) => (matches(element) ? index : -1)).filter((index) => index >= 0);
    for (const index of hits) step(parent, String(index), rest, filters, create, apply);
    return;
  }
  if (Array.isArray(parent)) {
    const index = arrayIndex(part);
    if (index === undefined) {
      if (!create) return;
      throw new ServerError(28, `Cannot create field '${toName(part)}' in an array element`);
    }
    if (index > parent.length + 1_500_000) throw new ServerError(28, "can't backfill more than 1500000 elements");
    if (create) while (parent.length < index) parent.push(null);
    return step(parent, String(index), rest, filters, create, apply);
  }
  step(parent, part, rest, filters, create, apply);
}

function step(
  parent: Document,
  key: string,
  rest: readonly string[],
  filters: ElementFilters,
  create: boolean,
  apply: (parent: Document, key: string) => void,
): void {
  if (rest.length === 0) return apply(parent, key);
  let below: unknown = own(parent, key);
  if (below === undefined && !create) return;
  if (below === undefined) {
    if (rest[0]?.startsWith("$["))
      throw new ServerError(2, `The path '${toName(key)}' must exist in the document in order to apply array updates.`);
    below = parent[key] = {};
  }
  if (isObject(below) || Array.isArray(below)) return walk(below as Document, rest, filters, create, apply);
  if (rest[0]?.startsWith("$[")) throw new ServerError(2, `Cannot apply array updates to non-array element ${toName(key)}`);
  if (create) throw new ServerError(28, `Cannot create field '${toName(rest[0] ?? "")}' in element {${toName(key)}: ...}`);
}

function sameId(document: Document, id: unknown): Document {
  if (id === undefined || equalValues(document["_id"], id)) return document;
  throw new ServerError(66, "Performing an update on the path '_id' would modify the immutable field '_id'");
}

function replacement(update: Document): Update {
  const odd = Object.keys(update).find((key) => key.startsWith("$"));
  if (odd !== undefined) throw new ServerError(52, `The dollar ($) prefixed field '${odd}' is not allowed in replacement documents`);
  return (document) => {
    const id: unknown = document["_id"];
    const { _id: given, ...fields } = update;
    if (id === undefined) return { ...(given !== undefined && { _id: given as unknown }), ...fields };
    if (given !== undefined && !equalValues(given, id)) {
      throw new ServerError(66, "After applying the update, the (immutable) field '_id' was found to have been altered");
    }
    return { _id: id, ...fields };
  };
}

function compileUpdatePipeline(stages: readonly unknown[]): Update {
  const steps = stages.map((stage) => {
    const [[name, value] = ["", undefined], ...more] = isObject(stage) ? Object.entries(stage) : [];
    const step = more.length === 0 ? compileMapping(name, value) : undefined;
    if (!step) throw new ServerError(72, `${toName(name)} is not allowed to be used within an update`);
    return step;
  });
  return (document) => {
    const id: unknown = document["_id"];
    const result = steps.reduce((before, step) => step(before, {}), document);
    return sameId({ ...(id !== undefined && { _id: id }), ...result }, id);
  };
}
