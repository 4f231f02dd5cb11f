import { ObjectId, type Document } from "bson";
import { isObject } from "./bson-types.js";
import { withIdFirst, type Collection } from "./collection.js";
import { checkCollation, flag, namespaceOf, optionalObject, type Answer, type Command, type Handler } from "./command.js";
import { isTruthy } from "./expression-types.js";
import { toName } from "./field-names.js";
import { compileFilter } from "./filter.js";
import { findDocuments } from "./find-documents.js";
import { isNumeric, toNumber } from "./numbers.js";
import type { Operation } from "./operation.js";
import { parseHint } from "./query-plan.js";
import { parseOrder, projector } from "./read-commands.js";
import { usesRegex } from "./regex.js";
import { badValue, failedToParse, ServerError, StorageError, typeMismatch, unsupported } from "./server-error.js";
import type { StoredDocument } from "./stored-document.js";
import { compileUpdate, isReplacement, type Update } from "./update.js";
import { equalityFields } from "./upsert.js";
import { decodePlain, decodeTyped, encode } from "./values.js";
import { withRawDocument } from "./wire-replies.js";

type WriteError = { index: number; code: number; errmsg: string };

const maxBatch = 100_000;

/** Runs each item; ordered writes stop at the first error. Errors of items are part of a reply that is otherwise fine. */
async function writeEach<T>(
  { body }: Command,
  operation: Operation,
  items: readonly T[],
  write: (item: T, index: number) => void | Promise<void>,
): Promise<{ writeErrors?: WriteError[] }> {
  if (items.length === 0 || items.length > maxBatch) {
    throw new ServerError(16, `Write batch sizes must be between 1 and ${maxBatch}. Got ${items.length} operations.`);
  }
  const ordered = body["ordered"] === undefined || flag(body, "ordered");
  const writeErrors: WriteError[] = [];
  for (const [index, item] of items.entries()) {
    try {
      await operation.breathe();
      await write(item, index);
    } catch (error) {
      if (!(error instanceof ServerError) || error instanceof StorageError || endsAll.has(error.code)) throw error;
      writeErrors.push({ index, code: error.code, errmsg: error.message, ...error.details });
      if (ordered) break;
    }
  }
  return writeErrors.length === 0 ? {} : { writeErrors };
}

/** Out of time, or killed: that is about the whole command. */
const endsAll = new Set([50, 11601]);

const insert: Handler = {
  fields: ["documents", "ordered", "bypassDocumentValidation"],
  writes: true,
  async run(command, { catalog }, operation) {
    const raws = command.rawItems("documents") ?? command.items("documents").map(encode);
    const namespace = namespaceOf(command);
    let n = 0;
    const errors = await writeEach(command, operation, raws, (raw) => {
      catalog.ensure(namespace).insert(raw);
      n++;
    });
    return { n, ...errors };
  },
};

const updateFields = ["q", "u", "upsert", "multi", "arrayFilters", "hint", "collation", "c"];

const update: Handler = {
  fields: ["updates", "ordered", "bypassDocumentValidation"],
  writes: true,
  async run(command, { catalog }, operation) {
    const namespace = namespaceOf(command);
    let [n, nModified] = [0, 0];
    const upserted: { index: number; _id: unknown }[] = [];
    const errors = await writeEach(command, operation, command.items("updates"), async (item, index) => {
      checkItem("update.updates", item, updateFields, ["q", "u"]);
      const multi = flag(item, "multi");
      if (multi && isReplacement(item["u"])) throw failedToParse("multi update is not supported for replacement-style update");
      const plan = planUpdate(item, item["u"]);
      const collection = catalog.collection(namespace);
      const query = { filter: plan.filter, limit: multi ? undefined : 1, hint: parseHint(plainPart(item, "hint")) };
      const matched = collection ? await findDocuments(operation, collection, query) : [];
      for (const entry of matched) {
        await operation.breathe();
        if (collection && apply(operation, collection, entry, plan).changed) nModified++;
        n++;
      }
      if (matched.length > 0 || !flag(item, "upsert")) return;
      upserted.push({ index, _id: insertNew(operation, () => catalog.ensure(namespace), item, plan).plain["_id"] });
      n++;
    });
    return { n, nModified, ...(upserted.length > 0 && { upserted }), ...errors };
  },
};

const remove: Handler = {
  fields: ["deletes", "ordered"],
  writes: true,
  async run(command, { catalog }, operation) {
    const collection = catalog.collection(namespaceOf(command));
    let n = 0;
    const errors = await writeEach(command, operation, command.items("deletes"), async (item) => {
      checkItem("delete.deletes", item, ["q", "limit", "hint", "collation"], ["q", "limit"]);
      const limit = isNumeric(item["limit"]) ? toNumber(item["limit"]) : NaN;
      if (limit !== 0 && limit !== 1) throw failedToParse(`The limit field in delete objects must be 0 or 1. Got ${String(item["limit"])}`);
      const filter = plainFilter(item);
      compileFilter(filter);
      const query = { filter, limit: limit === 1 ? 1 : undefined, hint: parseHint(plainPart(item, "hint")) };
      for (const entry of collection ? await findDocuments(operation, collection, query) : []) {
        await operation.breathe();
        collection?.remove(entry);
        n++;
      }
    });
    return { n, ...errors };
  },
};

