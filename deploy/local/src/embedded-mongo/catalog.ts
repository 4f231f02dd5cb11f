import { join } from "node:path";
import { serialize, type Document } from "bson";
import { Collection } from "./collection.js";
import { findDocuments } from "./query-plan.js";
import { ServerError } from "./server-error.js";
import { change, frameBytes, rewriteLog, StorageLog, type LoggedChange } from "./storage-log.js";
import { decodePlain, isDate } from "./values.js";

const empty = serialize({});

/** All databases of the server and their log. A namespace is "<database>.<collection>". */
export class Catalog {
  readonly #collections = new Map<string, Collection>();
  readonly #log: StorageLog;

  private constructor(path: string) {
    const specs = new Map<string, Document[]>();
    // Changes that are replayed must not be written again: collections keep the log from here on.
    const opened = StorageLog.open(path, (logged) => this.#replay(logged, specs));
    for (const [namespace, collection] of this.#collections) {
      collection.fillIdIndex();
      for (const spec of specs.get(namespace) ?? []) collection.addIndex(spec);
    }
    const live = [...this.#changes()].reduce((sum, { namespace, raw }) => sum + frameBytes(namespace, raw), 0);
    if (opened.bytes > 2 * live) {
      opened.log.close();
      rewriteLog(path, this.#changes());
      this.#log = StorageLog.open(path, () => {}).log;
    } else {
      this.#log = opened.log;
    }
  }

  static open(dir: string): Catalog {
    return new Catalog(join(dir, "documents.log"));
  }

  names(): string[] {
    return [...this.#collections.keys()].sort();
  }

  collection(namespace: string): Collection | undefined {
    return this.#collections.get(namespace);
  }

  /** Writing to a collection makes it. */
  ensure(namespace: string): Collection {
    const existing = this.#collections.get(namespace);
    if (existing) return existing;
    const [database = "", name = ""] = splitNamespace(namespace);
    if (name === "" || name.includes("$") || name.startsWith("system.") || /[/\\. "$]/.test(database)) {
      throw new ServerError(73, `Invalid namespace specified '${namespace}'`);
    }
    const collection = this.#make(namespace);
    this.#log.append(change.createCollection, namespace, empty);
    return collection;
  }

  drop(namespace: string): boolean {
    if (!this.#collections.delete(namespace)) return false;
    this.#log.append(change.dropCollection, namespace, empty);
    return true;
  }

  /** Gives a collection another name, in place of whatever had it. */
  rename(collection: Collection, to: string): void {
    this.#log.append(change.renameCollection, collection.namespace, serialize({ to }));
    this.#move(collection, to);
  }

  createIndex(collection: Collection, spec: Document): void {
    collection.addIndex(spec);
    this.#log.append(change.createIndex, collection.namespace, serialize(spec));
  }

  dropIndex(collection: Collection, name: string): void {
    const at = collection.indexes.findIndex((index) => index.name === name);
    collection.indexes.splice(at, 1);
    this.#log.append(change.dropIndex, collection.namespace, serialize({ name }));
  }

  /** Deletes what indexes with `expireAfterSeconds` say is too old. */
  expire(now: number): void {
    for (const collection of this.#collections.values()) {
      for (const { spec, fields } of collection.indexes) {
        const [seconds, field] = [spec["expireAfterSeconds"] as unknown, fields[0]?.name];
        if (typeof seconds !== "number" || field === undefined || fields.length !== 1) continue;
        const old = findDocuments(collection, { filter: { [field]: { $lt: new Date(now - seconds * 1000) } } });
        for (const entry of old) if (isDate(entry.plain[field])) collection.remove(entry);
      }
    }
    this.commit();
  }

  commit(): void {
    this.#log.commit();
  }

  close(): void {
    this.#log.close();
  }

  #make(namespace: string): Collection {
    const collection = new Collection(namespace, {
      put: (namespace, raw) => this.#log.put(namespace, raw),
      remove: (namespace, id) => this.#log.remove(namespace, id),
    });
    this.#collections.set(namespace, collection);
    return collection;
  }

  #move(collection: Collection, to: string): void {
    this.#collections.delete(collection.namespace);
    collection.namespace = to;
    this.#collections.set(to, collection);
  }

  #replay({ kind, namespace, raw }: LoggedChange, specs: Map<string, Document[]>): void {
    const collection = this.#collections.get(namespace) ?? this.#make(namespace);
    const indexes = specs.get(namespace) ?? [];
    switch (kind) {
      case change.put:
        return collection.restore(raw);
      case change.remove:
        return collection.forget(decodePlain(raw)["_id"]);
      case change.createCollection:
        return;
      case change.dropCollection:
        this.#collections.delete(namespace);
        return void specs.delete(namespace);
      case change.renameCollection: {
        const to = String(decodePlain(raw)["to"]);
        specs.set(to, indexes);
        specs.delete(namespace);
        return this.#move(collection, to);
      }
      case change.createIndex:
        return void specs.set(namespace, [...indexes, decodePlain(raw)]);
      case change.dropIndex: {
        const { name } = decodePlain(raw);
        return void specs.set(
          namespace,
          indexes.filter((spec) => spec["name"] !== name),
        );
      }
    }
  }

  /** The changes that lead to the present state. */
  *#changes(): Generator<LoggedChange> {
    for (const [namespace, collection] of this.#collections) {
      yield { kind: change.createCollection, namespace, raw: empty };
      for (const { spec } of collection.indexes.slice(1)) yield { kind: change.createIndex, namespace, raw: serialize(spec) };
      for (const { raw } of collection.all()) yield { kind: change.put, namespace, raw };
    }
  }
}

export function splitNamespace(namespace: string): [database: string, collection: string] {
  const dot = namespace.indexOf(".");
  return [namespace.slice(0, dot), namespace.slice(dot + 1)];
}
