import type { Document } from "bson";

/** Codes and names of https://github.com/mongodb/mongo/blob/v7.0/src/mongo/base/error_codes.yml; a code without a name is a "Location". */
const codeNames: Partial<Record<number, string>> = {
  1: "InternalError",
  2: "BadValue",
  9: "FailedToParse",
  14: "TypeMismatch",
  15: "Overflow",
  18: "AuthenticationFailed",
  20: "IllegalOperation",
  22: "InvalidBSON",
  26: "NamespaceNotFound",
  27: "IndexNotFound",
  28: "PathNotViable",
  40: "ConflictingUpdateOperators",
  43: "CursorNotFound",
  48: "NamespaceExists",
  50: "MaxTimeMSExpired",
  52: "DollarPrefixedFieldName",
  53: "InvalidIdField",
  56: "EmptyFieldName",
  59: "CommandNotFound",
  66: "ImmutableField",
  67: "CannotCreateIndex",
  68: "IndexAlreadyExists",
  72: "InvalidOptions",
  73: "InvalidNamespace",
  85: "IndexOptionsConflict",
  86: "IndexKeySpecsConflict",
  91: "ShutdownInProgress",
  168: "InvalidPipelineOperator",
  171: "CannotIndexParallelArrays",
  197: "InvalidIndexSpecificationOption",
  238: "NotImplemented",
  292: "QueryExceededMemoryLimitNoDiskUseAllowed",
  322: "APIVersionError",
  323: "APIStrictError",
  10334: "BSONObjectTooLarge",
  11000: "DuplicateKey",
  11601: "Interrupted",
  14031: "OutOfDiskSpace",
};

/** An error as a MongoDB server reports it; the codes are the server's own. */
export class ServerError extends Error {
  override readonly name = "ServerError";

  constructor(
    readonly code: number,
    message: string,
    readonly details: Document = {},
  ) {
    super(message);
  }

  get codeName(): string {
    return codeNames[this.code] ?? `Location${this.code}`;
  }
}

/** The log did not take a change: the whole command has not happened. */
export class StorageError extends ServerError {}

/** For whatever a real server can do and this one cannot do exactly: an error is better than a result that is nearly right. */
export const unsupported = (what: string): ServerError => new ServerError(238, `flow-rag embedded MongoDB does not support ${what}`);

export const badValue = (message: string): ServerError => new ServerError(2, message);

export const failedToParse = (message: string): ServerError => new ServerError(9, message);

export const typeMismatch = (message: string): ServerError => new ServerError(14, message);
