import { Long, type Document } from "bson";
import { isObject } from "./bson-types.js";
import { flag, namespaceOf, optionalCount, optionalObject, optionalWhole, type Command, type Handler } from "./command.js";
import { rowsOf } from "./cursors.js";
import { compileFilter } from "./filter.js";
import { findDocuments } from "./find-documents.js";
import { splitPath } from "./field-names.js";
import { anyValueAt } from "./paths.js";
import { compilePipeline } from "./pipeline.js";
import { compileProjection } from "./projection.js";
import { parseHint, type Hint } from "./query-plan.js";
import { badValue, failedToParse, ServerError, typeMismatch, unsupported } from "./server-error.js";
import { parseSort, type SortKey } from "./sort.js";
import type { StoredDocument } from "./stored-document.js";
import { compareValues, decodeTyped, encode, valueKey } from "./values.js";

const find: Handler = {
  fields: [
    ...["filter", "projection", "sort", "skip", "limit", "batchSize", "singleBatch", "noCursorTimeout", "allowPartialResults"],
    ...["hint", "let", "collation", "allowDiskUse"],
  ],
  async run(command, { catalog, cursors }, operation) {
    const { body } = command;
    const namespace = namespaceOf(command);
    const limit = optionalWhole(body, "limit") ?? 0;
    const skip = optionalCount(body, "skip") ?? 0;
    const batchSize = optionalCount(body, "batchSize");
    const filter = optionalObject(body, "filter");
    const order = parseOrder(body);
    const project = projector(optionalObject(body, "projection"));
    const variables = parseVariables(body);
    compileFilter(filter, variables); // a collection that does not exist must not hide an error
    const single = flag(body, "singleBatch") || limit < 0;
    const release = catalog.lease();
    const collection = catalog.collection(namespace);
    const query = { filter, ...order, skip, limit: limit === 0 ? undefined : Math.abs(limit), variables };
    const found = collection ? await findDocuments(operation, collection, query).catch(releasing(release)) : [];
    return cursors.first(namespace, rowsOf(found, project, release), { batchSize, single });
  },
};

const releasing =
  (release: () => void) =>
  (error: unknown): never => {
    release();
    throw error;
  };

/** {$natural: 1} is an order as well as a hint. */
export function parseOrder(body: Document): { sort: SortKey[]; hint: Hint | undefined } {
  const sort = optionalObject(body, "sort");
  const hint = parseHint(body["hint"]);
  if (!("$natural" in sort)) return { sort: parseSort(sort), hint };
  if (hint) throw badValue("Cannot specify a hint with $natural sort");
  return { sort: [], hint: parseHint(sort) };
}

/** The variables of a command's `let`, which are constants here. */
function parseVariables(body: Document): Document {
  const variables = optionalObject(body, "let");
  for (const [name, value] of Object.entries(variables)) {
    if (!/^[a-z\u0080-\uffff]\w*$/.test(name)) throw failedToParse(`'${name}' is not a valid variable name`);
    if (typeof value === "string" && value.startsWith("$")) throw unsupported("expressions in a command's let");
    if (isObject(value) && Object.keys(value)[0]?.startsWith("$")) throw unsupported("expressions in a command's let");
  }
  return variables;
}

/** Without a projection a document is sent as it is stored. */
export function projector(projection: Document): (entry: StoredDocument) => Uint8Array {
  if (Object.keys(projection).length === 0) return ({ raw }) => raw;
  const project = compileProjection(projection, { find: true });
  const copies = Object.values(projection).every((value) => typeof value === "number" || typeof value === "boolean");
  // Computed fields need plain numbers; fields that are only copied keep their types.
  return copies ? ({ raw }) => encode(project(decodeTyped(raw))) : ({ plain }) => encode(project(plain));
}

const getMore: Handler = {
  fields: ["collection", "batchSize"],
  run({ body, database }, { cursors }) {
    if (body["maxTimeMS"] !== undefined) throw badValue("cannot set maxTimeMS on getMore command for a non-awaitData cursor");
    const id: unknown = body["getMore"];
    if (typeof id !== "number" && !Long.isLong(id))
      throw typeMismatch("BSON field 'getMore.getMore' is the wrong type, expected type 'long'");
    if (typeof body["collection"] !== "string") throw new ServerError(73, "collection name has invalid type for getMore");
    const batchSize = optionalCount(body, "batchSize");
    return cursors.next(Number(id), `${database}.${body["collection"]}`, batchSize === 0 ? undefined : batchSize);
  },
};

const killCursors: Handler = {
  fields: ["cursors"],
  run({ body }, { cursors }) {
    const given: unknown = body["cursors"];
    if (!Array.isArray(given)) throw typeMismatch("BSON field 'killCursors.cursors' is the wrong type, expected type 'array'");
    const ids = given.map((id) => Long.fromNumber(Number(id)));
    const cursorsKilled = ids.filter((id) => cursors.kill(id.toNumber()));
    return { cursorsKilled, cursorsNotFound: ids.filter((id) => !cursorsKilled.includes(id)), cursorsAlive: [], cursorsUnknown: [] };
  },
};

