import { BSONRegExp, MongoServerError, type Document } from "mongodb";
import { updates } from "./documented/changes.js";
import { expressions, fixture } from "./documented/expressions.js";
import { filters, regexes } from "./documented/filters.js";
import { commands, pipelines, projected, projections, sales, sorts } from "./documented/pipelines.js";
import { Refused, type Refusal } from "./documented/rows.js";
import { openThings } from "./mongo-under-test.js";

const world = openThings();
/** What the embedded server refuses by name, a real one does: the row says nothing of it there. */
const isEmbedded = process.env["TEST_MONGO_URI"] === undefined;
const notSupported = new Set([238, 168, 40415]);

const isRefusal = (expected: unknown): expected is Refusal =>
  typeof expected === "number" || expected === "refused" || expected === "error";

/** The result, or the code of the error: of the command, or of its only item. */
async function outcome<T>(work: Promise<T>): Promise<T | Refused> {
  try {
    const result = await work;
    const [item] = ((result as Document | null)?.["writeErrors"] ?? []) as { code: number }[];
    return item ? new Refused(item.code) : result;
  } catch (error) {
    if (error instanceof MongoServerError) return new Refused(Number(error.code));
    throw error;
  }
}

/** In tables whose results are no numbers or texts, a refusal is written as it is. */
const expectation = (expected: unknown): unknown => (isRefusal(expected) ? new Refused(expected) : expected);

function check(actual: unknown, expected: unknown): void {
  if (!(expected instanceof Refused)) return expect(actual).toEqual(expected);
  if (expected.code === "refused" && !isEmbedded) return;
  expect(actual).toBeInstanceOf(Refused);
  const { code } = actual as Refused;
  if (expected.code === "refused") expect(notSupported).toContain(code);
  else if (typeof expected.code === "number") expect(code).toBe(expected.code);
}

const numbered = (documents: readonly Document[]): Document[] => documents.map((document, _id) => ({ _id, ...document }));
const idsOf = (rows: readonly Document[] | Refused) => (rows instanceof Refused ? rows : rows.map(({ _id }) => _id as unknown));

test("the list of documented results, has 500 operations and more", () => {
  const rows = [filters, regexes, expressions, updates, pipelines, projections, sorts, commands].map(({ length }) => length);
  expect(rows.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(500);
});

test.each(filters)("find, %s, is as documented", async (_name, documents, filter, expected) => {
  await world.things.insertMany(numbered(documents));
  check(idsOf(await outcome(world.things.find(filter).sort({ _id: 1 }).toArray())), expectation(expected));
});

test.each(regexes)("find, /%s/%s in %j, is %s as documented", async (pattern, options, s, expected) => {
  await world.things.insertOne({ s });
  expect((await world.things.countDocuments({ s: new BSONRegExp(pattern, options) })) === 1).toBe(expected);
});

test.each(expressions.map(([expression, expected]) => [JSON.stringify(expression), expression, expected] as const))(
  "expression, %s, is as documented",
  async (_name, expression, expected) => {
    await world.things.insertOne({ ...fixture });
    const pipeline = [{ $replaceWith: { r: expression } }];
    const rows = await outcome(world.things.aggregate(pipeline).toArray());
    check(rows instanceof Refused ? rows : (rows[0]?.["r"] as unknown), expected);
  },
);

test.each(updates.map(([before, change, after, options]) => [JSON.stringify([before, change]), before, change, after, options] as const))(
  "update, %s, is as documented",
  async (_name, before, change, after, options) => {
    await world.things.insertOne({ _id: 1, ...before } as Document);
    const item = { q: { _id: 1 }, u: change, ...options };
    const result = await outcome(world.db.command({ update: world.things.collectionName, updates: [item] }));
    const stored = await world.things.findOne();
    check(result instanceof Refused ? result : stored, isRefusal(after) ? new Refused(after) : { _id: 1, ...after });
    if (result instanceof Refused) expect(stored).toEqual({ _id: 1, ...before });
  },
);

test.each(pipelines.map((row) => [JSON.stringify(row[0]), ...row] as const))(
  "aggregate, %s, is as documented",
  async (_name, pipeline, expected) => {
    await world.things.insertMany(sales.map((sale) => ({ ...sale })));
    check(await outcome(world.things.aggregate(pipeline).toArray()), expectation(expected));
  },
);

test.each(projections.map((row) => [JSON.stringify(row[0]), ...row] as const))(
  "projection, %s, is as documented",
  async (_name, projection, expected) => {
    await world.things.insertOne({ ...projected });
    check(await outcome(world.things.findOne({}, { projection })), expectation(expected));
  },
);

test.each(sorts.map((row) => [JSON.stringify(row.slice(0, 2)), ...row] as const))(
  "sort, %s, is as documented",
  async (_name, documents, sort, expected) => {
    await world.things.insertMany(numbered(documents));
    const command = { find: world.things.collectionName, sort };
    const found = await outcome(world.db.command(command).then((answer) => (answer["cursor"] as { firstBatch: Document[] }).firstBatch));
    check(idsOf(found), expectation(expected));
  },
);

test.each(commands)("command, %s, is as documented", async (_name, command, expected) => {
  await world.db.collection("c").drop();
  await world.db.collection("c").insertOne({ _id: 1, a: 1 } as Document);
  await world.db.collection("c").createIndex({ a: 1 });
  const answer = await outcome(world.db.command(command));
  check(answer, isRefusal(expected) ? new Refused(expected) : expect.objectContaining(expected));
});
