import { ObjectId, type Document } from "bson";
import { withIdFirst, type Collection } from "./collection.js";
import { checkCollation, checkFields, flag, namespaceOf, optionalObject, type Command, type Handler } from "./command.js";
import { compileFilter } from "./filter.js";
import { equalityFields } from "./upsert.js";
import { findDocuments } from "./query-plan.js";
import { projector } from "./read-commands.js";
import { ServerError, unsupported } from "./server-error.js";
import { parseSort } from "./sort.js";
import { compileUpdate, isReplacement, type Update } from "./update.js";
import { decodePlain, decodeTyped, encode, type StoredDocument } from "./values.js";
import { withRawDocument } from "./wire-protocol.js";

type WriteError = { index: number; code: number; errmsg: string };

/** Runs each item; ordered writes stop at the first error. Errors of items are part of a reply that is otherwise fine. */
function writeEach<T>({ body }: Command, items: readonly T[], write: (item: T, index: number) => void): { writeErrors?: WriteError[] } {
  const ordered = body["ordered"] !== false;
  const writeErrors: WriteError[] = [];
  for (const [index, item] of items.entries()) {
    try {
      write(item, index);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      writeErrors.push({ index, code: error.code, errmsg: error.message, ...error.details });
      if (ordered) break;
    }
  }
  return writeErrors.length === 0 ? {} : { writeErrors };
}

const insert: Handler = (command, { catalog }) => {
  checkFields(command, ["documents", "ordered"]);
  const raws = command.rawItems("documents") ?? command.items("documents").map(encode);
  const collection = catalog.ensure(namespaceOf(command));
  let n = 0;
  const errors = writeEach(command, raws, (raw) => {
    collection.insert(raw);
    n++;
  });
  return { n, ...errors };
};

const updateFields = ["q", "u", "upsert", "multi", "arrayFilters", "hint", "collation", "sort", "c"];

const update: Handler = (command, { catalog }) => {
  checkFields(command, ["updates", "ordered"]);
  const collection = catalog.ensure(namespaceOf(command));
  let [n, nModified] = [0, 0];
  const upserted: { index: number; _id: unknown }[] = [];
  const errors = writeEach(command, command.items("updates"), (item, index) => {
    rejectOthers(item, updateFields);
    const multi = flag(item, "multi");
    if (multi && isReplacement(item["u"])) throw new ServerError(9, "multi update is not supported for replacement-style update");
    const plan = planUpdate(item, item["u"]);
    const limit = multi ? undefined : 1;
    const matched = findDocuments(collection, { filter: plan.filter, limit, sort: parseSort(optionalObject(item, "sort")) });
    for (const entry of matched) if (apply(collection, entry, plan.update).changed) nModified++;
    n += matched.length;
    if (matched.length > 0 || !flag(item, "upsert")) return;
    upserted.push({ index, _id: insertNew(collection, item, plan.update).plain["_id"] });
    n++;
  });
  return { n, nModified, ...(upserted.length > 0 && { upserted }), ...errors };
};

const remove: Handler = (command, { catalog }) => {
  checkFields(command, ["deletes", "ordered"]);
  const collection = catalog.collection(namespaceOf(command));
  let n = 0;
  const errors = writeEach(command, command.items("deletes"), (item) => {
    rejectOthers(item, ["q", "limit", "hint", "collation"]);
    const filter = plainFilter(item);
    compileFilter(filter);
    const found = collection ? findDocuments(collection, { filter, limit: flag(item, "limit") ? 1 : undefined }) : [];
    for (const entry of found) collection?.remove(entry);
    n += found.length;
  });
  return { n, ...errors };
};

const findAndModify: Handler = (command, { catalog }) => {
  const options = ["query", "sort", "remove", "update", "new", "fields", "upsert", "arrayFilters"];
  checkFields(command, options);
  const { body } = command;
  const typed = command.typedBody();
  const collection = catalog.ensure(namespaceOf(command));
  const project = projector(optionalObject(body, "fields"));
  const filter = optionalObject(body, "query");
  compileFilter(filter);
  const [current] = findDocuments(collection, { filter, sort: parseSort(optionalObject(body, "sort")), limit: 1 });
  if (flag(body, "remove")) {
    if (body["update"] !== undefined) throw new ServerError(9, "Cannot specify both an update and remove=true");
    if (current) collection.remove(current);
    return answer(current && project(current), { n: current ? 1 : 0 });
  }
  if (body["update"] === undefined) throw new ServerError(9, "Either an update or remove=true must be specified");
  const item = { q: typed["query"] as unknown, arrayFilters: typed["arrayFilters"] as unknown };
  const plan = planUpdate(item, typed["update"]);
  if (current) {
    const { entry } = apply(collection, current, plan.update);
    return answer(project(flag(body, "new") ? entry : current), { n: 1, updatedExisting: true });
  }
  if (!flag(body, "upsert")) return answer(undefined, { n: 0, updatedExisting: false });
  const entry = insertNew(collection, item, plan.update);
  const lastErrorObject = { n: 1, updatedExisting: false, upserted: entry.plain["_id"] as unknown };
  return answer(flag(body, "new") ? project(entry) : undefined, lastErrorObject);
};

function answer(value: Uint8Array | undefined, lastErrorObject: Document): Document | Uint8Array {
  return value ? withRawDocument("value", value, { lastErrorObject, ok: 1 }) : { lastErrorObject, value: null };
}

function planUpdate(item: Document, update: unknown): { filter: Document; update: Update } {
  const filter = plainFilter(item);
  compileFilter(filter);
  const arrayFilters = item["arrayFilters"] as Document[] | undefined;
  return { filter, update: compileUpdate(update, { ...(arrayFilters && { arrayFilters }) }) };
}

/** Decoded with number types, a filter would still match, but could not be looked up as well. */
const plainFilter = (item: Document): Document => decodePlain(encode(optionalObject(item, "q")));

function apply(collection: Collection, entry: StoredDocument, update: Update): { changed: boolean; entry: StoredDocument } {
  return collection.replace(entry, update(decodeTyped(entry.raw), { inserting: false }));
}

function insertNew(collection: Collection, item: Document, update: Update): StoredDocument {
  const start = equalityFields(optionalObject(item, "q"));
  const document = update(start, { inserting: true });
  return collection.insert(encode(withIdFirst({ ...document, _id: (document["_id"] as unknown) ?? new ObjectId() })));
}

function rejectOthers(item: Document, known: readonly string[]): void {
  const odd = Object.keys(item).find((key) => !known.includes(key));
  if (odd !== undefined) throw new ServerError(40415, `BSON field '${odd}' is an unknown field.`);
  if (item["c"] !== undefined) throw unsupported("constants in updates");
  checkCollation(item);
}

export const writeCommands: Record<string, Handler> = { insert, update, delete: remove, findAndModify, findandmodify: findAndModify };
