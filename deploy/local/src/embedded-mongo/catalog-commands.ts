import type { Document } from "bson";
import { isObject } from "./bson-types.js";
import type { Collection } from "./collection.js";
import { flag, namespaceOf, optionalObject, type Handler, type Server } from "./command.js";
import { rowsOf } from "./cursors.js";
import { compileFilter } from "./filter.js";
import { indexName } from "./index-options.js";
import { checkNamespace, splitNamespace } from "./namespaces.js";
import { OrderedIndex } from "./ordered-index.js";
import { ServerError, typeMismatch, unsupported } from "./server-error.js";
import { encode, equalValues } from "./values.js";

const maxIndexes = 64;

const create: Handler = {
  fields: ["capped"],
  writes: true,
  run(command, { catalog }) {
    if (flag(command.body, "capped")) throw unsupported("capped collections");
    catalog.ensure(namespaceOf(command)); // since 7.0 a collection that exists with the same options is no error
    return {};
  },
};

const drop: Handler = {
  fields: [],
  writes: true,
  run(command, { catalog }) {
    const namespace = namespaceOf(command);
    const collection = catalog.collection(namespace);
    catalog.drop(namespace);
    return { ns: namespace, ...(collection && { nIndexesWas: collection.indexes.length }) };
  },
};

/** Within one database: across two it would be a copy. */
const renameCollection: Handler = {
  fields: ["to", "dropTarget"],
  writes: true,
  run({ body }, { catalog }) {
    const { renameCollection: from, to, dropTarget = false } = body as Record<string, unknown>;
    if (typeof from !== "string" || typeof to !== "string") throw typeMismatch("renameCollection and to must be texts");
    if (dropTarget !== true && dropTarget !== false) throw unsupported("dropTarget by UUID");
    if (splitNamespace(from)[0] !== splitNamespace(to)[0]) throw unsupported("renameCollection across databases");
    if (from === to) throw new ServerError(20, "Can't rename a collection to itself");
    checkNamespace(to);
    if (!catalog.collection(from)) throw new ServerError(26, `Source collection ${from} does not exist`);
    if (catalog.collection(to) && !dropTarget) throw new ServerError(48, "target namespace exists");
    catalog.rename(from, to);
    return {};
  },
};

const dropDatabase: Handler = {
  fields: [],
  writes: true,
  run({ database }, { catalog }) {
    for (const namespace of namespacesOf(catalog, database)) catalog.drop(namespace);
    return { dropped: database };
  },
};

const namespacesOf = (catalog: Server["catalog"], database: string): string[] =>
  catalog.names().filter((namespace) => splitNamespace(namespace)[0] === database);

const listCollections: Handler = {
  fields: ["filter", "nameOnly", "cursor", "authorizedCollections"],
  run({ database, body }, { catalog, cursors }) {
    const matches = compileFilter(optionalObject(body, "filter"));
    const rows = namespacesOf(catalog, database).map((namespace) => {
      const name = splitNamespace(namespace)[1];
      const details = { options: {}, info: { readOnly: false }, idIndex: { v: 2, key: { _id: 1 }, name: "_id_" } };
      return { name, type: "collection", ...(!flag(body, "nameOnly") && details) };
    });
    return cursors.first(`${database}.$cmd.listCollections`, rowsOf(rows.filter(matches), encode), { batchSize: Infinity });
  },
};

const listDatabases: Handler = {
  fields: ["filter", "nameOnly", "authorizedDatabases"],
  run({ body }, { catalog }) {
    const sizes = new Map<string, number>();
    for (const namespace of catalog.names()) {
      const name = splitNamespace(namespace)[0];
      sizes.set(name, (sizes.get(name) ?? 0) + (catalog.collection(namespace)?.dataBytes ?? 0));
    }
    const rows = [...sizes].map(([name, sizeOnDisk]) => ({ name, sizeOnDisk, empty: false }));
    const databases: Document[] = rows.filter(compileFilter(optionalObject(body, "filter")));
    if (flag(body, "nameOnly")) return { databases: databases.map(({ name }) => ({ name: name as string })) };
    return { databases, totalSize: rows.reduce((sum, { sizeOnDisk }) => sum + sizeOnDisk, 0) };
  },
};

