import { ObjectId, type Document } from "bson";
import { OrderedIndex } from "./ordered-index.js";
import { ServerError } from "./server-error.js";
import { decodePlain, decodeTyped, encode, isObject, valueKey, type StoredDocument } from "./values.js";
import { isRegex } from "./regex.js";

/** Where changes are made durable; see StorageLog. */
export type Journal = {
  put(namespace: string, raw: Uint8Array): void;
  remove(namespace: string, id: unknown): void;
};

/** The documents of one collection in order of insertion, with their indexes. */
export class Collection {
  readonly #documents = new Map<string, StoredDocument>();
  readonly indexes: OrderedIndex[] = [new OrderedIndex({ v: 2, key: { _id: 1 }, name: "_id_" })];

  /** Changes when the collection is renamed. */
  namespace: string;

  constructor(
    namespace: string,
    private readonly journal: Journal,
  ) {
    this.namespace = namespace;
  }

  get size(): number {
    return this.#documents.size;
  }

  all(): Iterable<StoredDocument> {
    return this.#documents.values();
  }

  byId(id: unknown): StoredDocument | undefined {
    return this.#documents.get(valueKey(id));
  }

  /** @throws ServerError 11000 when a unique index has the document's values already. */
  insert(raw: Uint8Array): StoredDocument {
    const entry = prepare(raw);
    const id: unknown = entry.plain["_id"];
    const key = valueKey(id);
    if (this.#documents.has(key)) throw this.#duplicate("_id_", { _id: 1 }, { _id: id });
    this.#rejectDuplicates(entry.plain);
    this.#store(key, entry);
    return entry;
  }

  /** False when the new document is byte for byte the old one. @throws ServerError 11000, see `insert`. */
  replace(current: StoredDocument, document: Document): { changed: boolean; entry: StoredDocument } {
    const raw = encode(document);
    if (Buffer.compare(raw, current.raw) === 0) return { changed: false, entry: current };
    const entry = { raw, plain: decodePlain(raw) };
    this.#rejectDuplicates(entry.plain, current);
    for (const index of this.indexes) index.remove(current);
    this.#store(valueKey(entry.plain["_id"]), entry);
    return { changed: true, entry };
  }

  remove(entry: StoredDocument): void {
    const id: unknown = entry.plain["_id"];
    this.#documents.delete(valueKey(id));
    for (const index of this.indexes) index.remove(entry);
    this.journal.remove(this.namespace, id);
  }

  /** What the log says was stored: no checks and nothing written. */
  restore(raw: Uint8Array): void {
    const plain = decodePlain(raw);
    this.#documents.set(valueKey(plain["_id"]), { raw, plain });
  }

  forget(id: unknown): void {
    this.#documents.delete(valueKey(id));
  }

  /** @throws ServerError 11000 when documents that are there already break a unique index. */
  addIndex(spec: Document): void {
    const index = new OrderedIndex(spec);
    for (const entry of this.#documents.values()) {
      const keyValue = index.conflict(entry.plain);
      if (keyValue) throw this.#duplicate(index.name, spec["key"] as Document, keyValue);
      index.add(entry);
    }
    this.indexes.push(index);
  }

  /** After a replay: indexes are filled once, from what is left. */
  fillIdIndex(): void {
    for (const entry of this.#documents.values()) this.indexes[0]?.add(entry);
  }

  #store(key: string, entry: StoredDocument): void {
    this.#documents.set(key, entry);
    for (const index of this.indexes) index.add(entry);
    this.journal.put(this.namespace, entry.raw);
  }

  #rejectDuplicates(plain: Document, current?: StoredDocument): void {
    for (const index of this.indexes) {
      const keyValue = index.conflict(plain, current);
      if (keyValue) throw this.#duplicate(index.name, index.spec["key"] as Document, keyValue);
    }
  }

  #duplicate(index: string, keyPattern: Document, keyValue: Document): ServerError {
    const shown = Object.entries(keyValue).map(([field, value]) => ` ${field}: ${JSON.stringify(value)}`);
    const message = `E11000 duplicate key error collection: ${this.namespace} index: ${index} dup key: {${shown.join()} }`;
    return new ServerError(11000, message, { keyPattern, keyValue });
  }
}

const idFirst = Buffer.from("_id\0");

/** Every stored document has an `_id`, as its first field. The bytes are copied: they are part of a network buffer. */
function prepare(raw: Uint8Array): StoredDocument {
  const isFirst = Buffer.compare(raw.subarray(5, 9), idFirst) === 0;
  const copy = isFirst ? Uint8Array.prototype.slice.call(raw) : encode(withIdFirst(decodeTyped(raw)));
  const plain = decodePlain(copy);
  const id: unknown = plain["_id"];
  if (id === undefined || Array.isArray(id) || isRegex(id)) throw new ServerError(53, "The '_id' value cannot be of type array or regex");
  const odd = isObject(id) && Object.keys(id).find((key) => key.startsWith("$"));
  if (odd) throw new ServerError(52, `_id fields may not contain '$'-prefixed fields: ${odd} is not valid for storage.`);
  return { raw: copy, plain };
}

export function withIdFirst(document: Document): Document {
  const { _id: id = new ObjectId(), ...fields } = document;
  return { _id: id as unknown, ...fields };
}
