import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Document } from "bson";
import type { Logger } from "@flow-rag/kernel";
import { writeDocument } from "./bson-writer.js";
import { Collection, type Journal } from "./collection.js";
import { compact, type LiveItem } from "./compaction.js";
import { change, type ChangeKind } from "./log-frames.js";
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
  /** By the namespace in the log, which differs once a collection was renamed. */
  readonly #logged = new Map<string, Collection>();
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
    let logged = namespace;
    for (let n = 1; this.#logged.has(logged); n += 1) logged = `${namespace}$${n}`; // a renamed one still has it; no name holds a $
    const collection = this.#make(logged, namespace);
    this.#storage.append(change.createCollection, logged, named(logged, namespace));
    this.#undo.push(() => this.#forget(collection));
    return collection;
  }

  drop(namespace: string): boolean {
    const collection = this.#collections.get(namespace);
    if (!collection) return false;
    this.#forget(collection);
    this.#storage.append(change.dropCollection, collection.namespace, empty);
    this.#undo.push(() => this.#show(collection, namespace));
    return true;
  }

  /** Gives a collection another name, in place of whatever had it: one frame, so that a crash leaves all as it was or all done. */
  rename(from: string, to: string): void {
    const collection = this.#collections.get(from);
    if (!collection) return;
    const target = this.#collections.get(to);
    this.#storage.append(change.renameCollection, collection.namespace, writeDocument({ to }));
    this.#rename(collection, to);
    this.#undo.push(() => {
      this.#collections.delete(to);
      if (target) this.#show(target, to);
      this.#show(collection, from);
    });
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

  #show(collection: Collection, name: string): void {
    this.#collections.set(name, collection);
    this.#logged.set(collection.namespace, collection);
  }

  #forget(collection: Collection): void {
    this.#logged.delete(collection.namespace);
    for (const [name, shown] of this.#collections) if (shown === collection) this.#collections.delete(name);
  }

  #rename(collection: Collection, to: string): void {
    const target = this.#collections.get(to);
    if (target && target !== collection) this.#forget(target);
    this.#forget(collection);
    this.#show(collection, to);
  }

  #make(namespace: string, name: string): Collection {
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
    this.#show(collection, name);
    return collection;
  }

  #replay({ kind, namespace, raw, offset }: LoggedChange, segment: Segment): void {
    const known = this.#logged.get(namespace);
    if (!known && kind === change.dropCollection) return; // something took its place
    const collection = known ?? this.#make(namespace, nameIn(raw, namespace, kind));
    switch (kind) {
      case change.put:
        return collection.restore(raw, segment, offset);
      case change.remove:
        return collection.forget(decodePlain(raw)["_id"]);
      case change.createCollection:
        return;
      case change.dropCollection:
        return this.#forget(collection);
      case change.renameCollection:
        return this.#rename(collection, String(decodePlain(raw)["to"]));
      case change.createIndex:
        return collection.restoreIndex(decodePlain(raw));
      case change.dropIndex:
        return collection.dropIndex(String(decodePlain(raw)["name"]));
    }
  }

  /** What leads to the present state. */
  *#live(): Generator<LiveItem> {
    for (const [name, collection] of this.#collections) {
      const { namespace } = collection;
      yield { kind: change.createCollection, namespace, raw: named(namespace, name) };
      for (const { spec } of collection.indexes.slice(1)) yield { kind: change.createIndex, namespace, raw: writeDocument(spec) };
      for (const entry of collection.all()) yield { namespace, entry };
    }
  }
}

/** The document of a frame that makes a collection: its name where the log has it under another. */
const named = (logged: string, name: string): Uint8Array => (logged === name ? empty : writeDocument({ name }));
function nameIn(raw: Uint8Array, namespace: string, kind: ChangeKind): string {
  const name: unknown = kind === change.createCollection ? decodePlain(raw)["name"] : undefined;
  return typeof name === "string" ? name : namespace;
}
