import { AppError, type ErrorKind } from "@flow-rag/kernel";

type Cost = { readonly kind: ErrorKind; readonly says: string };
const later = (says: string): Cost => ({ kind: "upstream_unavailable", says });
const wrong = (says: string): Cost => ({ kind: "misconfigured", says });
const refused = (says: string): Cost => ({ kind: "invalid_input", says });

const electing = later("MongoDB is choosing a new primary");
const late = later("MongoDB did not finish in time");
const away = later("MongoDB did not answer");
const malformed = refused("MongoDB refused: the document is not well formed");
/** Of a document these are its own fault, of a query ours. */
const wrongValue = new Set([2, 9, 14, 40]);

/**
 * What a code of the server costs. `later` passes by itself and is tried again; `wrong` needs somebody to change the set-up; `refused` is about
 * the document that was sent, and sending it again would not help.
 * Source: mongo/src/mongo/base/error_codes.yml (7.0); those of "later" are its categories RetriableError, NotPrimaryError,
 * ShutdownError, ExceededTimeLimitError and NetworkError.
 */
const byCode: ReadonlyMap<number, Cost> = new Map([
  ...[10107, 13435, 13436, 189, 11602, 10058, 64, 133, 134].map((code) => [code, electing] as const),
  ...[91, 11600].map((code) => [code, later("MongoDB is shutting down")] as const),
  ...[50, 24, 46, 202, 262, 290].map((code) => [code, late] as const),
  ...[11601, 237, 43, 175].map((code) => [code, later("MongoDB ended the operation")] as const),
  ...[6, 7, 89, 9001].map((code) => [code, away] as const),
  ...[112, 251, 244].map((code) => [code, later("MongoDB was asked to change the same rows twice at once")] as const),
  ...[39, 14031, 314].map((code) => [code, later("MongoDB has no room on its disk")] as const),
  ...[146, 292].map((code) => [code, later("MongoDB has no memory left for this")] as const),
  [13, wrong("MongoDB refused: the user lacks the right")],
  [18, wrong("MongoDB refused the login: check the user and the password")],
  [33, wrong("MongoDB refused: the user lacks the right")],
  [8000, wrong("MongoDB refused the login: check the user and the password")],
  ...[59, 115, 40324, 168].map(
    (code) => [code, wrong("MongoDB does not know a command that is needed: is it a MongoDB of version 5 or later?")] as const,
  ),
  ...[10334, 17280, 17419, 17420, 10003].map((code) => [code, refused("MongoDB refused: the document is too large (16 MB)")] as const),
  [121, refused("MongoDB refused: the collection's validator does not allow the document")],
  ...[53, 54, 52, 57, 22, 28, 66].map((code) => [code, malformed] as const),
  [11000, { kind: "conflict", says: "MongoDB refused: a row of this key is there already" }],
  [11001, { kind: "conflict", says: "MongoDB refused: a row of this key is there already" }],
]);

/** What an error of the driver's own costs, by its class: no server has answered, or nothing was sent. Source: mongodb 7, src/error.ts. */
const byClass: ReadonlyMap<string, Cost> = new Map([
  ["MongoServerSelectionError", later("MongoDB cannot be reached")],
  ["MongoNetworkTimeoutError", away],
  ["MongoNetworkError", away],
  ["PoolClearedError", away],
  ["MongoPoolClearedError", away],
  ["PoolClearedOnNetworkError", away],
  ["MongoPoolClosedError", away],
  ["MongoWaitQueueTimeoutError", later("MongoDB is asked too much at once: no connection became free")],
  ["MongoOperationTimeoutError", late],
  ["MongoTopologyClosedError", away],
  ["MongoNotConnectedError", away],
  ["MongoExpiredSessionError", away],
  ["MongoClientClosedError", away],
  ["MongoSystemError", away],
  ["MongoCursorExhaustedError", away],
  ["MongoParseError", wrong("the address of MongoDB cannot be read: check MONGO_URI and STATE_MONGO_URI")],
  ["MongoInvalidArgumentError", { kind: "unexpected", says: "MongoDB's driver refused what it was asked" }],
  ["MongoCompatibilityError", wrong("this MongoDB is older than the driver takes")],
  ["MongoMissingCredentialsError", wrong("MongoDB wants a login")],
  ["MongoMissingDependencyError", wrong("the address of MongoDB asks for something that is not installed")],
  ["MongoAWSError", wrong("MongoDB refused the login: check the user and the password")],
  ["BSONError", refused("MongoDB cannot hold the document: it is too large (16 MB), too deep, or not well formed")],
  ["BSONVersionError", { kind: "unexpected", says: "MongoDB's driver refused what it was asked" }],
  ["RangeError", refused("MongoDB cannot hold the document: it is too large (16 MB)")],
]);

type Thrown = {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly errorLabels?: unknown;
  readonly writeErrors?: unknown;
  readonly cause?: unknown;
};
const asThrown = (value: unknown): Thrown => (typeof value === "object" && value !== null ? value : {});

/** A login that fails at the handshake arrives as the cause of a failed selection, an election as that of a cleared pool. */
function costOf(thrown: unknown, depth = 0): Cost | undefined {
  const { name, code, message, writeErrors, errorLabels, cause } = asThrown(thrown);
  if (name === "MongoParseError" && /message/i.test(String(message))) return later("what answers does not speak as MongoDB does");
  const inner = depth < 3 ? costOf(cause, depth + 1) : undefined;
  if (inner?.kind === "misconfigured") return inner;
  const first = Array.isArray(writeErrors) ? asThrown(writeErrors[0]) : asThrown(writeErrors);
  if (wrongValue.has(Number(first.code))) return malformed;
  const own = [code, first.code].find((one) => typeof one === "number" && byCode.has(one));
  const coded = byCode.get(own as number);
  if (coded) return coded;
  const labels = errorLabels instanceof Set ? [...errorLabels] : Array.isArray(errorLabels) ? errorLabels : [];
  if (labels.some((label) => label === "RetryableWriteError" || label === "TransientTransactionError")) return away;
  return byClass.get(String(name)) ?? inner;
}

/** Source: Node's documentation, "Common system errors" of sockets, and the errors of streams that have ended. */
const brokenConnection = /^(?:E(?:CONN|HOST|NET|PIPE|TIMEDOUT|ADDR|AI_)[A-Z_]*|ENOTFOUND|ERR_STREAM_\w+|ERR_SOCKET_\w+)$/;

/** A driver's error becomes a kind with its cost and a sentence that is right. Whose time was over stays what it is. */
export function toStoreError(cause: unknown): never {
  if (cause instanceof AppError) throw cause;
  const { name, message, code } = asThrown(cause);
  if (name === "AbortError" || name === "TimeoutError") throw cause;
  const known = costOf(cause);
  if (known) throw new AppError(known.kind, known.says, { cause });
  // A connection that breaks while it is written to rejects with the system's own error, past the driver.
  if (typeof code === "string" && brokenConnection.test(code)) throw new AppError(away.kind, away.says, { cause });
  const answered = typeof code === "number" || name === "MongoServerError" || name === "MongoBulkWriteError";
  if (answered) throw new AppError("unexpected", `MongoDB refused (code ${String(code)})`, { cause });
  // Neither the driver's nor the server's: a fault of ours, which waiting would not mend.
  if (typeof name !== "string" || !name.startsWith("Mongo"))
    throw new AppError("unexpected", String(message ?? cause).slice(0, 200), { cause });
  throw new AppError("upstream_unavailable", "MongoDB did not answer", { cause });
}
