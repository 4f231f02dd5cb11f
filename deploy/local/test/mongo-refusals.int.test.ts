import { MongoServerError, type Document } from "mongodb";
import { openThings } from "./mongo-under-test.js";

const world = openThings();

/** Every command with the least that it takes, and every place where it has options of its own. */
const commands: Record<string, () => Document> = {
  find: () => ({ find: world.things.collectionName }),
  aggregate: () => ({ aggregate: world.things.collectionName, pipeline: [], cursor: {} }),
  count: () => ({ count: world.things.collectionName }),
  distinct: () => ({ distinct: world.things.collectionName, key: "a" }),
  insert: () => ({ insert: world.things.collectionName, documents: [{}] }),
  update: () => ({ update: world.things.collectionName, updates: [{ q: {}, u: { $set: { a: 1 } } }] }),
  delete: () => ({ delete: world.things.collectionName, deletes: [{ q: {}, limit: 1 }] }),
  findAndModify: () => ({ findAndModify: world.things.collectionName, update: { $set: { a: 1 } } }),
  create: () => ({ create: world.things.collectionName }),
  drop: () => ({ drop: world.things.collectionName }),
  createIndexes: () => ({ createIndexes: world.things.collectionName, indexes: [{ key: { a: 1 }, name: "a" }] }),
  listIndexes: () => ({ listIndexes: world.things.collectionName }),
  dropIndexes: () => ({ dropIndexes: world.things.collectionName, index: "*" }),
  listCollections: () => ({ listCollections: 1 }),
  listDatabases: () => ({ listDatabases: 1 }),
  ping: () => ({ ping: 1 }),
  buildInfo: () => ({ buildInfo: 1 }),
  serverStatus: () => ({ serverStatus: 1 }),
  getMore: () => ({ getMore: 5n, collection: "c" }),
  killCursors: () => ({ killCursors: "c", cursors: [] }),
  killOp: () => ({ killOp: 1, op: 1 }),
  currentOp: () => ({ currentOp: 1 }),
};
const options = [
  "nope",
  "$nope",
  "constructor",
  "__proto__",
  "maxScan",
  "tailable",
  "returnKey",
  "showRecordId",
  "min",
  "validator",
  "viewOn",
  "fsync",
];

async function refusal(command: Document): Promise<MongoServerError> {
  const error: unknown = await world.db.command(command).then(
    (answer) => new Error(`accepted: ${JSON.stringify(command)} → ${JSON.stringify(answer)}`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof MongoServerError)) throw error;
  return error;
}

test.each(Object.keys(commands))("%s, with any option that nobody knows, is refused and names it", async (name) => {
  await world.things.insertOne({ a: 1 });
  for (const option of options) {
    const command = Object.fromEntries([...Object.entries(commands[name]?.() ?? {}), [option, 1]]);
    expect((await refusal(command)).message).toContain(option);
  }
});

