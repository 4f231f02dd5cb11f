import type { Document } from "bson";

/** A date outside of what JavaScript's `Date` can hold; BSON has 64 bits of milliseconds. */
export class FarDate {
  readonly _bsontype = "FarDate";
  constructor(readonly milliseconds: bigint) {}
}

export const bsonType = (value: unknown): string | undefined => (value as { _bsontype?: string } | null | undefined)?._bsontype;

// Dates made by another realm (a jest test's globals) fail instanceof.
export const isDate = (value: unknown): value is Date => value instanceof Date || Object.prototype.toString.call(value) === "[object Date]";

export const isObject = (value: unknown): value is Document =>
  typeof value === "object" && value !== null && !Array.isArray(value) && bsonType(value) === undefined && !isDate(value);

/** Bytes of a document, and levels of nesting: https://www.mongodb.com/docs/manual/reference/limits/ */
export const maxDocumentBytes = 16 * 1024 * 1024;
export const maxDocumentDepth = 100;

/** What a whole command may take: documents of the greatest size need room for their envelope. */
export const maxCommandBytes = maxDocumentBytes + 16 * 1024;
export const maxCommandDepth = 200;

/** Element types of https://bsonspec.org/spec.html */
export const element = {
  double: 0x01,
  string: 0x02,
  object: 0x03,
  array: 0x04,
  binary: 0x05,
  undefined: 0x06,
  objectId: 0x07,
  boolean: 0x08,
  date: 0x09,
  null: 0x0a,
  regex: 0x0b,
  dbPointer: 0x0c,
  code: 0x0d,
  symbol: 0x0e,
  codeWithScope: 0x0f,
  int32: 0x10,
  timestamp: 0x11,
  int64: 0x12,
  decimal: 0x13,
  minKey: 0xff,
  maxKey: 0x7f,
} as const;