const findAndModify: Handler = {
  fields: ["query", "sort", "remove", "update", "new", "fields", "upsert", "arrayFilters", "bypassDocumentValidation", "hint", "collation"],
  writes: true,
  async run(command, { catalog }, operation) {
    const { body } = command;
    const namespace = namespaceOf(command);
    const project = projector(optionalObject(body, "fields"));
    const filter = optionalObject(body, "query");
    compileFilter(filter);
    const isRemove = flag(body, "remove");
    checkFindAndModify(body, isRemove);
    const collection = catalog.collection(namespace);
    const [current] = collection ? await findDocuments(operation, collection, { filter, ...parseOrder(body), limit: 1 }) : [];
    if (isRemove) {
      if (current) collection?.remove(current);
      return answer(current && project(current), { n: current ? 1 : 0 });
    }
    const typed = command.typedBody();
    const item = { q: typed["query"] as unknown, arrayFilters: typed["arrayFilters"] as unknown };
    const plan = planUpdate(item, typed["update"]);
    if (collection && current) {
      const { entry } = apply(operation, collection, current, plan);
      return answer(project(flag(body, "new") ? entry : current), { n: 1, updatedExisting: true });
    }
    if (!flag(body, "upsert")) return answer(undefined, { n: 0, updatedExisting: false });
    const entry = insertNew(operation, () => catalog.ensure(namespace), item, plan);
    const lastErrorObject = { n: 1, updatedExisting: false, upserted: entry.plain["_id"] as unknown };
    return answer(flag(body, "new") ? project(entry) : undefined, lastErrorObject);
  },
};

function checkFindAndModify(body: Document, isRemove: boolean): void {
  if (!isRemove && body["update"] === undefined) throw failedToParse("Either an update or remove=true must be specified");
  if (isRemove && body["update"] !== undefined) throw failedToParse("Cannot specify both an update and remove=true");
  if (isRemove && flag(body, "upsert")) throw failedToParse("Cannot specify both upsert=true and remove=true");
  if (isRemove && flag(body, "new"))
    throw failedToParse("Cannot specify both new=true and remove=true; 'remove' always returns the deleted document");
}

function answer(value: Uint8Array | undefined, lastErrorObject: Document): Answer {
  return value ? withRawDocument("value", value, { lastErrorObject, ok: 1 }) : { lastErrorObject, value: null };
}

type UpdatePlan = { filter: Document; update: Update; usesRegex: boolean };

function planUpdate(item: Document, update: unknown): UpdatePlan {
  const filter = plainFilter(item);
  compileFilter(filter);
  const arrayFilters: unknown = item["arrayFilters"];
  if (arrayFilters !== undefined && !(Array.isArray(arrayFilters) && arrayFilters.every(isObject))) {
    throw typeMismatch("BSON field 'arrayFilters' is the wrong type, expected an array of objects");
  }
  const compiled = compileUpdate(update, { ...(arrayFilters !== undefined && { arrayFilters }) });
  return { filter, update: compiled, usesRegex: usesRegex(update) || usesRegex(arrayFilters) };
}

/** Decoded with number types, a filter would still match, but could not be looked up as well. */
const plainFilter = (item: Document): Document => decodePlain(encode(optionalObject(item, "q")));

const plainPart = (item: Document, field: string): unknown => decodePlain(encode({ value: item[field] as unknown }))["value"];

type Changed = { changed: boolean; entry: StoredDocument };

function apply(operation: Operation, collection: Collection, entry: StoredDocument, plan: UpdatePlan): Changed {
  const before = decodeTyped(entry.raw);
  const change = () => plan.update(before, { inserting: false });
  return collection.replace(entry, plan.usesRegex ? operation.bounded(change) : change());
}

function insertNew(operation: Operation, collection: () => Collection, item: Document, plan: UpdatePlan): StoredDocument {
  const start = equalityFields(optionalObject(item, "q"));
  const change = () => plan.update(start, { inserting: true });
  const document = plan.usesRegex ? operation.bounded(change) : change();
  const whole = withIdFirst({ ...document, _id: (document["_id"] as unknown) ?? new ObjectId() });
  return collection().insert(encode(whole));
}

function checkItem(name: string, item: Document, known: readonly string[], required: readonly string[]): void {
  const odd = Object.keys(item).find((key) => !known.includes(key));
  if (odd !== undefined) throw new ServerError(40415, `BSON field '${name}.${toName(odd)}' is an unknown field.`);
  const missing = required.find((key) => item[key] === undefined);
  if (missing !== undefined) throw new ServerError(40414, `BSON field '${name}.${missing}' is missing but a required field`);
  if (!isObject(item["q"])) throw typeMismatch(`BSON field '${name}.q' is the wrong type, expected type 'object'`);
  if (item["c"] !== undefined) throw unsupported("constants in updates");
  if (isTruthy(item["upsert"]) && item["upsert"] !== true) throw badValue("'upsert' has to be a boolean");
  checkCollation(item);
}

export const writeCommands: Record<string, Handler> = { insert, update, delete: remove, findAndModify, findandmodify: findAndModify };
