import type { Document } from "bson";
import { isObject } from "./bson-types.js";
import type { Catalog } from "./catalog.js";
import type { Cursors } from "./cursors.js";
import { isTruthy } from "./expression-types.js";
import { toName } from "./field-names.js";
import { isNumeric, toNumber } from "./numbers.js";
import type { Operation } from "./operation.js";
import { badValue, failedToParse, ServerError, typeMismatch, unsupported } from "./server-error.js";
import { decodePlain, decodeTyped } from "./values.js";
import type { Reply, Request } from "./wire-protocol.js";

export type Server = { catalog: Catalog; cursors: Cursors; operations: Map<number, Operation>; startedAt: Date };

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
export type Answer = Document | Reply;

export type Handler = {
  /** What the command may carry, beside what any may; anything else is refused. */
  fields: readonly string[] | "any";
  /** Changes something: such commands run one after the other. */
  writes?: true;
  run(command: Command, server: Server, operation: Operation): Answer | Promise<Answer>;
};

export function toCommand(request: Request, connectionId: number): Command {
  const body = decodePlain(request.body);
  const name = Object.keys(body)[0] ?? "";
  for (const field of request.sequences.keys()) {
    if (field in body) throw new ServerError(40433, `Duplicate field between body and document sequence ${field}`);
  }
  const typedBody = () => decodeTyped(request.body);
  const rawItems = (field: string) => request.sequences.get(field);
  const items = (field: string) => {
    const list: unknown = rawItems(field)?.map(decodeTyped) ?? typedBody()[field];
    if (list === undefined) throw new ServerError(40414, `BSON field '${name}.${field}' is missing but a required field`);
    if (!Array.isArray(list) || !list.every(isObject))
      throw typeMismatch(`BSON field '${name}.${field}' is the wrong type, expected type 'array'`);
    return list;
  };
  const sequences = [...request.sequences.keys()].filter((field) => !(field in body));
  const whole = { ...body, ...Object.fromEntries(sequences.map((field) => [field, []])) };
  return { name: toName(name), database: String(body["$db"] ?? "admin"), body: whole, typedBody, items, rawItems, connectionId };
}

/** What any command may carry: who asks and how long it may take. Sessions are only names here: there are no transactions. */
const generic = new Set(["lsid", "comment", "maxTimeMS", "readConcern", "writeConcern", "apiVersion", "apiStrict", "apiDeprecationErrors"]);
const genericInternal = new Set(["$db", "$readPreference", "$clusterTime"]);
const transactional = new Set(["txnNumber", "startTransaction", "autocommit"]);

/** Refuses what would otherwise be ignored. @throws ServerError that names it. */
export function checkFields({ name, body }: Command, handler: Handler): void {
  for (const key of handler.fields === "any" ? [] : Object.keys(body)) {
    if (key === name || generic.has(key) || genericInternal.has(key) || handler.fields.includes(key)) continue;
    if (transactional.has(key)) throw new ServerError(20, "Transaction numbers are only allowed on a replica set member or mongos");
    throw new ServerError(40415, `BSON field '${name}.${toName(key)}' is an unknown field, or not supported here.`);
  }
  checkCollation(body);
  checkReadConcern(body["readConcern"]);
  checkWriteConcern(body["writeConcern"], handler.writes === true);
  const version: unknown = body["apiVersion"];
  if (version !== undefined && version !== "1") throw new ServerError(322, `API version must be "1"`);
}

export function checkCollation(body: Document): void {
  const collation: unknown = body["collation"];
  if (collation === undefined) return;
  if (!isObject(collation)) throw typeMismatch("BSON field 'collation' is the wrong type, expected type 'object'");
  const isSimple = Object.keys(collation).every((key) => key === "locale") && (collation["locale"] ?? "simple") === "simple";
  if (!isSimple) throw unsupported("collations");
}

function checkReadConcern(concern: unknown): void {
  if (concern === undefined) return;
  if (!isObject(concern)) throw typeMismatch("BSON field 'readConcern' is the wrong type, expected type 'object'");
  const odd = Object.keys(concern).find((key) => key !== "level" && key !== "provenance");
  if (odd !== undefined) throw unsupported(`readConcern.${toName(odd)}`);
  const level: unknown = concern["level"] ?? "local";
  if (!["local", "available", "majority"].includes(String(level))) throw unsupported(`the read concern "${String(level)}"`);
}

function checkWriteConcern(concern: unknown, writes: boolean): void {
  if (concern === undefined) return;
  if (!writes) throw new ServerError(72, "writeConcern is not allowed on a command that does not write");
  if (!isObject(concern)) throw typeMismatch("BSON field 'writeConcern' is the wrong type, expected type 'object'");
  const odd = Object.keys(concern).find((key) => !["w", "j", "wtimeout", "provenance"].includes(key));
  if (odd !== undefined) throw failedToParse(`unrecognized write concern field: ${toName(odd)}`);
  const w: unknown = concern["w"];
  if (typeof w === "number" && w > 1) throw badValue("cannot use 'w' > 1 when a host is not replicated");
  if (typeof w === "string" && w !== "majority")
    throw badValue(`cannot use non-majority 'w' mode "${w}" when a host is not a member of a replica set`);
  if (w !== undefined && typeof w !== "number" && typeof w !== "string") throw failedToParse("w has to be a number or a string");
}

/** Whether the client waits for the disk, not only for the operating system. */
export const wantsDisk = (body: Document): boolean => isTruthy((body["writeConcern"] as Document | undefined)?.["j"]);

export function maxTimeMs(body: Document): number {
  const value = optionalWhole(body, "maxTimeMS") ?? 0;
  if (value < 0 || value > 2 ** 31 - 1) throw badValue(`maxTimeMS value for a command must be within 0 and 2147483647, found ${value}`);
  return value;
}

export function namespaceOf({ name, database, body }: Command): string {
  const collection: unknown = body[name];
  if (typeof collection !== "string") throw new ServerError(73, `collection name has invalid type for ${name}`);
  if (collection === "" || collection.includes("\0")) throw new ServerError(73, `Invalid namespace specified '${database}.${collection}'`);
  return `${database}.${collection}`;
}

export function optionalObject(body: Document, field: string): Document {
  const value: unknown = body[field] ?? {};
  if (!isObject(value)) throw typeMismatch(`BSON field '${field}' is the wrong type, expected type 'object'`);
  return value;
}

export function optionalWhole(body: Document, field: string): number | undefined {
  const value: unknown = body[field];
  if (value === undefined || value === null) return undefined;
  if (!isNumeric(value)) throw typeMismatch(`BSON field '${field}' is the wrong type, expected a number`);
  if (!Number.isInteger(toNumber(value))) throw failedToParse(`'${field}' must be a whole number`);
  return toNumber(value);
}

/** @throws ServerError 51024 below zero. */
export function optionalCount(body: Document, field: string): number | undefined {
  const value = optionalWhole(body, field);
  if (value !== undefined && value < 0) throw new ServerError(51024, `BSON field '${field}' value must be >= 0, actual value '${value}'`);
  return value;
}

/** @throws ServerError 14 for what is neither a boolean nor a number. */
export function flag(body: Document, field: string): boolean {
  const value: unknown = body[field];
  if (value !== undefined && value !== null && typeof value !== "boolean" && !isNumeric(value)) {
    throw typeMismatch(`BSON field '${field}' is the wrong type, expected type 'bool'`);
  }
  return isTruthy(value);
}
