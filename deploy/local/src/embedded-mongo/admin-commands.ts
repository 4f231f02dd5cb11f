import { hostname, totalmem } from "node:os";
import type { Document } from "bson";
import { splitNamespace } from "./catalog.js";
import type { Collection } from "./collection.js";
import { checkFields, flag, namespaceOf, optionalObject, type Handler, type Server } from "./command.js";
import { compileFilter } from "./filter.js";
import { indexName, OrderedIndex } from "./ordered-index.js";
import { ServerError, unsupported } from "./server-error.js";
import { encode, equalValues, isObject } from "./values.js";
import { maxMessageBytes } from "./wire-protocol.js";

const version = "7.0.0";
const notice = "flow-rag embedded: for trying out and tests";

const hello: Handler = ({ name, connectionId }) => ({
  helloOk: true,
  [name === "hello" ? "isWritablePrimary" : "ismaster"]: true,
  maxBsonObjectSize: 16 * 1024 * 1024,
  maxMessageSizeBytes: maxMessageBytes,
  maxWriteBatchSize: 100_000,
  localTime: new Date(),
  // A standalone server has sessions but neither transactions nor retryable writes: the driver sees that no replica set is named.
  logicalSessionTimeoutMinutes: 30,
  connectionId,
  minWireVersion: 0,
  maxWireVersion: 21,
  readOnly: false,
});

const buildInfo: Handler = () => ({
  version,
  versionArray: [7, 0, 0, 0],
  gitVersion: "flow-rag",
  modules: [notice],
  bits: 64,
  debug: false,
  maxBsonObjectSize: 16 * 1024 * 1024,
  storageEngines: ["flow-rag-embedded"],
});

const serverStatus: Handler = (_command, { startedAt, cursors }) => ({
  host: hostname(),
  version,
  process: "flow-rag-embedded",
  pid: process.pid,
  uptime: (Date.now() - Number(startedAt)) / 1000,
  localTime: new Date(),
  storageEngine: { name: "flow-rag-embedded", persistent: true },
  metrics: { cursor: { open: { total: cursors.size } } },
});

const hostInfo: Handler = () => ({
  system: { hostname: hostname(), memSizeMB: Math.round(totalmem() / 2 ** 20), cpuArch: process.arch },
  os: { type: process.platform },
});

const getLog: Handler = ({ body }) => {
  const log = body["getLog"] === "startupWarnings" ? [JSON.stringify({ s: "W", msg: notice })] : [];
  return { totalLinesWritten: log.length, log };
};

const create: Handler = (command, { catalog }) => {
  checkFields(command, ["capped", "autoIndexId"]);
  if (flag(command.body, "capped")) throw unsupported("capped collections");
  catalog.ensure(namespaceOf(command)); // since 7.0 a collection that exists with the same options is no error
  return {};
};

const drop: Handler = (command, { catalog }) => {
  checkFields(command, []);
  const namespace = namespaceOf(command);
  const collection = catalog.collection(namespace);
  catalog.drop(namespace);
  return { ns: namespace, ...(collection && { nIndexesWas: collection.indexes.length }) };
};

/** Within one database, as renaming across them copies. */
const renameCollection: Handler = (command, { catalog }) => {
  checkFields(command, ["to", "dropTarget"]);
  const { renameCollection: from, to, dropTarget = false } = command.body as Record<string, unknown>;
  if (typeof from !== "string" || typeof to !== "string") throw new ServerError(14, "renameCollection and to must be namespaces");
  if (dropTarget !== true && dropTarget !== false) throw unsupported("dropTarget by UUID");
  if (splitNamespace(from)[0] !== splitNamespace(to)[0]) throw unsupported("renameCollection across databases");
  if (from === to) throw new ServerError(20, "Can't rename a collection to itself");
  const collection = catalog.collection(from);
  if (!collection) throw new ServerError(26, `Source collection ${from} does not exist`);
  if (catalog.collection(to) && !dropTarget) throw new ServerError(48, "target namespace exists");
  catalog.ensure(to); // checks the name
  catalog.rename(collection, to);
  return {};
};

const dropDatabase: Handler = ({ database }, { catalog }) => {
  for (const namespace of namespacesOf(catalog, database)) catalog.drop(namespace);
  return { dropped: database };
};

