import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Document } from "bson";
import type { Logger } from "@flow-rag/kernel";
import { writeDocument } from "./bson-writer.js";
import { Collection, type Journal } from "./collection.js";
import { compact, type LiveItem } from "./compaction.js";
import { change } from "./log-frames.js";
import type { LoggedChange } from "./log-replay.js";
import { checkNamespace } from "./namespaces.js";
import { StorageLog, type LogOptions } from "./storage-log.js";
import type { Segment } from "./stored-document.js";
import { Turnstile } from "./turnstile.js";
import { decodePlain } from "./values.js";

const empty = writeDocument({});
/** A log is written anew when more than half of it is of no use any more, and it is worth the while. */
const worthBytes = 16 * 1024 * 1024;
const retryMs = 5_000;

export type CatalogOptions = LogOptions & { log: Logger; worthBytes?: number };

/** All databases of the server and their log. A namespace is "<database>.<collection>". */
export class Catalog {
  readonly #collections = new Map<string, Collection>();
  readonly #storage: StorageLog;
  readonly #writes = new Turnstile();
  readonly #worthBytes: number;
  readonly #log: Logger;
  #undo: (() => void)[] = [];
  #compacting: Promise<void> | undefined;
  #nextTryAt = 0;
  #previous: Segment | undefined;
  #isClosing = false;

  private constructor(path: string, options: CatalogOptions) {
    this.#worthBytes = options.worthBytes ?? worthBytes;
    this.#log = options.log;
    const opened = StorageLog.open(path, (logged, segment) => this.#replay(logged, segment), options);
    this.#storage = opened.log;
    const { damaged } = opened.replayed;
    if (damaged > 0) options.log.error({ path, frames: damaged }, "changes in the log file are damaged on disk and were left out");
    if (opened.cutBytes > 0) options.log.warn({ path, bytes: opened.cutBytes }, "an incomplete end of the log file was cut off");
  }

  /** Small logs with much of no use are written anew at once, larger ones while the server runs. */
  static async open(dir: string, options: CatalogOptions): Promise<Catalog> {
    const catalog = new Catalog(join(dir, "documents.log"), options);
    if (catalog.#hasGarbage && catalog.#storage.end < catalog.#worthBytes) await catalog.compact();
    return catalog;
  }

  names(): string[] {
    return [...this.#collections.keys()].sort();
  }

  collection(namespace: string): Collection | undefined {
    return this.#collections.get(namespace);
  }

  get logBytes(): number {
    return this.#storage.end;
  }

  /** Documents that a reader has found stay readable until it lets go, whatever happens meanwhile. */
  lease(): () => void {
    return this.#storage.segment.lease();
  }

  /** Changes are made one command at a time; reads may go on in between. */
  exclusive<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#writes.run(work);
  }

  /** Writing to a collection makes it. @throws ServerError InvalidNamespace (73). */
  ensure(namespace: string): Collection {
    const existing = this.#collections.get(namespace);
    if (existing) return existing;
    checkNamespace(namespace);
    const collection = this.#make(namespace);
    this.#storage.append(change.createCollection, namespace, empty);
    this.#undo.push(() => this.#collections.delete(namespace));
    return collection;
  }

  drop(namespace: string): boolean {
    const collection = this.#collections.get(namespace);
    if (!collection) return false;
    this.#collections.delete(namespace);
    this.#storage.append(change.dropCollection, namespace, empty);
    this.#undo.push(() => this.#collections.set(namespace, collection));
    return true;
  }

  createIndex(collection: Collection, spec: Document): void {
    collection.addIndex(spec);
    this.#storage.append(change.createIndex, collection.namespace, writeDocument(spec));
    this.#undo.push(() => collection.dropIndex(String(spec["name"])));
  }

  dropIndex(collection: Collection, name: string): void {
    const index = collection.indexes.find((candidate) => candidate.name === name);
    collection.dropIndex(name);
    this.#storage.append(change.dropIndex, collection.namespace, writeDocument({ name }));
    if (index) this.#undo.push(() => collection.restoreIndex(index.spec));
  }

  /**
   * What was changed since the last call is in the log, or has not happened.
   * @throws StorageError in the second case.
   */
  commit({ onDisk = false } = {}): void {
    try {
      this.#storage.commit();
    } catch (error) {
      this.rollBack();
      throw error;
    }
    this.#undo = [];
    if (onDisk) this.#storage.syncNow();
  }

  /** Takes back what was changed since the last commit. */
  rollBack(): void {
    const undo = this.#undo;
    this.#undo = [];
    for (const step of undo.reverse()) step();
    this.#storage.rollBack();
  }

  /** Writes the log anew where that is needed: much of it is garbage, or the disk failed and no change is taken. */
  async tidy(): Promise<void> {
    const isNeeded = this.#storage.refusal !== undefined || (this.#hasGarbage && this.#storage.end >= this.#worthBytes);
    if (!isNeeded || Date.now() < this.#nextTryAt) return;
    try {
      await this.compact();
    } catch (error) {
      this.#nextTryAt = Date.now() + retryMs;
      this.#log.warn({ err: error }, "the log file could not be written anew; the old one stays");
    }
  }

  /** @throws the disk's error; nothing has changed then. */
  async compact(): Promise<void> {
    if (this.#isClosing || (this.#previous && !this.#previous.isClosed)) return; // its readers have not let go
    this.#compacting ??= this.#compact().finally(() => {
      this.#compacting = undefined;
    });
    await this.#compacting;
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#compacting?.catch(() => {});
    this.#storage.close();
  }

  get #hasGarbage(): boolean {
    let live = 0;
    for (const collection of this.#collections.values()) live += collection.liveBytes;
    return this.#storage.end > 2 * live;
  }

  async #compact(): Promise<void> {
    const before = this.#storage.segment;
    await compact({
      log: this.#storage,
      live: () => this.#live(),
      pause: async () => {
        await nextTurn();
        if (this.#isClosing) throw new Error("the server is stopping");
      },
      exclusive: (work) => this.exclusive(work),
    });
    this.#previous = before;
  }

  #make(namespace: string): Collection {
    const journal: Journal = {
      put: (namespace, entry, undo) => {
        this.#undo.push(undo); // first: appending may already fail
        this.#storage.append(change.put, namespace, entry.raw, entry);
      },
      remove: (namespace, id, undo) => {
        this.#undo.push(undo);
        this.#storage.append(change.remove, namespace, writeDocument({ _id: id }));
      },
    };
    const collection = new Collection(namespace, journal);
    this.#collections.set(namespace, collection);
    return collection;
  }

  #replay({ kind, namespace, raw, offset }: LoggedChange, segment: Segment): void {
    const collection = this.#collections.get(namespace) ?? this.#make(namespace);
    switch (kind) {
      case change.put:
        return collection.restore(raw, segment, offset);
      case change.remove:
        return collection.forget(decodePlain(raw)["_id"]);
      case change.createCollection:
        return;
      case change.dropCollection:
        return void this.#collections.delete(namespace);
      case change.createIndex:
        return collection.restoreIndex(decodePlain(raw));
      case change.dropIndex:
        return collection.dropIndex(String(decodePlain(raw)["name"]));
    }
  }

  /** What leads to the present state. */
  *#live(): Generator<LiveItem> {
    for (const [namespace, collection] of this.#collections) {
      yield { kind: change.createCollection, namespace, raw: empty };
      for (const { spec } of collection.indexes.slice(1)) yield { kind: change.createIndex, namespace, raw: writeDocument(spec) };
      for (const entry of collection.all()) yield { namespace, entry };
    }
  }
}
