import {
  Binary,
  BSONRegExp,
  Code,
  Decimal128,
  deserialize,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  serialize,
  Timestamp,
} from "bson";
import fc from "fast-check";
import { readDocument, readFields, readFirstValue } from "./bson-reader.js";
import { FarDate } from "./bson-types.js";
import { writeDocument } from "./bson-writer.js";
import { toKey, toName } from "./field-names.js";

const name = fc.oneof(
  fc.string({ maxLength: 40 }).map((text) => text.replaceAll("\0", "")),
  fc.constantFrom("_id", "0", "10", "2", "__proto__", "constructor", "toString", "_bsontype", "$ref", "é", "x".repeat(50)),
);
const leaf = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("x".repeat(3000), "y".repeat(9000)),
  fc.boolean(),
  fc.constant(null),
  fc.integer().map((value) => new Int32(value)),
  fc.double().map((value) => new Double(value)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => Long.fromBigInt(value)),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => new Binary(bytes, 4)),
  fc.constantFrom(new ObjectId("64b000000000000000000005"), new BSONRegExp("a+", "i"), new MinKey(), new MaxKey(), new Code("f()")),
  fc.constantFrom(Decimal128.fromString("1.10"), Timestamp.fromBits(3, 4), new Code("f()", { a: 1 })),
);
const { document } = fc.letrec<{ document: [string, unknown][]; value: unknown }>((tie) => ({
  document: fc.uniqueArray(fc.tuple(name, tie("value")), { selector: ([key]) => key, maxLength: 8 }),
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc.array(tie("value"), { maxLength: 5 }),
    tie("document").map(ordered),
  ),
}));

/** A document whose names stay in order, whatever they are: a Map, which the bson library writes as a document. */
function ordered(entries: [string, unknown][]): unknown {
  return new Map(entries);
}

test("reader and writer, any document, give back its bytes", () => {
  fc.assert(
    fc.property(document, (entries) => {
      const bytes = serialize(new Map(entries));
      expect(Buffer.compare(writeDocument(readDocument(bytes, true)), bytes)).toBe(0);
      const plain = readDocument(bytes, false);
      expect(Object.keys(plain).map(toName)).toEqual(entries.map(([key]) => key));
      const [first] = entries;
      if (first) expect(readFirstValue(bytes)).toEqual(plain[toKey(first[0])]);
      const wanted = entries.filter((_, i) => i % 2 === 1).map(([key]) => toKey(key));
      expect(readFields(bytes, new Set(wanted))).toEqual(Object.fromEntries(wanted.map((key) => [key, plain[key]])));
    }),
    { numRuns: 1000 },
  );
});

test("writer, texts of every length around the sizes of its buffer, writes what the library writes", () => {
  for (let length = 4000; length < 4200; length++) {
    for (const value of [{ a: "x".repeat(length) }, { a: "x".repeat(length), b: 1 }, { a: ["x".repeat(length), 1.5, new Date(1)] }]) {
      expect(deserialize(writeDocument(value))).toEqual(value);
    }
  }
});

test("reader, a date beyond JavaScript's, keeps its milliseconds", () => {
  const bytes = Buffer.from("10000000096100000000000000007f00".padEnd(32, "0"), "hex").subarray(0, 16);
  bytes.writeInt32LE(16, 0);
  const read = readDocument(bytes, false)["a"] as FarDate;
  expect(read).toBeInstanceOf(FarDate);
  expect(Buffer.compare(writeDocument({ a: read }), bytes)).toBe(0);
});

test("reader, bytes changed anywhere, reads them or throws an error of the server", () => {
  const bytes = serialize({ _id: 1, text: "abc", list: [1, { deep: true }], id: new ObjectId(), bin: new Binary(Buffer.from("ab")) });
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
      const changed = Uint8Array.from(bytes);
      changed[at] = value;
      try {
        readDocument(changed, false);
      } catch (error) {
        expect((error as Error).name).toBe("ServerError");
      }
    }),
    { numRuns: 2000 },
  );
});

test("writer and reader, beyond the given depth or size, refuse", () => {
  let nested: Record<string, unknown> = {};
  for (let level = 1; level < 100; level++) nested = { a: nested };
  const bytes = writeDocument(nested, 1000, 100);
  expect(readDocument(bytes, false, 100)).toEqual(nested);
  expect(() => writeDocument({ a: nested }, 2000, 100)).toThrow("nesting depth of 100");
  expect(() => readDocument(writeDocument({ a: nested }), false, 100)).toThrow("nesting depth of 100");
  expect(() => writeDocument(nested, 500, 100)).toThrow("Size must be between 0 and 500");
});