const createIndexes: Handler = {
  fields: ["indexes", "commitQuorum"],
  writes: true,
  run(command, { catalog }) {
    const namespace = namespaceOf(command);
    const given: unknown = command.body["indexes"];
    if (!Array.isArray(given) || !given.every(isObject))
      throw typeMismatch("BSON field 'createIndexes.indexes' must be an array of objects");
    if (given.length === 0) throw new ServerError(2, "Must specify at least one index to create");
    checkNamespace(namespace);
    const existed = catalog.collection(namespace) !== undefined;
    const specs = given.map((spec): Document => ({ v: 2, ...spec, name: nameOf(spec) }));
    // All are checked before one is made.
    const unused = { entries: () => [], duplicate: () => new ServerError(11000, "") };
    for (const spec of specs) new OrderedIndex(spec, unused);
    const collection = catalog.ensure(namespace);
    const numIndexesBefore = collection.indexes.length;
    for (const spec of specs) {
      if (existing(collection, spec)) continue;
      if (collection.indexes.length >= maxIndexes) throw new ServerError(67, `add index fails, too many indexes for ${namespace}`);
      catalog.createIndex(collection, spec);
    }
    return { numIndexesBefore, numIndexesAfter: collection.indexes.length, createdCollectionAutomatically: !existed };
  },
};

function nameOf(spec: Document): string {
  const name: unknown = (spec["name"] as unknown) ?? indexName(spec["key"]);
  if (typeof name !== "string") throw typeMismatch("The field 'name' must be a string");
  if (name === "" || name === "*") throw new ServerError(67, `The index name '${name}' is not valid.`);
  return name;
}

/** Whether the same index is there already. @throws ServerError when another one has its name or its key. */
function existing(collection: Collection, spec: Document): boolean {
  const essence = ({ key, unique = false, sparse = false, partialFilterExpression = null, expireAfterSeconds = null }: Document) => ({
    key: Object.entries(key as Document),
    unique: unique as unknown,
    sparse: sparse as unknown,
    partialFilterExpression: partialFilterExpression as unknown,
    expireAfterSeconds: expireAfterSeconds as unknown,
  });
  const sameKey = ({ spec: other }: OrderedIndex) => equalValues(essence(other).key, essence(spec).key);
  const twin = collection.indexes.find((index) => index.name === spec["name"]) ?? collection.indexes.find(sameKey);
  if (!twin) return false;
  if (twin.name === "_id_" && sameKey(twin)) return true;
  if (twin.name === spec["name"] && equalValues(essence(twin.spec), essence(spec))) return true;
  if (twin.name === spec["name"] && !sameKey(twin)) {
    throw new ServerError(86, `An existing index has the same name as the requested index: ${twin.name}`);
  }
  throw new ServerError(85, `An equivalent index already exists with a different name or different options: ${twin.name}`);
}

const listIndexes: Handler = {
  fields: ["cursor"],
  run(command, { catalog, cursors }) {
    const namespace = namespaceOf(command);
    const collection = catalog.collection(namespace);
    if (!collection) throw new ServerError(26, `ns does not exist: ${namespace}`);
    const rows = rowsOf(collection.indexes, ({ spec }) => encode(spec));
    return cursors.first(namespace, rows, { batchSize: Infinity });
  },
};

const dropIndexes: Handler = {
  fields: ["index"],
  writes: true,
  run(command, { catalog }) {
    const collection = catalog.collection(namespaceOf(command));
    if (!collection) throw new ServerError(26, "ns not found");
    const wanted: unknown = command.body["index"];
    if (wanted === undefined) throw new ServerError(40414, "BSON field 'dropIndexes.index' is missing but a required field");
    const nIndexesWas = collection.indexes.length;
    for (const name of wanted === "*" ? collection.indexes.slice(1).map((index) => index.name) : [wanted].flat()) {
      const index = collection.indexes.find((index) => (isObject(name) ? equalValues(index.spec["key"], name) : index.name === name));
      if (!index) throw new ServerError(27, `index not found with name [${typeof name === "string" ? name : JSON.stringify(name)}]`);
      if (index.name === "_id_") throw new ServerError(72, "cannot drop _id index");
      catalog.dropIndex(collection, index.name);
    }
    return { nIndexesWas };
  },
};

export const catalogCommands: Record<string, Handler> = {
  create,
  drop,
  renameCollection,
  dropDatabase,
  listCollections,
  listDatabases,
  createIndexes,
  listIndexes,
  dropIndexes,
};