const count: Handler = {
  fields: ["query", "limit", "skip", "fields", "hint", "collation"],
  async run(command, { catalog }, operation) {
    const { body } = command;
    const filter = optionalObject(body, "query");
    const limit = Math.abs(optionalWhole(body, "limit") ?? 0);
    const skip = optionalCount(body, "skip") ?? 0;
    const hint = parseHint(body["hint"]);
    compileFilter(filter);
    const collection = catalog.collection(namespaceOf(command));
    if (!collection) return { n: 0 };
    if (Object.keys(filter).length === 0 && !hint)
      return { n: Math.min(Math.max(0, collection.size - skip), limit === 0 ? Infinity : limit) };
    return { n: (await findDocuments(operation, collection, { filter, skip, limit: limit === 0 ? undefined : limit, hint })).length };
  },
};

const distinct: Handler = {
  fields: ["key", "query", "collation"],
  async run(command, { catalog }, operation) {
    const { body } = command;
    if (typeof body["key"] !== "string") throw typeMismatch("BSON field 'distinct.key' is the wrong type, expected type 'string'");
    const path = splitPath(body["key"]);
    const filter = optionalObject(body, "query");
    compileFilter(filter);
    const collection = catalog.collection(namespaceOf(command));
    const values = new Map<string, unknown>();
    const keep = (item: unknown) => {
      if (item !== undefined && !values.has(valueKey(item))) values.set(valueKey(item), item);
    };
    const found = collection ? await findDocuments(operation, collection, { filter }) : [];
    for await (const piece of operation.pieces(found)) {
      for (const { raw } of piece) {
        anyValueAt(decodeTyped(raw), path, (value) => {
          for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) keep(item);
          return false;
        });
      }
    }
    return { values: [...values.values()].sort(compareValues) };
  },
};

const aggregate: Handler = {
  fields: ["pipeline", "cursor", "explain", "allowDiskUse", "bypassDocumentValidation", "hint", "let", "collation"],
  async run(command, { catalog, cursors }, operation) {
    const { body, database } = command;
    const { pipeline, namespace, batchSize } = parseAggregate(command);
    const hint = parseHint(body["hint"]);
    const variables = parseVariables(body);
    const documentsOf = (name: string) => catalog.collection(`${database}.${name}`)?.all() ?? [];
    const stages = splitFind(pipeline);
    compileFilter(stages.find.filter, variables);
    const transform = compilePipeline(stages.rest, documentsOf);
    const collection = catalog.collection(namespace);
    const release = catalog.lease();
    const found = collection
      ? await findDocuments(operation, collection, { ...stages.find, variables, hint }).catch(releasing(release))
      : [];
    if (stages.rest.length === 0)
      return cursors.first(
        namespace,
        rowsOf(found, ({ raw }) => raw, release),
        { batchSize },
      );
    release();
    const results = await transform(plainDocuments(operation, found), { variables, operation });
    return cursors.first(namespace, rowsOf(results, encode), { batchSize });
  },
};

async function* plainDocuments(operation: { pieces<T>(items: Iterable<T>): AsyncIterable<T[]> }, found: readonly StoredDocument[]) {
  for await (const piece of operation.pieces(found)) yield piece.map(({ plain }) => plain);
}

function parseAggregate(command: Command): { pipeline: unknown[]; namespace: string; batchSize: number | undefined } {
  const { body, name, database } = command;
  if (flag(body, "explain")) throw unsupported("explain");
  const pipeline: unknown = body["pipeline"];
  if (!Array.isArray(pipeline)) throw typeMismatch("BSON field 'aggregate.pipeline' must be an array");
  const cursor: unknown = body["cursor"];
  if (!isObject(cursor)) throw failedToParse("The 'cursor' option is required, except for aggregate with the explain argument");
  const odd = Object.keys(cursor).find((key) => key !== "batchSize");
  if (odd !== undefined) throw new ServerError(40415, `BSON field 'cursor.${odd}' is an unknown field.`);
  const startsFromNothing = isObject(pipeline[0]) && "$documents" in pipeline[0];
  if (body[name] === 1 && !startsFromNothing) throw new ServerError(73, "{aggregate: 1} is not valid for this pipeline");
  if (body[name] !== 1 && startsFromNothing) throw new ServerError(73, "$documents is not valid on a collection");
  const namespace = body[name] === 1 ? `${database}.$cmd.aggregate` : namespaceOf(command);
  return { pipeline, namespace, batchSize: optionalCount(cursor, "batchSize") };
}

/** Leading $match, $sort, $skip and $limit stages, in that order, are a find: it may use indexes. What is not well formed stays. */
function splitFind(pipeline: readonly unknown[]): {
  find: { filter: Document; sort: SortKey[]; skip: number; limit?: number };
  rest: unknown[];
} {
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
  const isSort = (value: unknown): value is Document => isObject(value) && Object.keys(value).length > 0;
  const filter = take("$match", isObject) ?? {};
  const sort = parseSort(take("$sort", isSort) ?? {});
  const skip = take("$skip", isWhole) ?? 0;
  const limit = take("$limit", isWhole);
  return { find: { filter, sort, skip, ...(limit !== undefined && { limit }) }, rest };
}

export const readCommands: Record<string, Handler> = { find, getMore, killCursors, count, distinct, aggregate };
