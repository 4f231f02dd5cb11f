import type { Document } from "bson";

const codeNames = {
  1: "InternalError",
  2: "BadValue",
  9: "FailedToParse",
  14: "TypeMismatch",
  20: "IllegalOperation",
  26: "NamespaceNotFound",
  27: "IndexNotFound",
  28: "PathNotViable",
  40: "ConflictingUpdateOperators",
  43: "CursorNotFound",
  48: "NamespaceExists",
  53: "InvalidIdField",
  52: "DollarPrefixedFieldName",
  59: "CommandNotFound",
  66: "ImmutableField",
  67: "CannotCreateIndex",
  68: "InvalidIndexSpecificationOption",
  72: "InvalidOptions",
  73: "InvalidNamespace",
  85: "IndexOptionsConflict",
  86: "IndexKeySpecsConflict",
  168: "InvalidPipelineOperator",
  238: "NotImplemented",
  171: "CannotIndexParallelArrays",
  11000: "DuplicateKey",
  15955: "Location15955",
  40324: "Location40324",
  40415: "Location40415",
  40573: "Location40573",
} as const;

/** An error as a MongoDB server reports it; the codes are the server's own. */
export class ServerError extends Error {
  override readonly name = "ServerError";

  constructor(
    readonly code: keyof typeof codeNames,
    message: string,
    readonly details: Document = {},
  ) {
    super(message);
  }

  get codeName(): string {
    return codeNames[this.code];
  }
}

/** For whatever a real server can do and this one cannot do exactly: an error is better than a result that is nearly right. */
export const unsupported = (what: string): ServerError => new ServerError(238, `flow-rag embedded MongoDB does not support ${what}`);

export const badValue = (message: string): ServerError => new ServerError(2, message);
