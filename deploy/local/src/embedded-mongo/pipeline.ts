import type { Document } from "bson";
import { isObject } from "./bson-types.js";
import { compileExpression } from "./expression.js";
import { toKey, toName } from "./field-names.js";
import { needsTypes } from "./filter-operators.js";
import { compileFilter } from "./filter.js";
import { compileGroup, type Group } from "./group.js";
import { compileBucket } from "./pipeline-bucket.js";
import { compileLookup } from "./pipeline-lookup.js";
import { compileMapping } from "./pipeline-mappings.js";
import { compileUnwind } from "./pipeline-unwind.js";
import { collect, plainPieces, type Pieces, type ReadCollection, type Stage, type StageContext } from "./pipeline-pieces.js";
import { objectOf, wholeOf } from "./pipeline-values.js";
import { usesRegex } from "./regex.js";
import { badValue, ServerError, unsupported } from "./server-error.js";
import { parseSort, sortDocuments, type SortKey } from "./sort.js";

/**
 * An aggregation pipeline as a function. All stages are checked before the first runs.
 * @throws ServerError 40324 for an unknown stage, 238 for one that only a real server has.
 */
export function compilePipeline(
  pipeline: readonly unknown[],
  read: ReadCollection,
): (input: Pieces, context: StageContext) => Promise<Document[]> {
  const stage = compileStages(pipeline, read);
  return async (input, context) => await collect(stage(input, context));
}

function compileStages(pipeline: readonly unknown[], read: ReadCollection, place: "top" | "inner" = "top"): Stage {
  const stages = pipeline.map((stage, index) => {
    const names = isObject(stage) ? Object.keys(stage) : [];
    const [name] = names;
    if (!isObject(stage) || name === undefined || names.length !== 1) {
      throw new ServerError(40323, "A pipeline stage specification object must contain exactly one field.");
    }
    if (name === "$documents" && (index > 0 || place === "inner"))
      throw new ServerError(40602, "$documents is only valid as the first stage in a pipeline");
    return compileStage(name, stage[name], read);
  });
  return (input, context) => stages.reduce((pieces, stage) => stage(pieces, context), input);
}

const onlyReal =
  /^\$(bucketAuto|changeStream|collStats|currentOp|densify|fill|geoNear|graphLookup|indexStats|listSessions|merge|out|redact|search|searchMeta|setWindowFields|planCacheStats)$/;

const lookupFields = ["from", "localField", "foreignField", "as", "let", "pipeline"];

function compileStage(name: string, value: unknown, read: ReadCollection): Stage {
  const transform = compileMapping(name, value);
  if (transform) return perDocument(usesRegex(value), ({ variables }) => (document) => [transform(document, variables)]);
  switch (name) {
    case "$match":
      return compileMatch(value);
    case "$group":
      return grouping(compileGroup(value), usesRegex(value));
    case "$sort":
      return sorting(parseSort(objectOf(name, value)));
    case "$limit":
      return compileLimit(wholeOf(name, value));
    case "$skip":
      return compileSkip(wholeOf(name, value));
    case "$count":
      return compileCount(value);
    case "$sortByCount": {
      if (!isObject(value) && !(typeof value === "string" && value.startsWith("$"))) {
        throw new ServerError(40149, "the sortByCount field must be specified as a string that starts with $ or an object");
      }
      const group = grouping(compileGroup({ _id: value, count: { $sum: 1 } }), usesRegex(value));
      const sort = sorting(parseSort({ count: -1 }));
      return (input, context) => sort(group(input, context), context);
    }
    case "$unwind": {
      const unwind = compileUnwind(value);
      return perDocument(false, () => unwind);
    }
    case "$facet":
      return compileFacet(objectOf(name, value), read);
    case "$lookup":
      return compileLookup(objectOf(name, value, lookupFields), read, (pipeline) => compileStages(pipeline, read, "inner"));
    case "$unionWith":
      return compileUnion(value, read);
    case "$sample": {
      const size = wholeOf(name, objectOf(name, value, ["size"])["size"]);
      return gathering((documents) => shuffled(documents).slice(0, size));
    }
    case "$bucket": {
      const { group, rows } = compileBucket(objectOf(name, value, ["groupBy", "boundaries", "default", "output"]));
      const byBoundary = perDocument(usesRegex(value), ({ variables }) => (document) => [rows(document, variables)]);
      const [fold, sort] = [grouping(group, usesRegex(value)), sorting(parseSort({ _id: 1 }))];
      return (input, context) => sort(fold(byBoundary(input, context), context), context);
    }
    case "$documents": {
      const rows = compileExpression(value);
      return gathering((_none, { variables }) => {
        const documents = rows({}, variables);
        if (!Array.isArray(documents) || !documents.every(isObject))
          throw new ServerError(5858203, "an array of objects is expected by $documents");
        return documents;
      });
    }
    default:
      if (onlyReal.test(name)) throw unsupported(`the stage ${name}`);
      throw new ServerError(40324, `Unrecognized pipeline stage name: '${toName(name)}'`);
  }
}

