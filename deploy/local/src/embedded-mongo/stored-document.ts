import { closeSync, readSync } from "node:fs";
import type { Document } from "bson";
import { readDocument, readFields } from "./bson-reader.js";
import { ServerError } from "./server-error.js";

/** A decoded document takes some times its bytes. */
const decodedWeight = 4;
const entryWeight = 200;

/** Contents of documents that are in memory for the time being; those that were not asked for lately go first. */
export class DocumentCache {
  readonly #entries = new Set<StoredDocument>();
  #weight = 0;

  constructor(private readonly maxWeight: number) {}

  admit(entry: StoredDocument, weight: number): void {
    this.#entries.add(entry);
    entry.weight += weight;
    this.#weight += weight;
    if (this.#weight > this.maxWeight) this.#shrink(entry);
  }

  forget(entry: StoredDocument): void {
    if (!this.#entries.delete(entry)) return;
    this.#weight -= entry.weight;
    entry.weight = 0;
  }

  #shrink(newest: StoredDocument): void {
    for (const entry of this.#entries) {
      if (this.#weight <= this.maxWeight || entry === newest) return;
      this.#entries.delete(entry);
      if (entry.used) {
        entry.used = false;
        this.#entries.add(entry);
        continue;
      }
      this.#weight -= entry.weight;
      entry.weight = 0;
      entry.unload();
    }
  }
}

/** One file of the log. It stays open while somebody may still read documents that were in it. */
export class Segment {
  #leases = 0;
  #retired = false;
  #closed = false;
  #scratch = Buffer.alloc(0);

  constructor(
    readonly file: number,
    readonly cache: DocumentCache,
  ) {}

  get isClosed(): boolean {
    return this.#closed;
  }

  /** The bytes for a moment: until the next call. */
  peek(offset: number, length: number): Buffer {
    if (length > this.#scratch.length) this.#scratch = Buffer.allocUnsafeSlow(length);
    return this.#fill(this.#scratch.subarray(0, length), offset);
  }

  read(offset: number, length: number): Buffer {
    return this.#fill(Buffer.allocUnsafeSlow(length), offset);
  }

  #fill(bytes: Buffer, offset: number): Buffer {
    const { length } = bytes;
    for (let at = 0; at < length;) {
      const read = readSync(this.file, bytes, at, length - at, offset + at);
      if (read === 0) throw new ServerError(1, "the log file ends before a document that it holds");
      at += read;
    }
    return bytes;
  }

  /** Keeps the file open until the returned function is called. */
  lease(): () => void {
    this.#leases++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#leases--;
      this.#closeWhenFree();
    };
  }

  retire(): void {
    this.#retired = true;
    this.#closeWhenFree();
  }

  #closeWhenFree(): void {
    if (!this.#retired || this.#leases > 0 || this.#closed) return;
    this.#closed = true;
    closeSync(this.file);
  }
}

/**
 * One version of a document; a change makes another one. Its content is in memory until the log has it, and after that as long as the cache
 * keeps it: `raw` goes over the wire as it came, `plain` (numbers promoted) is what queries look at.
 */
export class StoredDocument {
  weight = 0;
  used = false;
  /** Where a compaction that is under way has put it. */
  nextOffset = -1;
  #raw: Uint8Array | undefined;
  #plain: Document | undefined;
  #segment: Segment | undefined;
  #offset = 0;

  private constructor(readonly size: number) {}

  static fresh(raw: Uint8Array, plain: Document): StoredDocument {
    const entry = new StoredDocument(raw.length);
    [entry.#raw, entry.#plain] = [raw, plain];
    return entry;
  }

  static at(segment: Segment, offset: number, size: number): StoredDocument {
    const entry = new StoredDocument(size);
    [entry.#segment, entry.#offset] = [segment, offset];
    return entry;
  }

  get offset(): number {
    return this.#offset;
  }

  get segment(): Segment | undefined {
    return this.#segment;
  }

  get raw(): Uint8Array {
    this.used = true;
    if (this.#raw) return this.#raw;
    this.#raw = this.#read();
    this.#segment?.cache.admit(this, this.size + entryWeight);
    return this.#raw;
  }

  get plain(): Document {
    this.used = true;
    if (this.#plain) return this.#plain;
    this.#plain = readDocument(this.#raw ?? this.#peek(), false);
    this.#segment?.cache.admit(this, decodedWeight * this.size + entryWeight);
    return this.#plain;
  }

  /** At least the given fields, without keeping what had to be read. */
  fields(keys: ReadonlySet<string>): Document {
    return this.#plain ?? readFields(this.#raw ?? this.#peek(), keys);
  }

  /** The log has it: from now on it can be read again. */
  place(segment: Segment, offset: number): void {
    const isFirst = this.#segment === undefined;
    [this.#segment, this.#offset] = [segment, offset];
    if (isFirst) segment.cache.admit(this, (1 + decodedWeight) * this.size + 2 * entryWeight);
  }

  unload(): void {
    [this.#raw, this.#plain] = [undefined, undefined];
  }

  #peek(): Uint8Array {
    return this.#place().peek(this.#offset, this.size);
  }

  #read(): Uint8Array {
    return this.#place().read(this.#offset, this.size);
  }

  #place(): Segment {
    if (!this.#segment) throw new ServerError(1, "a document that is neither in memory nor in the log");
    return this.#segment;
  }
}
