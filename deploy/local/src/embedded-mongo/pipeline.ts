import type { Document } from "bson";
import { compileExpression } from "./expression.js";
import type { Variables } from "./expression-types.js";
import { needsTypes } from "./filter-operators.js";
import { compileFilter } from "./filter.js";
import { compileGroup } from "./group.js";
import { isNumeric, toNumber } from "./numbers.js";
import { expressionValueAt } from "./paths.js";
import { compileAddFields, compileProjection, compileUnset } from "./projection.js";
import { badValue, ServerError, unsupported } from "./server-error.js";
import { parseSort, sortDocuments } from "./sort.js";
import { compareValues, isObject, valueKey } from "./values.js";

/** Documents of another collection of the same database, for $lookup and $unionWith. */
export type ReadCollection = (name: string) => readonly Document[];
export type Stage = (documents: readonly Document[], variables: Variables) => readonly Document[];

/**
 * An aggregation pipeline as a function. All stages are checked before the first runs.
 * @throws ServerError 40324 for an unknown stage, 238 for one that only a real server has.
 */
export function compilePipeline(pipeline: readonly unknown[], read: ReadCollection): Stage {
  const stages = pipeline.map((stage) => {
    const names = isObject(stage) ? Object.keys(stage) : [];
    const [name] = names;
    if (!isObject(stage) || name === undefined || names.length !== 1) {
      throw new ServerError(40324, "A pipeline stage specification object must contain exactly one field.");
    }
    return compileStage(name, stage[name], read);
  });
  return (documents, variables) => stages.reduce((rows, stage) => stage(rows, variables), documents);
}

const known = /^\$(bucketAuto|changeStream|collStats|densify|fill|geoNear|graphLookup|indexStats|merge|out|redact|search|setWindowFields)$/;

function compileStage(name: string, value: unknown, read: ReadCollection): Stage {
  switch (name) {
    case "$match": {
      if (!isObject(value)) throw badValue("the match filter must be an expression in an object");
      if (needsTypes(value)) throw unsupported("$type of int, long or double in a $match that is not the first stage");
      compileFilter(value); // an error shows before the first stage runs
      return (documents, variables) => documents.filter(compileFilter(value, variables));
    }
    case "$project":
      return mapping(compileProjection(objectOf(name, value)));
    case "$addFields":
    case "$set":
      return mapping(compileAddFields(objectOf(name, value)));
    case "$unset":
      return mapping(compileUnset(value));
    case "$replaceRoot":
      return replaceRoot(objectOf(name, value)["newRoot"]);
    case "$replaceWith":
      return replaceRoot(value);
    case "$group":
      return compileGroup(value);
    case "$sort": {
      const keys = parseSort(objectOf(name, value));
      return (documents) => sortDocuments(documents, (document) => document, keys);
    }
    case "$limit": {
      const limit = whole(name, value);
      if (limit < 1) throw badValue("the limit must be positive");
      return (documents) => documents.slice(0, limit);
    }
    case "$skip": {
      const skip = whole(name, value);
      return (documents) => documents.slice(skip);
    }
    case "$count":
      if (typeof value !== "string" || value === "" || /[$.]/.test(value)) throw badValue("the count field must be a non-empty string");
      return (documents) => (documents.length === 0 ? [] : [{ [value]: documents.length }]);
    case "$sortByCount": {
      const group = compileGroup({ _id: value, count: { $sum: 1 } });
      return (documents, variables) => sortDocuments(group(documents, variables), (document) => document, parseSort({ count: -1 }));
    }
    case "$unwind":
      return unwind(value);
    case "$facet": {
      const facets = Object.entries(objectOf(name, value)).map(
        ([key, stages]) => [key, compilePipeline(stages as unknown[], read)] as const,
      );
      return (documents, variables) => [Object.fromEntries(facets.map(([key, run]) => [key, run(documents, variables)]))];
    }
    case "$lookup":
      return lookup(objectOf(name, value), read);
    case "$unionWith": {
      const { coll, pipeline = [] } = typeof value === "string" ? { coll: value } : (value as { coll: string; pipeline?: unknown[] });
      const run = compilePipeline(pipeline, read);
      return (documents, variables) => [...documents, ...run(read(coll), variables)];
    }
    case "$sample": {
      const size = whole(name, objectOf(name, value)["size"]);
      return (documents) => shuffled(documents).slice(0, size);
    }
    case "$bucket":
      return bucket(objectOf(name, value));
    case "$documents": {
      const rows = compileExpression(value);
      return (_documents, variables) => rows({}, variables) as Document[];
    }
    default:
      if (known.test(name)) throw unsupported(`the stage ${name}`);
      throw new ServerError(40324, `Unrecognized pipeline stage name: '${name}'`);
  }
}

const mapping =
  (transform: (document: Document, variables?: Variables) => Document): Stage =>
  (documents, variables) =>
    documents.map((document) => transform(document, variables));

const objectOf = (name: string, value: unknown): Document => {
  if (!isObject(value) || Object.keys(value).length === 0) throw badValue(`${name} specification must be a non-empty object`);
  return value;
};

const whole = (name: string, value: unknown): number => {
  if (!isNumeric(value) || !Number.isInteger(toNumber(value)) || toNumber(value) < 0) throw badValue(`invalid argument to ${name}`);
  return toNumber(value);
};