const places: [string, (option: string) => Document][] = [
  ["a filter's operator", (option) => ({ find: world.things.collectionName, filter: { a: { [`$${option}`]: 1 } } })],
  ["a filter's top operator", (option) => ({ find: world.things.collectionName, filter: { [`$${option}`]: 1 } })],
  ["an update operator", (option) => ({ update: world.things.collectionName, updates: [{ q: {}, u: { [`$${option}`]: { a: 1 } } }] })],
  [
    "an option of an update",
    (option) => ({ update: world.things.collectionName, updates: [{ q: {}, u: { $set: { a: 1 } }, [option]: 1 }] }),
  ],
  ["an option of a delete", (option) => ({ delete: world.things.collectionName, deletes: [{ q: {}, limit: 1, [option]: 1 }] })],
  [
    "an option of an index",
    (option) => ({ createIndexes: world.things.collectionName, indexes: [{ key: { b: 1 }, name: "b", [option]: 1 }] }),
  ],
  ["a stage", (option) => pipeline({ [`$${option}`]: {} })],
  ["an expression", (option) => pipeline({ $project: { b: { [`$${option}`]: 1 } } })],
  ["an accumulator", (option) => pipeline({ $group: { _id: null, b: { [`$${option}`]: 1 } } })],
  ["an option of $unwind", (option) => pipeline({ $unwind: { path: "$a", [option]: 1 } })],
  ["an option of $lookup", (option) => pipeline({ $lookup: { from: "x", localField: "a", foreignField: "a", as: "b", [option]: 1 } })],
  ["an option of $unionWith", (option) => pipeline({ $unionWith: { coll: "x", [option]: 1 } })],
  ["an option of $bucket", (option) => pipeline({ $bucket: { groupBy: "$a", boundaries: [0, 9], [option]: 1 } })],
  ["an option of $sample", (option) => pipeline({ $sample: { size: 1, [option]: 1 } })],
  ["an option of $replaceRoot", (option) => pipeline({ $replaceRoot: { newRoot: "$$ROOT", [option]: 1 } })],
  ["an argument of $dateToString", (option) => pipeline({ $project: { b: { $dateToString: { date: new Date(), [option]: 1 } } } })],
  ["an argument of $map", (option) => pipeline({ $project: { b: { $map: { input: "$a", in: 1, [option]: 1 } } } })],
  ["an argument of $sortArray", (option) => pipeline({ $project: { b: { $sortArray: { input: [1], sortBy: 1, [option]: 1 } } } })],
  ["an argument of $top", (option) => pipeline({ $group: { _id: 1, b: { $top: { sortBy: { a: 1 }, output: "$a", [option]: 1 } } } })],
  [
    "a modifier of $push",
    (option) => ({ update: world.things.collectionName, updates: [{ q: {}, u: { $push: { l: { $each: [1], [`$${option}`]: 1 } } } }] }),
  ],
  ["a read concern", (option) => ({ find: world.things.collectionName, readConcern: { level: option } })],
  ["a write concern", (option) => ({ insert: world.things.collectionName, documents: [{}], writeConcern: { w: option } })],
  ["a collation", (option) => ({ find: world.things.collectionName, collation: { locale: option } })],
  ["a hint", (option) => ({ find: world.things.collectionName, hint: option })],
];
const pipeline = (stage: Document): Document => ({ aggregate: world.things.collectionName, pipeline: [stage], cursor: {} });

test.each(places)("%s, that nobody knows, is refused", async (_name, make) => {
  await world.things.insertOne({ a: 1 });
  for (const option of ["nope", "constructor", "toLocaleString", "Set", "whereabouts"]) {
    const answer = await world.db.command(make(option)).catch((error: unknown) => error);
    const isRefused = answer instanceof MongoServerError || ((answer as Document)["writeErrors"] as unknown[] | undefined)?.length === 1;
    expect([option, isRefused]).toEqual([option, true]);
  }
});

test.each<[string, Document, number]>([
  ["two arrays in one index", { insert: "p", documents: [{ a: [1], b: [2] }] }, 171],
  ["a delete without a limit", { delete: "p", deletes: [{ q: {} }] }, 40414],
  ["a delete with another limit", { delete: "p", deletes: [{ q: {}, limit: 2 }] }, 9],
  ["a negative TTL", { createIndexes: "p", indexes: [{ key: { t: 1 }, name: "t", expireAfterSeconds: -1 }] }, 67],
  ["a compound TTL", { createIndexes: "p", indexes: [{ key: { t: 1, u: 1 }, name: "t", expireAfterSeconds: 1 }] }, 67],
  ["a TTL on _id", { createIndexes: "p", indexes: [{ key: { _id: 1 }, name: "t", expireAfterSeconds: 1 }] }, 197],
  ["an empty batch", { insert: "p", documents: [] }, 16],
  ["a long name of a collection", { create: "x".repeat(300) }, 73],
  ["a $ in a collection's name", { create: "a$b" }, 73],
  ["SCRAM", { saslStart: 1, mechanism: "SCRAM-SHA-256", payload: "" }, 18],
  ["a transaction", { find: "p", txnNumber: 1, startTransaction: true, autocommit: false }, 20],
])("commands, %s, is refused", async (_name, command, code) => {
  await world.db.collection("p").createIndex({ a: 1, b: 1 });
  const answer = await world.db.command(command).catch((error: unknown) => error as MongoServerError);
  const [item] = "writeErrors" in answer ? (answer["writeErrors"] as { code: number }[]) : [];
  expect(item?.code ?? (answer as MongoServerError).code).toBe(code);
});
