import type { Binary, BSONRegExp, Document, ObjectId, Timestamp } from "bson";
import { readDocument } from "./bson-reader.js";
import { bsonType, isDate, type FarDate } from "./bson-types.js";
import { writeDocument } from "./bson-writer.js";
import { toName } from "./field-names.js";
import { compareNumbers, numberKey, type Numeric } from "./numbers.js";

/** For reading: numbers are JavaScript numbers where that is exact. */
export const decodePlain = (raw: Uint8Array): Document => readDocument(raw, false);

/** For changing: Int32, Double and Long stay apart. */
export const decodeTyped = (raw: Uint8Array): Document => readDocument(raw, true);

export const encode = (document: Document): Uint8Array => writeDocument(document);

/** MongoDB's order of types; numbers of all types share one rank, so do null and missing. */
const ranks: Record<string, number> = {
  MinKey: 1,
  Int32: 10,
  Double: 10,
  Long: 10,
  Decimal128: 10,
  BSONSymbol: 15,
  Binary: 30,
  ObjectId: 35,
  FarDate: 45,
  Timestamp: 47,
  BSONRegExp: 50,
  Code: 60,
  MaxKey: 127,
};

/** Stands for [] as a sort key, which comes before null. */
export const emptyArray = Symbol("[]");

const simpleRanks: Partial<Record<string, number>> = { symbol: 3, undefined: 5, number: 10, string: 15, boolean: 40 };

export function typeRank(value: unknown): number {
  const simple = simpleRanks[typeof value];
  if (simple !== undefined) return simple;
  if (value === null) return 5;
  if (Array.isArray(value)) return 25;
  const type = bsonType(value);
  if (type !== undefined) return ranks[type] ?? 100;
  return isDate(value) ? 45 : 20;
}

/** MongoDB's comparison order over all types: negative, zero or positive. */
export function compareValues(a: unknown, b: unknown): number {
  if (a === b) return 0;
  const rank = typeRank(a);
  const difference = rank - typeRank(b);
  if (difference !== 0) return difference;
  switch (rank) {
    case 5:
      return 0;
    case 10:
      return compareNumbers(a as Numeric, b as Numeric);
    case 15:
      return compareStrings(String(a), String(b));
    case 20:
      return compareObjects(a as Document, b as Document);
    case 25:
      return compareArrays(a as unknown[], b as unknown[]);
    case 30:
      return compareBinaries(a as Binary, b as Binary);
    case 35:
      return Buffer.compare((a as ObjectId).id, (b as ObjectId).id);
    case 40:
      return Number(a) - Number(b);
    case 45:
      return compareDates(a as Date | FarDate, b as Date | FarDate);
    case 47:
      return (a as Timestamp).compare(b as Timestamp);
    case 50:
      return compareStrings(regexText(a as BSONRegExp), regexText(b as BSONRegExp));
    default:
      return compareStrings(otherText(a), otherText(b));
  }
}

export const equalValues = (a: unknown, b: unknown): boolean => compareValues(a, b) === 0;

/** Equal values (by `equalValues`) give equal texts and others different ones: for maps and unique indexes. */
export function valueKey(value: unknown): string {
  switch (typeRank(value)) {
    case 5:
      return "z";
    case 10:
      return `n${numberKey(value as Numeric)}`;
    case 15:
      return `s${JSON.stringify(String(value))}`;
    case 20:
      return `{${Object.entries(value as Document)
        .map(([key, item]) => `${JSON.stringify(key)}:${valueKey(item)}`)
        .join()}}`;
    case 25:
      return `[${(value as unknown[]).map(valueKey).join()}]`;
    case 30:
      return `x${(value as Binary).sub_type}:${(value as Binary).toString("base64")}`;
    case 35:
      return `o${(value as ObjectId).toHexString()}`;
    case 40:
      return value ? "b1" : "b0";
    case 45:
      return `t${milliseconds(value as Date | FarDate)}`;
    default:
      return `?${otherText(value)}`;
  }
}

/** Strings compare by UTF-8 bytes, which is code point order: JavaScript's `<` differs for surrogate pairs only. */
function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const surrogates = /[\ud800-\udfff]/;
  if (surrogates.test(a) || surrogates.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}

/** Field by field in stored order: type, then name, then value; a prefix comes first. */
function compareObjects(a: Document, b: Document): number {
  const [left, right] = [Object.keys(a), Object.keys(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x, y] = [left[i] ?? "", right[i] ?? ""];
    const order = typeRank(a[x]) - typeRank(b[y]) || compareStrings(toName(x), toName(y)) || compareValues(a[x], b[y]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareArrays(a: unknown[], b: unknown[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareValues(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

const compareBinaries = (a: Binary, b: Binary): number =>
  a.length() - b.length() || a.sub_type - b.sub_type || Buffer.compare(a.value(), b.value());

const milliseconds = (date: Date | FarDate): bigint | number =>
  bsonType(date) === "FarDate" ? (date as FarDate).milliseconds : Number(date);

function compareDates(a: Date | FarDate, b: Date | FarDate): number {
  const [x, y] = [milliseconds(a), milliseconds(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

const regexText = ({ pattern, options }: BSONRegExp): string => `${pattern}\0${options}`;

const otherText = (value: unknown): string => Buffer.from(encode({ v: value })).toString("base64");
