import type { Binary, BSONRegExp, Code, Decimal128, Document, Long, ObjectId } from "bson";
import { bsonType, element, isDate, maxCommandBytes, maxCommandDepth, type FarDate } from "./bson-types.js";
import { toName } from "./field-names.js";
import { ServerError, unsupported } from "./server-error.js";

const startBytes = 4096;
const end = Uint8Array.of(0);
let spare = Buffer.allocUnsafe(startBytes);

/**
 * A document as BSON, keys turned into names again. Whole numbers of 32 bits become int32, other numbers doubles; undefined becomes null.
 * @throws ServerError BSONObjectTooLarge (10334) beyond `maxBytes`, Overflow (15) beyond `maxDepth` levels, the document itself being the first.
 */
export function writeDocument(document: Document, maxBytes = maxCommandBytes, maxDepth = maxCommandDepth): Uint8Array {
  const writer = new BsonWriter(maxBytes, maxDepth);
  writer.document(document, 0);
  return writer.result();
}

export const tooLarge = (bytes: number, maxBytes: number): ServerError =>
  new ServerError(10334, `BSONObj size: ${bytes} is invalid. Size must be between 0 and ${maxBytes}`);

export const tooDeep = (levels: number): ServerError =>
  new ServerError(15, `A document exceeded the maximum nesting depth of ${levels} levels`);

class BsonWriter {
  #bytes = spare;
  #at = 0;

  constructor(
    private readonly maxBytes: number,
    private readonly maxDepth: number,
  ) {}

  result(): Uint8Array {
    const copy = Uint8Array.prototype.slice.call(this.#bytes, 0, this.#at);
    if (this.#bytes.length <= 1024 * 1024) spare = this.#bytes;
    return copy;
  }

  document(document: Document, depth: number): void {
    const start = this.#open(depth);
    for (const key of Object.keys(document)) this.#element(toName(key), document[key], depth + 1);
    this.#close(start);
  }

  #array(items: readonly unknown[], depth: number): void {
    const start = this.#open(depth);
    for (const [index, item] of items.entries()) this.#element(String(index), item, depth + 1);
    this.#close(start);
  }

  #open(depth: number): number {
    if (depth >= this.maxDepth) throw tooDeep(this.maxDepth);
    return this.grow(4);
  }

  #close(start: number): void {
    this.raw(end);
    this.int32(this.#at - start, start);
  }

  /** Room for so many bytes, which may be in another buffer than before: take it first, then look at `#bytes`. */
  grow(count: number): number {
    const from = this.#at;
    this.#at += count;
    if (this.#at > this.maxBytes) throw tooLarge(this.#at, this.maxBytes);
    if (this.#at > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#at, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, from);
      this.#bytes = larger;
    }
    return from;
  }

  head(type: number, name: string): void {
    const room = Buffer.byteLength(name) + 2;
    const from = this.grow(room);
    this.#bytes[from] = type;
    const length = this.#bytes.write(name, from + 1, "utf8");
    this.#bytes[from + 1 + length] = 0;
    this.#at = from + length + 2;
  }

  #element(name: string, value: unknown, depth: number): void {
    if (value === null || value === undefined) return this.head(element.null, name);
    if (typeof value === "number") return this.#number(name, value);
    if (typeof value === "object") return this.#object(name, value, depth);
    if (typeof value === "string") {
      this.head(element.string, name);
      return this.string(value);
    }
    if (typeof value === "boolean") {
      this.head(element.boolean, name);
      return this.raw(Uint8Array.of(value ? 1 : 0));
    }
    throw unsupported(`a value of the type ${typeof value}`);
  }

  #object(name: string, value: object, depth: number): void {
    if (Array.isArray(value)) {
      this.head(element.array, name);
      return this.#array(value, depth);
    }
    const type = bsonType(value);
    if (type !== undefined) return writeSpecial(this, name, value as { _bsontype: string }, depth);
    if (isDate(value)) {
      this.head(element.date, name);
      return this.int64(BigInt(Number(value)));
    }
    this.head(element.object, name);
    this.document(value, depth);
  }

  #number(name: string, value: number): void {
    if (Number.isInteger(value) && value >= -0x80000000 && value <= 0x7fffffff && !Object.is(value, -0)) {
      this.head(element.int32, name);
      return this.int32(value);
    }
    this.head(element.double, name);
    this.double(value);
  }

  string(value: string): void {
    const from = this.grow(4);
    const at = this.grow(Buffer.byteLength(value) + 1);
    const length = this.#bytes.write(value, at, "utf8");
    this.#bytes[at + length] = 0;
    this.#bytes.writeInt32LE(length + 1, from);
  }

  raw(bytes: Uint8Array): void {
    const at = this.grow(bytes.length);
    this.#bytes.set(bytes, at);
  }

  int32(value: number, at = this.grow(4)): void {
    this.#bytes.writeInt32LE(value, at);
  }

  int64(value: bigint): void {
    const at = this.grow(8);
    this.#bytes.writeBigInt64LE(value, at);
  }

  double(value: number): void {
    const at = this.grow(8);
    this.#bytes.writeDoubleLE(value, at);
  }

  /** A part that begins with its own length. */
  sized(write: () => void): void {
    const start = this.grow(4);
    write();
    this.int32(this.#at - start, start);
  }
}

type Special = { _bsontype: string };

/** Values that JavaScript has no type for, as the bson library decodes them. */
function writeSpecial(out: BsonWriter, name: string, value: Special, depth: number): void {
  switch (value._bsontype) {
    case "Int32":
      out.head(element.int32, name);
      return out.int32((value as unknown as { value: number }).value);
    case "Double":
      out.head(element.double, name);
      return out.double((value as unknown as { value: number }).value);
    case "Long":
    case "Timestamp": {
      out.head(value._bsontype === "Long" ? element.int64 : element.timestamp, name);
      const { low, high } = value as unknown as Long;
      out.int32(low);
      return out.int32(high);
    }
    case "ObjectId":
      out.head(element.objectId, name);
      return out.raw((value as unknown as ObjectId).id);
    case "FarDate":
      out.head(element.date, name);
      return out.int64((value as FarDate).milliseconds);
    default:
      return writeRare(out, name, value, depth);
  }
}

function writeRare(out: BsonWriter, name: string, value: Special, depth: number): void {
  switch (value._bsontype) {
    case "Decimal128":
      out.head(element.decimal, name);
      return out.raw((value as unknown as Decimal128).bytes);
    case "Binary": {
      const binary = value as unknown as Binary;
      const bytes = binary.value();
      out.head(element.binary, name);
      out.int32(bytes.length);
      out.raw(Uint8Array.of(binary.sub_type));
      return out.raw(bytes);
    }
    case "BSONRegExp": {
      const { pattern, options } = value as unknown as BSONRegExp;
      out.head(element.regex, name);
      return out.raw(Buffer.from(`${pattern}\0${options}\0`));
    }
    case "BSONSymbol":
      out.head(element.symbol, name);
      return out.string((value as unknown as { value: string }).value);
    case "Code": {
      const { code, scope } = value as unknown as Code;
      out.head(scope ? element.codeWithScope : element.code, name);
      if (!scope) return out.string(code);
      return out.sized(() => {
        out.string(code);
        out.document(scope, depth);
      });
    }
    case "MinKey":
      return out.head(element.minKey, name);
    case "MaxKey":
      return out.head(element.maxKey, name);
    default:
      throw unsupported(`the BSON type ${value._bsontype}`);
  }
}
