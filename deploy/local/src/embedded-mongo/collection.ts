import { ObjectId, type Document } from "bson";
import { readDocument, readFirstValue } from "./bson-reader.js";
import { tooLarge, writeDocument } from "./bson-writer.js";
import { isObject, maxDocumentBytes, maxDocumentDepth } from "./bson-types.js";
import { joinPath, splitPath, toName } from "./field-names.js";
import { frameBytes } from "./log-frames.js";
import { OrderedIndex } from "./ordered-index.js";
import { isRegex } from "./regex.js";
import { ServerError } from "./server-error.js";
import { StoredDocument, type Segment } from "./stored-document.js";
import { decodeTyped, valueKey } from "./values.js";

/** Where changes are made durable, and how each is taken back when they could not be. */
export type Journal = {
  put(namespace: string, entry: StoredDocument, undo: () => void): void;
  remove(namespace: string, id: unknown, undo: () => void): void;
};

/** The documents of one collection in order of insertion, with their indexes. */
export class Collection {
  readonly #documents = new Map<string, StoredDocument>();
  readonly indexes: OrderedIndex[];
  /** What the documents take in the log. */
  liveBytes = 0;
  /** The same without the log's own bytes. */
  dataBytes = 0;

  /** `namespace`: under which its changes are in the log; it keeps that one when it is renamed. */
  constructor(
    readonly namespace: string,
    private readonly journal: Journal,
  ) {
    this.indexes = [this.#index({ v: 2, key: { _id: 1 }, name: "_id_" })];
  }

  get size(): number {
    return this.#documents.size;
  }

  all(): Iterable<StoredDocument> {
    return this.#documents.values();
  }

  /** The last inserted first. */
  backwards(): StoredDocument[] {
    return [...this.#documents.values()].reverse();
  }

  byId(id: unknown): StoredDocument | undefined {
    return this.#documents.get(valueKey(id));
  }

  /** @throws ServerError 11000 when a unique index has the document's values already, 10334 and 15 for one that is too large or deep. */
  insert(raw: Uint8Array): StoredDocument {
    const entry = prepare(raw);
    const id: unknown = entry.plain["_id"];
    const key = valueKey(id);
    if (this.#documents.has(key)) throw this.#duplicate("_id_", { _id: 1 }, { _id: id });
    this.#checkIndexes(entry.plain);
    this.#store(key, entry, undefined);
    return entry;
  }

  /** False when the new document is byte for byte the old one. @throws ServerError, see `insert`. */
  replace(current: StoredDocument, document: Document): { changed: boolean; entry: StoredDocument } {
    const raw = writeDocument(document, maxDocumentBytes, maxDocumentDepth);
    if (Buffer.compare(raw, current.raw) === 0) return { changed: false, entry: current };
    const entry = StoredDocument.fresh(raw, readDocument(raw, false));
    this.#checkIndexes(entry.plain, current);
    for (const index of this.indexes) index.remove(current);
    this.#store(valueKey(entry.plain["_id"]), entry, current);
    return { changed: true, entry };
  }

  remove(entry: StoredDocument): void {
    const id: unknown = entry.plain["_id"];
    this.#take(valueKey(id), entry);
    this.journal.remove(this.namespace, id, () => this.#give(valueKey(id), entry));
  }

  /** What the log says was stored: no checks, nothing written and nothing decoded. */
  restore(raw: Uint8Array, segment: Segment, offset: number): void {
    const key = valueKey(readFirstValue(raw));
    this.#count(this.#documents.get(key), -1);
    const entry = StoredDocument.at(segment, offset, raw.length);
    this.#documents.set(key, entry);
    this.#count(entry, 1);
  }

  forget(id: unknown): void {
    const key = valueKey(id);
    this.#count(this.#documents.get(key), -1);
    this.#documents.delete(key);
  }

  /** @throws ServerError 11000 when documents that are there already break a unique index. */
  addIndex(spec: Document): void {
    const index = this.#index(spec);
    index.checkAll();
    this.indexes.push(index);
  }

  /** What the log says was made: it is filled when it is first needed. */
  restoreIndex(spec: Document): void {
    this.dropIndex(String(spec["name"]));
    this.indexes.push(this.#index(spec));
  }

  dropIndex(name: string): void {
    const at = this.indexes.findIndex((index) => index.name === name);
    if (at > 0) this.indexes.splice(at, 1);
  }

  #index(spec: Document): OrderedIndex {
    return new OrderedIndex(spec, {
      entries: () => this.#documents.values(),
      duplicate: (index, keyValue) => this.#duplicate(index.name, index.spec["key"] as Document, keyValue),
    });
  }

  #store(key: string, entry: StoredDocument, previous: StoredDocument | undefined): void {
    this.#give(key, entry, previous);
    const undo = () => {
      this.#take(key, entry, previous !== undefined);
      if (previous) this.#give(key, previous);
    };
    this.journal.put(this.namespace, entry, undo);
  }

  #give(key: string, entry: StoredDocument, previous?: StoredDocument): void {
    this.#count(previous, -1);
    this.#documents.set(key, entry);
    this.#count(entry, 1);
    for (const index of this.indexes) index.add(entry);
  }

  /** `keepsPlace`: another version takes its place in the order of insertion. */
  #take(key: string, entry: StoredDocument, keepsPlace = false): void {
    if (!keepsPlace) this.#documents.delete(key);
    this.#count(entry, -1);
    for (const index of this.indexes) index.remove(entry);
    entry.segment?.cache.forget(entry);
  }

  #count(entry: StoredDocument | undefined, sign: 1 | -1): void {
    if (!entry) return;
    this.liveBytes += sign * frameBytes(this.namespace, entry.size);
    this.dataBytes += sign * entry.size;
  }

