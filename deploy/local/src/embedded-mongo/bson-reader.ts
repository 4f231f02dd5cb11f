import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  type Document,
} from "bson";
import { element, FarDate, maxCommandDepth } from "./bson-types.js";
import { tooDeep } from "./bson-writer.js";
import { toKey } from "./field-names.js";
import { ServerError, unsupported } from "./server-error.js";

const greatestDate = 8_640_000_000_000_000n;
const greatestSafe = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * Reads documents with keys that are safe (see field-names) and in stored order.
 * `typed` keeps Int32, Double and Long apart; otherwise numbers are JavaScript's where that is exact.
 * @throws ServerError InvalidBSON for bytes that are no document, Overflow (15) beyond `maxDepth` levels, the document itself being the first.
 */
export function readDocument(bytes: Uint8Array, typed: boolean, maxDepth = maxCommandDepth): Document {
  const reader = new BsonReader(bytes, typed, maxDepth);
  return reader.document(0);
}

/** The value of the first field, which is `_id` in every stored document. */
export function readFirstValue(bytes: Uint8Array): unknown {
  const reader = new BsonReader(bytes, false);
  reader.at = 4;
  const type = reader.byte();
  reader.key();
  return reader.value(type, 1);
}

/** A document with only those top-level fields: an index must not decode what it does not look at. */
export function readFields(bytes: Uint8Array, keys: ReadonlySet<string>): Document {
  const reader = new BsonReader(bytes, false);
  const result: Document = {};
  reader.at = 4;
  for (let left = keys.size; left > 0;) {
    const type = reader.byte();
    if (type === 0) break;
    const key = reader.key();
    if (keys.has(key)) {
      result[key] = reader.value(type, 1);
      left--;
    } else {
      reader.skip(type);
    }
  }
  return result;
}

const invalid = (what: string): ServerError => new ServerError(22, `Invalid BSON: ${what}`);

class BsonReader {
  at = 0;
  readonly #bytes: Buffer;

  constructor(
    bytes: Uint8Array,
    private readonly typed: boolean,
    private readonly maxDepth = maxCommandDepth,
  ) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  document(depth: number): Document {
    const end = this.#open(depth);
    const result: Document = {};
    for (let type = this.byte(); type !== 0; type = this.byte()) result[this.key()] = this.value(type, depth + 1);
    this.#close(end);
    return result;
  }

  byte(): number {
    const value = this.#bytes[this.at++];
    if (value === undefined) throw invalid("it ends too early");
    return value;
  }

