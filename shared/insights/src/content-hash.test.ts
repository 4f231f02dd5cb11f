import fc from "fast-check";
import { contentHash } from "./content-hash.js";

const hash = (fields: Record<string, unknown>): string => contentHash({ source: "flows", recordId: "r1", fields });
const reversed = (value: unknown): unknown =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
    ? Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, inner]) => [key, reversed(inner)]),
      )
    : value;

test("contentHash, a known record, gives the hash that is stored in existing indexes", () => {
  const fields = { pipeline: "orders-daily", status: "KO", timestamp: new Date("2026-05-05T02:10:00Z"), durationMs: 1200 };
  // Another hash here makes every stored record count as changed: raise normaliserVersion on purpose, never by accident.
  expect(hash(fields)).toBe("6fa1208a3bfda9216bb9800ce7cfbe5e");
});

test("contentHash, the keys in another order, stays the same", () => {
  const values = fc.oneof(fc.string(), fc.double(), fc.date(), fc.constant(null), fc.dictionary(fc.string(), fc.integer()));
  fc.assert(
    fc.property(fc.dictionary(fc.string(), values), (fields) => {
      expect(hash(reversed(fields) as Record<string, unknown>)).toBe(hash(fields));
    }),
  );
});

test("contentHash, a field that is undefined, is as absent", () => {
  expect(hash({ status: "OK", error: undefined })).toBe(hash({ status: "OK" }));
  expect(hash({ error: { a: undefined } })).toBe(hash({ error: {} }));
});

test.each([
  ["a date and its text", new Date(0), "1970-01-01T00:00:00.000Z"],
  ["a date and its number", new Date(0), 0],
  ["a date and what it is written as", new Date(0), "date(0)"],
  ["two dates", new Date(0), new Date(1)],
  ["an invalid date and null", new Date(NaN), null],
  ["NaN and null", NaN, null],
  ["a number and its digits", 1, "1"],
  ["true and its text", true, "true"],
  ["null and nothing", null, undefined],
  ["a list and its only item", ["a"], "a"],
  ["two lists", ["a", "b"], ["a,b"]],
  ["nested objects", { a: { b: 1 } }, { a: 1, b: 1 }],
  ["halves of characters", "\ud800", "\ud801"],
])("contentHash, %s, differ", (_case, one, other) => {
  expect(hash({ error: one })).not.toBe(hash({ error: other }));
});

test("contentHash, minus zero, is zero", () => {
  expect(hash({ durationMs: -0 })).toBe(hash({ durationMs: 0 }));
});

test("contentHash, one value under two fields, differs", () => {
  expect(hash({ owner: "a" })).not.toBe(hash({ environment: "a" }));
});
