import { Double, Long, ObjectId } from "bson";
import { arithmetic, isNumeric, promote, toNumber, type Numeric } from "./numbers.js";
import { badValue, ServerError, unsupported } from "./server-error.js";
import { sumOf } from "./sums.js";
import { bsonType, isDate } from "./bson-types.js";
import type { Operator } from "./expression-types.js";

const isNil = (value: unknown): value is null | undefined => value === null || value === undefined;

export const oneArgument = (name: string, values: unknown[]): unknown => {
  if (values.length !== 1) throw new ServerError(9, `Expression ${name} takes exactly 1 argument`);
  return values[0];
};

const numeric = (name: string, value: unknown): Numeric => {
  if (!isNumeric(value)) throw new ServerError(14, `${name} only supports numeric types`);
  if (bsonType(value) === "Decimal128") throw unsupported(`${name} on Decimal128`);
  return value;
};

/** The result of an operation on numbers; null where an argument is null or missing. */
const onNumber =
  (name: string, compute: (value: number) => number): Operator =>
  (values) => {
    const value = oneArgument(name, values);
    return isNil(value) ? null : compute(toNumber(numeric(name, value)));
  };

const onTwoNumbers =
  (name: string, compute: (a: number, b: number) => number): Operator =>
  (values) => {
    if (values.length !== 2) throw new ServerError(9, `Expression ${name} takes exactly 2 arguments`);
    const [a, b] = values;
    return isNil(a) || isNil(b) ? null : compute(toNumber(numeric(name, a)), toNumber(numeric(name, b)));
  };

function plus(operation: "add" | "multiply", a: Numeric, b: Numeric): Numeric {
  if (typeof a === "number" && typeof b === "number") {
    const result = operation === "add" ? a + b : a * b;
    const isWhole = Number.isSafeInteger(a) && Number.isSafeInteger(b);
    if (!isWhole || Number.isSafeInteger(result)) return result;
    const exact = operation === "add" ? BigInt(a) + BigInt(b) : BigInt(a) * BigInt(b);
    return exact < 2n ** 63n && exact >= -(2n ** 63n) ? promote(Long.fromBigInt(exact)) : result;
  }
  const result = arithmetic(operation, a, b);
  if (!result) throw unsupported("arithmetic on Decimal128 or beyond 64 bits");
  return promote(result);
}

const divide = (a: number, b: number): number => {
  if (b === 0) throw badValue("can't $divide by zero");
  return a / b;
};

const remainder = (a: number, b: number): number => {
  if (b === 0) throw new ServerError(16610, "can't $mod by zero");
  return a % b;
};

/** Half to even at the wanted place, as the server rounds. */
function roundTo(value: number, place: number): number {
  const scaled = Number(`${value}e${place}`);
  if (!Number.isFinite(scaled)) return value;
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const rounded = rest === 0.5 ? floor + (floor % 2 === 0 ? 0 : 1) : Math.round(scaled);
  return Number(`${rounded}e${-place}`);
}

function add(values: unknown[]): unknown {
  if (values.some(isNil)) return null;
  const dates = values.filter(isDate);
  if (dates.length > 1) throw new ServerError(14, "only one date allowed in an $add expression");
  const numbers = values.filter((value) => !isDate(value)).map((value) => numeric("$add", value));
  const total = sumOf(numbers).result();
  return dates[0] ? new Date(Number(dates[0]) + toNumber(total)) : total;
}

function subtract(values: unknown[]): unknown {
  const [a, b] = values;
  if (isNil(a) || isNil(b)) return null;
  if (isDate(a)) return isDate(b) ? Number(a) - Number(b) : new Date(Number(a) - toNumber(numeric("$subtract", b)));
  return plus("add", numeric("$subtract", a), plus("multiply", numeric("$subtract", b), -1));
}

const typeNames: Record<string, string> = {
  ObjectId: "objectId",
  Binary: "binData",
  Timestamp: "timestamp",
  BSONRegExp: "regex",
  Decimal128: "decimal",
  Long: "long",
  Int32: "int",
  Double: "double",
  MinKey: "minKey",
  MaxKey: "maxKey",
  Code: "javascript",
};

function typeName(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (typeof value === "boolean") return "bool";
  if (Array.isArray(value)) return "array";
  if (isDate(value)) return "date";
  if (typeof value === "number") throw unsupported("$type of a number in an expression (use $isNumber, or $type in a filter)");
  if (typeof value === "string") return "string";
  return typeNames[bsonType(value) ?? ""] ?? "object";
}

