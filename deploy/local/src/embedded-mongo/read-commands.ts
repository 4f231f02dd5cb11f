import type { Document } from "bson";
import { checkFields, flag, namespaceOf, optionalObject, optionalWhole, type Handler } from "./command.js";
import { compileFilter } from "./filter.js";
import { anyValueAt } from "./paths.js";
import { compilePipeline } from "./pipeline.js";
import { compileProjection } from "./projection.js";
import { findDocuments } from "./query-plan.js";
import { ServerError, unsupported } from "./server-error.js";
import { compareValues, decodeTyped, encode, isObject, valueKey, type StoredDocument } from "./values.js";
import { parseSort } from "./sort.js";

const find: Handler = (command, { catalog, cursors }) => {
  const { body } = command;
  const options = ["filter", "projection", "sort", "skip", "limit", "batchSize", "singleBatch", "noCursorTimeout", "allowPartialResults"];
  checkFields(command, options);
  const namespace = namespaceOf(command);
  const limit = optionalWhole(body, "limit") ?? 0;
  const skip = optionalWhole(body, "skip") ?? 0;
  if (skip < 0) throw new ServerError(2, "BSON field 'skip' value must be >= 0");
  const filter = optionalObject(body, "filter");
  const sort = parseSort(optionalObject(body, "sort"));
  const project = projector(optionalObject(body, "projection"));
  compileFilter(filter); // a collection that does not exist must not hide an error
  const collection = catalog.collection(namespace);
  const variables = optionalObject(body, "let");
  const query = { filter, sort, skip, limit: limit === 0 ? undefined : Math.abs(limit), variables };
  const found = collection ? findDocuments(collection, query) : [];
  const batchSize = optionalWhole(body, "batchSize");
  if (batchSize !== undefined && batchSize < 0) throw new ServerError(2, "BSON field 'batchSize' value must be >= 0");
  return cursors.first(namespace, found.map(project), { batchSize, single: flag(body, "singleBatch") || limit < 0 });
};

/** Without a projection a document is sent as it is stored. */
export function projector(projection: Document): (entry: StoredDocument) => Uint8Array {
  if (Object.keys(projection).length === 0) return ({ raw }) => raw;
  const project = compileProjection(projection, { find: true });
  const copies = Object.values(projection).every((value) => typeof value === "number" || typeof value === "boolean");
  // Computed fields need plain numbers; fields that are only copied keep their types.
  return copies ? ({ raw }) => encode(project(decodeTyped(raw))) : ({ plain }) => encode(project(plain));
}

const getMore: Handler = (command, { cursors }) => {
  checkFields(command, ["collection", "batchSize"]);
  const { body, database } = command;
  const id = optionalWhole(body, "getMore") ?? 0;
  return cursors.next(id, `${database}.${String(body["collection"])}`, optionalWhole(body, "batchSize") || undefined);
};

const killCursors: Handler = ({ body }, { cursors }) => {
  const ids = ((body["cursors"] ?? []) as unknown[]).map(Number);
  const cursorsKilled = ids.filter((id) => cursors.kill(id));
  return { cursorsKilled, cursorsNotFound: ids.filter((id) => !cursorsKilled.includes(id)), cursorsAlive: [], cursorsUnknown: [] };
};

const count: Handler = (command, { catalog }) => {
  checkFields(command, ["query", "limit", "skip", "fields"]);
  const { body } = command;
  const filter = optionalObject(body, "query");
  const limit = Math.abs(optionalWhole(body, "limit") ?? 0);
  compileFilter(filter);
  const collection = catalog.collection(namespaceOf(command));
  if (!collection) return { n: 0 };
  const skip = optionalWhole(body, "skip") ?? 0;
  if (Object.keys(filter).length === 0) return { n: Math.min(Math.max(0, collection.size - skip), limit === 0 ? Infinity : limit) };
  return { n: findDocuments(collection, { filter, skip, limit: limit === 0 ? undefined : limit }).length };
};

const distinct: Handler = (command, { catalog }) => {
  checkFields(command, ["key", "query"]);
  const { body } = command;
  const path = String(body["key"]).split(".");
  const filter = optionalObject(body, "query");
  compileFilter(filter);
  const collection = catalog.collection(namespaceOf(command));
  const values = new Map<string, unknown>();
  for (const { raw } of collection ? findDocuments(collection, { filter }) : []) {
    anyValueAt(decodeTyped(raw), path, (value) => {
      for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
        if (item !== undefined && !values.has(valueKey(item))) values.set(valueKey(item), item);
      }
      return false;
    });
  }
  return { values: [...values.values()].sort(compareValues) };
};

const aggregate: Handler = (command, { catalog, cursors }) => {
  checkFields(command, ["pipeline", "cursor", "explain"]);
  const { body, name, database } = command;
  if (flag(body, "explain")) throw unsupported("explain");
  const pipeline: unknown = body["pipeline"];
  if (!Array.isArray(pipeline)) throw new ServerError(14, "BSON field 'aggregate.pipeline' must be an array");
  if (!isObject(body["cursor"]))
    throw new ServerError(9, "The 'cursor' option is required, except for aggregate with the explain argument");
  const namespace = body[name] === 1 ? `${database}.$cmd.aggregate` : namespaceOf(command);
  const startsFromNothing = isObject(pipeline[0]) && "$documents" in pipeline[0];
  if (body[name] === 1 && !startsFromNothing) throw new ServerError(73, "{aggregate: 1} is not valid for this pipeline");
  if (body[name] !== 1 && startsFromNothing) throw new ServerError(73, "$documents is not valid on a collection");
  const read = (from: string) => [...(catalog.collection(`${database}.${from}`)?.all() ?? [])].map(({ plain }) => plain);
  const variables = optionalObject(body, "let");
  const stages = splitFind(pipeline);
  compileFilter(stages.find.filter);
  const transform = compilePipeline(stages.rest, read);
  const collection = catalog.collection(namespace);
  const found = collection ? findDocuments(collection, { ...stages.find, variables }) : [];
  const results =
    stages.rest.length === 0
      ? found.map(({ raw }) => raw)
      : transform(
          found.map(({ plain }) => plain),
          variables,
        ).map((document) => encode(document));
  return cursors.first(namespace, results, { batchSize: optionalWhole(body["cursor"], "batchSize") });
};

/** Leading $match, $sort, $skip and $limit stages, in that order, are a find: it may use indexes. What is not well formed stays. */
function splitFind(pipeline: readonly unknown[]): { find: Parameters<typeof findDocuments>[1]; rest: unknown[] } {
  const rest = [...pipeline];
  const take = <T>(name: string, accept: (value: unknown) => value is T): T | undefined => {
    const [stage] = rest;
    if (!isObject(stage) || Object.keys(stage).join() !== name) return undefined;
    const value: unknown = stage[name];
    if (!accept(value)) return undefined;
    rest.shift();
    return value;
  };
  const isWhole = (value: unknown): value is number => Number.isInteger(value) && Number(value) > 0;
  const filter = take("$match", isObject) ?? {};
  const sort = parseSort(take("$sort", isObject) ?? {});
  return { find: { filter, sort, skip: take("$skip", isWhole) ?? 0, limit: take("$limit", isWhole) }, rest };
}

export const readCommands: Record<string, Handler> = { find, getMore, killCursors, count, distinct, aggregate };
