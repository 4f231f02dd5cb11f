import { BSON, Decimal128, Double, Int32, Long, ObjectId, UUID } from "mongodb";
import { decodeRecordId, encodeRecordId, toPlain } from "./record-id.js";

const hex = "6df3a50a785dcb51b0d4f4ee";

test.each([
  ["an ObjectId", new ObjectId(hex), hex],
  ["a text", "run-42", "run-42"],
  ["a text that looks like an ObjectId", hex, `~s:${hex}`],
  ["a text that begins like a tag", "~n:5", "~s:~n:5"],
  ["an empty text", "", "~s:"],
  ["a number", 42, "~n:42"],
  ["a fraction", 1.5, "~n:1.5"],
  ["a 32-bit integer", new Int32(42), "~n:42"],
  ["a double", new Double(42), "~n:42"],
  ["a small 64-bit integer", Long.fromNumber(42), "~n:42"],
  ["a 64-bit integer beyond 2^53", Long.fromString("9007199254740993"), "~l:9007199254740993"],
  ["a UUID", new UUID("0e8a6cf2-6f0b-4d0e-9a53-2f0d6c1c9f11"), "~u:0e8a6cf2-6f0b-4d0e-9a53-2f0d6c1c9f11"],
])("encodeRecordId, %s, has a readable text form", (_situation, id, text) => {
  expect(encodeRecordId(id)).toBe(text);
});

test.each([
  new ObjectId(hex),
  "run-42",
  hex,
  "",
  "~n:5",
  "a:b\nc",
  42,
  -1.5,
  Long.fromString("9007199254740993"),
  new UUID("0e8a6cf2-6f0b-4d0e-9a53-2f0d6c1c9f11"),
  new Date("2026-05-05T00:00:00Z"),
  { tenant: "a", run: 7 },
  true,
])("decodeRecordId, the text form of %p, gives an id MongoDB takes for the same", (id) => {
  const wire = (value: unknown) => Buffer.from(BSON.serialize({ _id: value })).toString("hex");
  expect(wire(decodeRecordId(encodeRecordId(id)))).toBe(wire(id));
});

test("decodeRecordId, an unknown tag, is invalid input", () => {
  expect(() => decodeRecordId("~z:1")).toThrow(/unknown tag/);
});

test("toPlain, BSON types in a nested value, become plain JavaScript", () => {
  const value = {
    id: new ObjectId(hex),
    n: Long.fromNumber(7),
    price: Decimal128.fromString("1.50"),
    at: new Date(0),
    list: [new Int32(1), null],
  };
  expect(toPlain(value)).toEqual({ id: hex, n: 7, price: "1.50", at: new Date(0), list: [1, null] });
});