const namespacesOf = (catalog: Server["catalog"], database: string): string[] =>
  catalog.names().filter((namespace) => splitNamespace(namespace)[0] === database);

const listCollections: Handler = (command, { catalog, cursors }) => {
  checkFields(command, ["filter", "nameOnly", "cursor", "authorizedCollections"]);
  const { database, body } = command;
  const matches = compileFilter(optionalObject(body, "filter"));
  const rows = namespacesOf(catalog, database).map((namespace) => {
    const name = splitNamespace(namespace)[1];
    const details = { options: {}, info: { readOnly: false }, idIndex: { v: 2, key: { _id: 1 }, name: "_id_" } };
    return { name, type: "collection", ...(!flag(body, "nameOnly") && details) };
  });
  return cursors.first(`${database}.$cmd.listCollections`, rows.filter(matches).map(encode), { batchSize: Infinity });
};

const listDatabases: Handler = (command, { catalog }) => {
  checkFields(command, ["filter", "nameOnly", "authorizedDatabases"]);
  const sizes = new Map<string, number>();
  for (const namespace of catalog.names()) {
    const name = splitNamespace(namespace)[0];
    const documents = [...(catalog.collection(namespace)?.all() ?? [])];
    sizes.set(name, (sizes.get(name) ?? 0) + documents.reduce((sum, { raw }) => sum + raw.length, 0));
  }
  const rows = [...sizes].map(([name, sizeOnDisk]) => ({ name, sizeOnDisk, empty: false }));
  const databases: Document[] = rows.filter(compileFilter(optionalObject(command.body, "filter")));
  if (flag(command.body, "nameOnly")) return { databases: databases.map(({ name }) => ({ name: name as string })) };
  return { databases, totalSize: rows.reduce((sum, { sizeOnDisk }) => sum + sizeOnDisk, 0) };
};

const createIndexes: Handler = (command, { catalog }) => {
  checkFields(command, ["indexes", "commitQuorum"]);
  const namespace = namespaceOf(command);
  const existed = catalog.collection(namespace) !== undefined;
  const specs = (command.body["indexes"] as Document[]).map((spec): Document => ({
    v: 2,
    ...spec,
    name: (spec["name"] as unknown) ?? indexName(spec["key"]),
  }));
  for (const spec of specs) new OrderedIndex(spec); // all are checked before one is made
  const collection = catalog.ensure(namespace);
  const numIndexesBefore = collection.indexes.length;
  for (const spec of specs) if (!existing(collection, spec)) catalog.createIndex(collection, spec);
  return { numIndexesBefore, numIndexesAfter: collection.indexes.length, createdCollectionAutomatically: !existed };
};

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

const listIndexes: Handler = (command, { catalog, cursors }) => {
  checkFields(command, ["cursor"]);
  const namespace = namespaceOf(command);
  const collection = catalog.collection(namespace);
  if (!collection) throw new ServerError(26, `ns does not exist: ${namespace}`);
  return cursors.first(
    namespace,
    collection.indexes.map(({ spec }) => encode(spec)),
    { batchSize: Infinity },
  );
};

const dropIndexes: Handler = (command, { catalog }) => {
  checkFields(command, ["index"]);
  const collection = catalog.collection(namespaceOf(command));
  if (!collection) throw new ServerError(26, "ns not found");
  const wanted: unknown = command.body["index"];
  const nIndexesWas = collection.indexes.length;
  for (const name of wanted === "*" ? collection.indexes.slice(1).map((index) => index.name) : [wanted].flat()) {
    const index = collection.indexes.find((index) => (isObject(name) ? equalValues(index.spec["key"], name) : index.name === name));
    if (!index) throw new ServerError(27, `index not found with name [${String(name)}]`);
    if (index.name === "_id_") throw new ServerError(72, "cannot drop _id index");
    catalog.dropIndex(collection, index.name);
  }
  return { nIndexesWas };
};

const nothing: Handler = () => ({});

export const adminCommands: Record<string, Handler> = {
  hello,
  isMaster: hello,
  ismaster: hello,
  ping: nothing,
  buildInfo,
  buildinfo: buildInfo,
  serverStatus,
  hostInfo,
  getLog,
  connectionStatus: () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] } }),
  endSessions: nothing,
  killSessions: nothing,
  refreshSessions: nothing,
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