  key(): string {
    return toKey(this.#text());
  }

  value(type: number, depth: number): unknown {
    switch (type) {
      case element.double: {
        const number = this.#bytes.readDoubleLE(this.#take(8));
        return this.typed ? new Double(number) : number;
      }
      case element.string:
        return this.#string();
      case element.object:
        return this.document(depth);
      case element.array:
        return this.#array(depth);
      case element.boolean:
        return this.byte() !== 0;
      case element.null:
      case element.undefined:
        return null;
      case element.int32: {
        const number = this.#bytes.readInt32LE(this.#take(4));
        return this.typed ? new Int32(number) : number;
      }
      case element.int64:
        return this.#long();
      case element.date:
        return this.#date();
      default:
        return this.#rareValue(type, depth);
    }
  }

  skip(type: number): void {
    if (type === element.string || type === element.code || type === element.symbol) this.#take(4 + this.#size(0));
    else if (type === element.object || type === element.array || type === element.codeWithScope) this.#take(this.#size(0));
    else if (type === element.binary) this.#take(5 + this.#size(0));
    else if (type === element.boolean) this.#take(1);
    else if (type === element.int32) this.#take(4);
    else if (type === element.objectId) this.#take(12);
    else if (type === element.decimal) this.#take(16);
    else if (type === element.double || type === element.int64 || type === element.date || type === element.timestamp) this.#take(8);
    else if (type === element.regex) void [this.#text(), this.#text()];
    else if (type !== element.null && type !== element.undefined && type !== element.minKey && type !== element.maxKey) {
      throw unsupported(`the BSON type ${type}`);
    }
  }

  #rareValue(type: number, depth: number): unknown {
    switch (type) {
      case element.objectId: {
        const at = this.#take(12);
        return new ObjectId(Uint8Array.prototype.slice.call(this.#bytes, at, at + 12));
      }
      case element.binary:
        return this.#binary();
      case element.regex:
        return new BSONRegExp(this.#text(), this.#text());
      case element.timestamp: {
        const at = this.#take(8);
        return new Timestamp({ i: this.#bytes.readUInt32LE(at), t: this.#bytes.readUInt32LE(at + 4) });
      }
      case element.decimal: {
        const at = this.#take(16);
        return new Decimal128(Uint8Array.prototype.slice.call(this.#bytes, at, at + 16));
      }
      case element.code:
        return new Code(this.#string());
      case element.symbol:
        return new BSONSymbol(this.#string());
      case element.codeWithScope: {
        this.#take(4);
        const code = this.#string();
        return new Code(code, this.document(depth));
      }
      case element.minKey:
        return new MinKey();
      case element.maxKey:
        return new MaxKey();
      default:
        throw unsupported(`the BSON type ${type}`);
    }
  }

  #array(depth: number): unknown[] {
    const end = this.#open(depth);
    const result: unknown[] = [];
    for (let type = this.byte(); type !== 0; type = this.byte()) {
      this.at = this.#nameEnd() + 1;
      result.push(this.value(type, depth + 1));
    }
    this.#close(end);
    return result;
  }

  #open(depth: number): number {
    if (depth >= this.maxDepth) throw tooDeep(this.maxDepth);
    const size = this.#size(5);
    const end = this.at + size;
    if (end > this.#bytes.length || this.#bytes[end - 1] !== 0) throw invalid("a document's length does not fit");
    this.at += 4;
    return end;
  }

  #close(end: number): void {
    if (this.at !== end) throw invalid("a document's length does not fit");
  }

  #size(least: number): number {
    if (this.at + 4 > this.#bytes.length) throw invalid("it ends too early");
    const size = this.#bytes.readInt32LE(this.at);
    if (size < least) throw invalid(`a length of ${size}`);
    return size;
  }

  #take(count: number): number {
    const from = this.at;
    this.at += count;
    if (this.at > this.#bytes.length) throw invalid("it ends too early");
    return from;
  }

  #nameEnd(): number {
    const end = this.#bytes.indexOf(0, this.at);
    if (end < 0) throw invalid("a name does not end");
    return end;
  }

  /** Names are short: a loop beats a call into the runtime, unless a letter is not ASCII. */
  #text(): string {
    let text = "";
    for (let at = this.at; at < this.at + 32; at++) {
      const code = this.#bytes[at] ?? 128;
      if (code === 0) {
        this.at = at + 1;
        return text;
      }
      if (code > 127) break;
      text += String.fromCharCode(code);
    }
    const end = this.#nameEnd();
    const whole = this.#bytes.toString("utf8", this.at, end);
    this.at = end + 1;
    return whole;
  }

  #string(): string {
    const size = this.#size(1);
    const from = this.#take(4 + size) + 4;
    if (this.#bytes[from + size - 1] !== 0) throw invalid("a text does not end with a null byte");
    return this.#bytes.toString("utf8", from, from + size - 1);
  }

  #long(): unknown {
    const at = this.#take(8);
    const high = this.#bytes.readInt32LE(at + 4);
    if (this.typed) return new Long(this.#bytes.readInt32LE(at), high);
    const value = this.#bytes.readBigInt64LE(at);
    return value <= greatestSafe && value >= -greatestSafe ? Number(value) : new Long(this.#bytes.readInt32LE(at), high);
  }

  #date(): Date | FarDate {
    const milliseconds = this.#bytes.readBigInt64LE(this.#take(8));
    const fits = milliseconds <= greatestDate && milliseconds >= -greatestDate;
    return fits ? new Date(Number(milliseconds)) : new FarDate(milliseconds);
  }

  #binary(): Binary {
    const size = this.#size(0);
    const from = this.#take(5 + size) + 5;
    return new Binary(Uint8Array.prototype.slice.call(this.#bytes, from, from + size), this.#bytes[from - 1]);
  }
}