  #checkIndexes(plain: Document, current?: StoredDocument): void {
    for (const index of this.indexes) {
      const keyValue = index.conflict(plain, current);
      if (keyValue) throw this.#duplicate(index.name, index.spec["key"] as Document, keyValue);
    }
  }

  #duplicate(index: string, keyPattern: Document, keyValue: Document): ServerError {
    const shown = Object.entries(keyValue).map(([field, value]) => ` ${joinPath(splitPath(field))}: ${JSON.stringify(value)}`);
    const message = `E11000 duplicate key error collection: ${this.namespace} index: ${index} dup key: {${shown.join()} }`;
    return new ServerError(11000, message, { keyPattern, keyValue });
  }
}

const idFirst = Buffer.from("_id\0");

/** Every stored document has an `_id`, as its first field. The bytes are copied: they are part of a network buffer. */
function prepare(raw: Uint8Array): StoredDocument {
  if (raw.length > maxDocumentBytes) throw tooLarge(raw.length, maxDocumentBytes);
  const isFirst = Buffer.compare(raw.subarray(5, 9), idFirst) === 0;
  const copy = isFirst
    ? Uint8Array.prototype.slice.call(raw)
    : writeDocument(withIdFirst(decodeTyped(raw)), maxDocumentBytes, maxDocumentDepth);
  const plain = readDocument(copy, false, maxDocumentDepth);
  checkId(plain["_id"]);
  return StoredDocument.fresh(copy, plain);
}

function checkId(id: unknown): void {
  if (id === undefined || Array.isArray(id) || isRegex(id)) throw new ServerError(53, "The '_id' value cannot be of type array or regex");
  const odd = isObject(id) && Object.keys(id).find((key) => key.startsWith("$"));
  if (odd) throw new ServerError(52, `_id fields may not contain '$'-prefixed fields: ${toName(odd)} is not valid for storage.`);
}

export function withIdFirst(document: Document): Document {
  const { _id: id = new ObjectId(), ...fields } = document;
  return { _id: id as unknown, ...fields };
}