/** What one document becomes: none, one or several. */
function perDocument(isBounded: boolean, prepare: (context: StageContext) => (document: Document) => readonly Document[]): Stage {
  return async function* (input, context) {
    const change = prepare(context);
    for await (const piece of input) {
      const work = () => piece.flatMap(change);
      yield isBounded ? context.operation.bounded(work) : work();
    }
  };
}

/** A stage that has to see every document before it gives one. */
const gathering = (work: (documents: Document[], context: StageContext) => readonly Document[]): Stage =>
  async function* (input, context) {
    yield* context.operation.pieces(work(await collect(input), context));
  };

const sorting = (keys: readonly SortKey[]): Stage => gathering((documents, { operation }) => sortDocuments(operation, documents, keys));

function grouping(group: Group, isBounded: boolean): Stage {
  return async function* (input, { variables, operation }) {
    const fold = group(variables);
    for await (const piece of input) {
      const add = () => piece.forEach(fold.add);
      if (isBounded) operation.bounded(add);
      else add();
    }
    yield* operation.pieces(fold.result());
  };
}

function compileMatch(value: unknown): Stage {
  if (!isObject(value)) throw new ServerError(15959, "the match filter must be an expression in an object");
  if (needsTypes(value)) throw unsupported("$type of int, long or double in a $match that is not the first stage");
  compileFilter(value); // an error shows before the first stage runs
  return perDocument(usesRegex(value), ({ variables }) => {
    const matches = compileFilter(value, variables);
    return (document) => (matches(document) ? [document] : []);
  });
}

function compileLimit(limit: number): Stage {
  if (limit < 1) throw new ServerError(15958, "the limit must be positive");
  return async function* (input) {
    let left = limit;
    for await (const piece of input) {
      yield piece.slice(0, left);
      left -= piece.length;
      if (left <= 0) return;
    }
  };
}

function compileSkip(skip: number): Stage {
  return async function* (input) {
    let left = skip;
    for await (const piece of input) {
      if (left < piece.length) yield piece.slice(left);
      left = Math.max(0, left - piece.length);
    }
  };
}

function compileCount(value: unknown): Stage {
  const reason = "the count field must be a non-empty string";
  if (typeof value !== "string") throw new ServerError(40156, reason);
  if (value === "") throw new ServerError(40157, reason);
  if (/[$.\0]/.test(value)) throw new ServerError(40158, "the count field cannot be a $-prefixed path or contain '.'");
  return async function* (input) {
    let count = 0;
    for await (const piece of input) count += piece.length;
    if (count > 0) yield [{ [toKey(value)]: count }];
  };
}

function compileFacet(specification: Document, read: ReadCollection): Stage {
  const facets = Object.entries(specification).map(([key, stages]) => {
    if (key.includes(".") || key.startsWith("$")) throw new ServerError(16410, `a facet's name is no field name: ${toName(key)}`);
    if (!Array.isArray(stages)) throw new ServerError(40170, `arguments to $facet must be arrays, ${toName(key)} is another type`);
    const odd: unknown = stages.find((stage) => isObject(stage) && ["$facet", "$documents"].includes(Object.keys(stage)[0] ?? ""));
    if (odd !== undefined) throw new ServerError(40600, "$facet is not allowed to be used within a $facet stage");
    return [key, compileStages(stages, read, "inner")] as const;
  });
  return async function* (input, context) {
    const documents = await collect(input);
    const result: Document = {};
    for (const [key, stage] of facets) result[key] = await collect(stage(context.operation.pieces(documents), context));
    yield [result];
  };
}

function compileUnion(value: unknown, read: ReadCollection): Stage {
  const options: Document = typeof value === "string" ? { coll: value } : objectOf("$unionWith", value, ["coll", "pipeline"]);
  const { coll, pipeline = [] } = options;
  if (typeof coll !== "string" || !Array.isArray(pipeline))
    throw badValue("$unionWith needs the name of a collection, and a pipeline that is an array");
  const stage = compileStages(pipeline, read, "inner");
  return async function* (input, context) {
    yield* input;
    yield* stage(plainPieces(read(coll), context), context);
  };
}

function shuffled<T>(items: readonly T[]): T[] {
  const rows = [...items];
  for (let i = rows.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [rows[i], rows[j]] = [rows[j] as T, rows[i] as T];
  }
  return rows;
}