function convertNumber(name: string, value: unknown): number | null {
  if (isNil(value)) return null;
  if (typeof value === "boolean") return Number(value);
  if (isDate(value)) return Number(value);
  if (
    typeof value === "string" &&
    value.trim() === value &&
    value !== "" &&
    Number.isFinite(Number(value)) &&
    !/^[-+]?0[xob]/i.test(value)
  ) {
    return Number(value);
  }
  if (isNumeric(value)) return toNumber(value);
  throw new ServerError(241, `Failed to convert a value in ${name}`);
}

const toInteger =
  (name: string, bits: 32 | 64): Operator =>
  (values) => {
    const value = oneArgument(name, values);
    if (bits === 64 && bsonType(value) === "Long") return value;
    const number = convertNumber(name, value);
    if (number === null) return null;
    if (typeof value === "string" && !Number.isInteger(number)) throw new ServerError(241, `Failed to parse number '${value}' in ${name}`);
    const whole = Math.trunc(number);
    if (!(Math.abs(whole) <= 2 ** (bits - 1) - 1)) throw new ServerError(241, `Conversion would overflow target type in ${name}`);
    return bits === 64 ? promote(Long.fromNumber(whole)) : whole;
  };

export function convertText(value: unknown): string | null {
  if (isNil(value)) return null;
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || typeof value === "number") return String(value);
  if (isDate(value)) return value.toISOString();
  if (bsonType(value) === "ObjectId") return (value as ObjectId).toHexString();
  if (isNumeric(value)) return (value as Exclude<Numeric, number>).toString();
  throw new ServerError(241, "Unsupported conversion to string");
}

function toDate(values: unknown[]): unknown {
  const value = oneArgument("$toDate", values);
  if (isNil(value)) return null;
  if (isDate(value)) return value;
  if (bsonType(value) === "ObjectId") return (value as ObjectId).getTimestamp();
  if (isNumeric(value)) return new Date(Math.trunc(toNumber(value)));
  const isoDate = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;
  if (typeof value !== "string" || !isoDate.test(value))
    throw new ServerError(241, "Error parsing date string in $toDate (ISO 8601 is supported)");
  return new Date(/T.*(Z|[+-]\d\d:?\d\d)$|^.{10}$/.test(value) ? value : `${value}Z`);
}

export const scalarOperators: Record<string, Operator> = {
  $add: add,
  $subtract: subtract,
  $multiply: (values) =>
    values.some(isNil) ? null : values.reduce<Numeric>((product, value) => plus("multiply", product, numeric("$multiply", value)), 1),
  $divide: onTwoNumbers("$divide", divide),
  $mod: onTwoNumbers("$mod", remainder),
  $pow: onTwoNumbers("$pow", Math.pow),
  $abs: onNumber("$abs", Math.abs),
  $ceil: onNumber("$ceil", Math.ceil),
  $floor: onNumber("$floor", Math.floor),
  $sqrt: onNumber("$sqrt", Math.sqrt),
  $exp: onNumber("$exp", Math.exp),
  $ln: onNumber("$ln", Math.log),
  $log10: onNumber("$log10", Math.log10),
  $round: ([value, place = 0]) => onTwoNumbers("$round", roundTo)([value, place]),
  $trunc: ([value, place = 0]) => {
    if (place !== 0) throw unsupported("$trunc with a place");
    return onNumber("$trunc", Math.trunc)([value]);
  },
  $not: (values) => {
    const value = oneArgument("$not", values);
    return isNil(value) || value === false || (isNumeric(value) && toNumber(value) === 0);
  },
  $type: (values) => typeName(oneArgument("$type", values)),
  $isNumber: (values) => isNumeric(oneArgument("$isNumber", values)),
  $toInt: toInteger("$toInt", 32),
  $toLong: toInteger("$toLong", 64),
  $toDouble: (values) => {
    const number = convertNumber("$toDouble", oneArgument("$toDouble", values));
    return number === null ? null : new Double(number);
  },
  $toString: (values) => convertText(oneArgument("$toString", values)),
  $toBool: (values) => {
    const value = oneArgument("$toBool", values);
    return isNil(value) ? null : value !== false && !(isNumeric(value) && toNumber(value) === 0);
  },
  $toObjectId: (values) => {
    const value = oneArgument("$toObjectId", values);
    if (isNil(value) || bsonType(value) === "ObjectId") return value ?? null;
    if (typeof value !== "string" || !/^[0-9a-f]{24}$/i.test(value)) throw new ServerError(241, "Failed to parse objectId");
    return new ObjectId(value);
  },
  $toDate: toDate,
};
