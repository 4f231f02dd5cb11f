import type { Document } from "bson";
import type { Catalog } from "./catalog.js";
import type { Cursors } from "./cursors.js";
import { isTruthy } from "./expression-types.js";
import { isNumeric, toNumber } from "./numbers.js";
import { badValue, ServerError, unsupported } from "./server-error.js";
import { decodeTyped, isObject } from "./values.js";
import type { Request } from "./wire-protocol.js";

export type Server = { catalog: Catalog; cursors: Cursors; startedAt: Date };

/** One command as its handler sees it. */
export type Command = {
  name: string;
  database: string;
  /** Numbers promoted: for filters, sorts and options. */
  body: Document;
  /** Number types kept: for what will be stored. */
  typedBody(): Document;
  /** The items of a document sequence, or of the array of the same name in the body, with number types kept. */
  items(field: string): Document[];
  /** The same as they came over the wire, where they did so as a sequence. */
  rawItems(field: string): Uint8Array[] | undefined;
  connectionId: number;
};

/** A reply without its `ok: 1`, or the whole reply as bytes. */
type Reply = Document | Uint8Array;
export type Handler = (command: Command, server: Server) => Reply;

export function toCommand(request: Request, body: Document, connectionId: number): Command {
  const name = Object.keys(body)[0] ?? "";
  const typedBody = () => decodeTyped(request.body);
  const rawItems = (field: string) => request.sequences.get(field);
  const items = (field: string) => {
    const list: unknown = rawItems(field)?.map(decodeTyped) ?? typedBody()[field];
    if (!Array.isArray(list)) throw new ServerError(40415, `BSON field '${name}.${field}' is missing or of the wrong type`);
    return list as Document[];
  };
  return { name, database: String(body["$db"] ?? "admin"), body, typedBody, items, rawItems, connectionId };
}

/** What any command may carry and this server has no use for: it has one node, no sessions to end and no time limits. */
const generic = new Set([
  "lsid",
  "comment",
  "maxTimeMS",
  "readConcern",
  "apiVersion",
  "apiStrict",
  "apiDeprecationErrors",
  "allowDiskUse",
  "bypassDocumentValidation",
  "hint",
  "let",
  "collation",
  "writeConcern",
]);

/**
 * Refuses what the handler would otherwise ignore.
 * @throws ServerError for fields the command does not have here, transactions, collations, and write concerns of more nodes.
 */
export function checkFields({ name, body }: Command, known: readonly string[]): void {
  const odd = Object.keys(body).find((key) => key !== name && !key.startsWith("$") && !generic.has(key) && !known.includes(key));
  if (odd === "txnNumber" || odd === "startTransaction" || odd === "autocommit") {
    throw new ServerError(20, "Transaction numbers are only allowed on a replica set member or mongos");
  }
  if (odd !== undefined) throw new ServerError(40415, `BSON field '${name}.${odd}' is an unknown field, or not supported here.`);
  checkCollation(body);
  const w = (body["writeConcern"] as Document | undefined)?.["w"] as unknown;
  if (typeof w === "number" && w > 1) throw badValue("cannot use 'w' > 1 when a host is not replicated");
}

export function checkCollation(body: Document): void {
  const collation: unknown = body["collation"];
  if (isObject(collation) && Object.keys(collation).length > 0 && collation["locale"] !== "simple") throw unsupported("collations");
}

export function namespaceOf({ name, database, body }: Command): string {
  const collection: unknown = body[name];
  if (typeof collection !== "string" || collection === "") throw new ServerError(73, `collection name has invalid type for ${name}`);
  return `${database}.${collection}`;
}

export function optionalObject(body: Document, field: string): Document {
  const value: unknown = body[field] ?? {};
  if (!isObject(value)) throw new ServerError(14, `BSON field '${field}' is the wrong type, expected type 'object'`);
  return value;
}

export function optionalWhole(body: Document, field: string): number | undefined {
  const value: unknown = body[field];
  if (value === undefined || value === null) return undefined;
  if (!isNumeric(value) || !Number.isInteger(toNumber(value))) throw new ServerError(9, `'${field}' must be a whole number`);
  return toNumber(value);
}

export const flag = (body: Document, field: string): boolean => isTruthy(body[field]);
