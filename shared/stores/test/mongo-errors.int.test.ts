import { AppError } from "@flow-rag/kernel";
import { startMongoServer, type MongoReply, type MongoServer } from "./mongo-server.js";
import type { Db } from "mongodb";
import { openMongo, toStoreError, type MongoConnection } from "../src/index.js";

let server: MongoServer;
let connection: MongoConnection;
let db: Db;
beforeAll(async () => {
  server = await startMongoServer();
  connection = await openMongo(server.uri, "MONGO_URI");
  db = connection.db("test");
});
afterAll(async () => {
  server.reply(() => ({ document: { ok: 1 } }));
  await connection.close();
  await server.close();
});

const refuse = (code: number): MongoReply => ({ document: { ok: 0, code, codeName: "X", errmsg: "secret words of a record" } });
const refuseWrite = (code: number): MongoReply => ({
  document: { ok: 1, n: 0, nModified: 0, writeErrors: [{ index: 0, code, errmsg: "secret words of a record" }] },
});
type Rows = ReturnType<Db["collection"]>;
const read = (rows: Rows) => rows.findOne({});
const insert = (rows: Rows) => rows.insertOne({ a: 1 });
const bulk = (rows: Rows) => rows.bulkWrite([{ insertOne: { document: { a: 1 } } }], { ordered: false });

/** The error that a store gives for what the server said. */
async function meet(reply: MongoReply, work: (rows: Rows) => Promise<unknown>): Promise<AppError> {
  server.reply(() => reply);
  return await work(db.collection("rows"))
    .catch(toStoreError)
    .then(
      () => new AppError("unexpected", "it went well"),
      (error: unknown) => error as AppError,
    );
}

const retried = "upstream_unavailable";
test.each([
  [10107, "not the primary", retried, /new primary/],
  [13435, "not the primary, and reads are refused", retried, /new primary/],
  [13436, "recovering", retried, /new primary/],
  [189, "the primary stepped down", retried, /new primary/],
  [11602, "interrupted by an election", retried, /new primary/],
  [91, "shutting down", retried, /shutting down/],
  [11600, "interrupted at its shutdown", retried, /shutting down/],
  [50, "maxTimeMS is over", retried, /in time/],
  [262, "over its time limit", retried, /in time/],
  [11601, "interrupted by somebody", retried, /ended the operation/],
  [112, "a conflict of writes", retried, /twice at once/],
  [14031, "out of disk", retried, /disk/],
  [13, "not allowed", "misconfigured", /lacks the right/],
  [59, "an unknown command", "misconfigured", /does not know/],
  [121, "a document that the validator refuses", "invalid_input", /validator/],
  [10334, "a document that is too large", "invalid_input", /too large/],
  [11000, "a key that is there", "conflict", /there already/],
  [123456, "a code that nobody knows", "unexpected", /123456/],
] as const)(
  "toStoreError, the server answers %i (%s), costs what it should by read, write and bulk write",
  async (code, _what, kind, said) => {
    for (const error of [
      await meet(refuse(code), read),
      await meet(refuse(code), insert),
      await meet(refuseWrite(code), insert),
      await meet(refuseWrite(code), bulk),
    ]) {
      expect([error.kind, error.message]).toEqual([kind, expect.stringMatching(said)]);
      expect(error.message).not.toContain("secret");
    }
  },
);

test.each([
  ["53: an _id that is none", refuseWrite(53), bulk],
  ["52: a field that begins with a dollar", refuseWrite(52), bulk],
  ["2: an _id that is an array", refuseWrite(2), bulk],
] as const)("toStoreError, a bulk write is refused with %s, is the document's fault", async (_what, reply, work) => {
  expect((await meet(reply, work)).kind).toBe("invalid_input");
});

test("toStoreError, a query of ours is not well formed, is not the caller's fault", async () => {
  expect((await meet(refuse(2), read)).kind).toBe("unexpected");
});

test.each([
  ["ends the connection", { reset: true } as const],
  ["answers what is no message", { garbage: Buffer.alloc(64, 0xff) }],
])("toStoreError, the server %s, may pass", async (_how, reply) => {
  expect((await meet(reply, read)).kind).toBe(retried);
});

test.each([
  ["write", "ECONNRESET"],
  ["write", "EPIPE"],
  ["connect", "ECONNREFUSED"],
  ["getaddrinfo", "EAI_AGAIN"],
])("toStoreError, the system's own error of a broken connection (%s %s), may pass and says nothing of its own", (syscall, code) => {
  const own = Object.assign(new Error(`${syscall} ${code} 10.0.0.7:27017`), { code, syscall });
  expect(() => toStoreError(own)).toThrow(expect.objectContaining({ kind: retried, message: "MongoDB did not answer" }) as Error);
});

test("toStoreError, a document that BSON cannot hold, is the document's fault and never sent", async () => {
  const round: Record<string, unknown> = {};
  round["self"] = round;
  const error = await meet({ document: { ok: 1 } }, (rows) => rows.insertOne(round));
  expect([error.kind, error.message]).toEqual(["invalid_input", expect.stringMatching(/cannot hold/)]);
});