function replaceRoot(source: unknown): Stage {
  const expression = compileExpression(source);
  return (documents, variables) =>
    documents.map((document) => {
      const root = expression(document, variables);
      if (!isObject(root)) throw badValue("'newRoot' expression must evaluate to an object");
      return root;
    });
}

function unwind(value: unknown): Stage {
  const { path, preserveNullAndEmptyArrays = false, includeArrayIndex } = isObject(value) ? value : { path: value };
  if (typeof path !== "string" || !path.startsWith("$")) throw badValue("$unwind needs a path that starts with '$'");
  const parts = path.slice(1).split(".");
  const place = (document: Document, item: unknown, index: number | null) => {
    const row = item === undefined ? document : withValueAt(document, parts, item);
    return typeof includeArrayIndex === "string" ? { ...row, [includeArrayIndex]: index } : row;
  };
  return (documents) =>
    documents.flatMap((document) => {
      const items = expressionValueAt(document, parts);
      if (Array.isArray(items) && items.length > 0) return items.map((item, index) => place(document, item, index));
      if (items !== undefined && items !== null && !Array.isArray(items)) return [place(document, items, null)];
      return preserveNullAndEmptyArrays ? [place(Array.isArray(items) ? withoutValueAt(document, parts) : document, undefined, null)] : [];
    });
}

const withValueAt = (document: Document, [part = "", ...rest]: readonly string[], value: unknown): Document => ({
  ...document,
  [part]: rest.length === 0 ? value : withValueAt(document[part] as Document, rest, value),
});

function withoutValueAt(document: Document, [part = "", ...rest]: readonly string[]): Document {
  const { [part]: below, ...others } = document;
  return rest.length === 0 ? others : { ...document, [part]: withoutValueAt(below as Document, rest) };
}

function lookup(specification: Document, read: ReadCollection): Stage {
  const { from, localField, foreignField, as, let: bindings = {}, pipeline = [] } = specification;
  if (typeof from !== "string" || typeof as !== "string") throw badValue("$lookup needs 'from' and 'as'");
  if ((localField === undefined) !== (foreignField === undefined)) throw badValue("$lookup needs localField and foreignField, or neither");
  const run = compilePipeline(pipeline as unknown[], read);
  const values = Object.entries(bindings as Document).map(([key, value]) => [key, compileExpression(value)] as const);
  return (documents, variables) => {
    const foreign = read(from);
    const index = typeof foreignField === "string" ? indexBy(foreign, foreignField) : undefined;
    return documents.map((document) => {
      const local = index && keysAt(document, String(localField));
      const rows = index && local ? [...new Set(local.flatMap((key) => index.get(key) ?? []))] : foreign;
      const bound = Object.fromEntries(values.map(([key, expression]) => [key, expression(document, variables)]));
      return withValueAt(document, as.split("."), run(rows, { ...variables, ...bound }));
    });
  };
}

/** Each value of the field, each element of an array, and null for a missing field. */
function keysAt(document: Document, path: string): string[] {
  const value = expressionValueAt(document, path.split("."));
  return Array.isArray(value) ? [valueKey(value), ...value.map(valueKey)] : [valueKey(value)];
}

function indexBy(documents: readonly Document[], path: string): Map<string, Document[]> {
  const index = new Map<string, Document[]>();
  for (const document of documents) {
    for (const key of new Set(keysAt(document, path))) {
      const rows = index.get(key);
      if (rows) rows.push(document);
      else index.set(key, [document]);
    }
  }
  return index;
}

function shuffled<T>(items: readonly T[]): T[] {
  const rows = [...items];
  for (let i = rows.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [rows[i], rows[j]] = [rows[j] as T, rows[i] as T];
  }
  return rows;
}

function bucket({ groupBy, boundaries, default: fallback, output = { count: { $sum: 1 } } }: Document): Stage {
  const edges = boundaries as unknown[];
  if (!Array.isArray(edges) || edges.length < 2) throw badValue("$bucket needs at least two boundaries");
  const value = compileExpression(groupBy);
  const group = compileGroup({ _id: "$bucket", ...mapValues(output as Document, rebase) });
  return (documents, variables) => {
    const rows = documents.map((document) => {
      const at = value(document, variables) ?? null;
      const upper = edges.findIndex((edge) => compareValues(at, edge) < 0);
      if (upper > 0) return { bucket: edges[upper - 1], document };
      if (fallback === undefined) throw badValue("$bucket could not find a matching branch for an input, and no default was specified");
      return { bucket: fallback as unknown, document };
    });
    return sortDocuments(group(rows, variables), (document) => document, parseSort({ _id: 1 }));
  };
}

const mapValues = (object: Document, change: (value: unknown) => unknown): Document =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));

/** "$a" inside a $bucket's output means a field of the original document. */
function rebase(value: unknown): unknown {
  if (typeof value === "string") return value.startsWith("$") && !value.startsWith("$$") ? `$document.${value.slice(1)}` : value;
  if (Array.isArray(value)) return value.map(rebase);
  return isObject(value) && !("$literal" in value) ? mapValues(value, rebase) : value;
}
