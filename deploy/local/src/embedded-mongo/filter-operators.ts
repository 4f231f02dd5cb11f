import { BSONRegExp, type Document } from "bson";
import { isNumeric, toNumber } from "./numbers.js";
import { anyValueAt } from "./paths.js";
import { isRegex, patternOf, toRegExp } from "./regex.js";
import { badValue, ServerError, unsupported } from "./server-error.js";
import { bsonType, isObject } from "./bson-types.js";
import { compareValues, equalValues, typeRank, valueKey } from "./values.js";

type Test = (value: unknown) => boolean;

/** Evaluates one operator at a path; see anyValueAt for how arrays on the way are entered. */
export function compileLeaf(
  parts: readonly string[],
  operator: string,
  operand: unknown,
  siblings: Document,
  entersArrays = true,
): (document: Document) => boolean {
  const orElement = entersArrays ? wholeOrElement : (test: Test) => test;
  const some = (test: Test) => (document: Document) => anyValueAt(document, parts, test);
  switch (operator) {
    case "$eq":
      return some(orElement(equals(operand))); // an explicit $eq of a regular expression means the value, not what it matches
    case "$ne":
      if (isRegex(operand)) throw badValue("Can't have regex as arg to $ne.");
      return not(some(orElement(equals(operand))));
    case "$in":
      return some(orElement(isOneOf(operator, operand)));
    case "$nin":
      return not(some(orElement(isOneOf(operator, operand))));
    case "$gt":
    case "$gte":
    case "$lt":
    case "$lte":
      return some(orElement(compares(operator, operand)));
    case "$exists": {
      const exists = some((value) => value !== undefined);
      return isFalse(operand) ? not(exists) : exists;
    }
    case "$type":
      return some(orElement(hasType(operand)));
    case "$regex": {
      const regex = toRegExp(operand, siblings["$options"]);
      const same = new BSONRegExp(...patternOf(operand, siblings["$options"]));
      return some(orElement((value) => (typeof value === "string" ? regex.test(value) : isRegex(value) && equalValues(value, same))));
    }
    case "$options":
      if (siblings["$regex"] === undefined) throw badValue("$options needs a $regex");
      return () => true;
    case "$size": {
      if (!isNumeric(operand) || !Number.isInteger(toNumber(operand)) || toNumber(operand) < 0) {
        throw badValue("Failed to parse $size. Expected a non-negative integer");
      }
      const size = toNumber(operand);
      return some((value) => Array.isArray(value) && value.length === size);
    }
    case "$mod":
      return some(orElement(hasRemainder(operand)));
    case "$elemMatch": {
      const matches = operand as Test;
      return some((value) => Array.isArray(value) && value.some(matches));
    }
    default:
      if (/^\$(bits|geo|near|within|text|where|jsonSchema|box|uniqueDocs)/.test(operator)) throw unsupported(operator);
      throw badValue(`unknown operator: ${operator}`);
  }
}

/** A value without an operator: a regular expression matches texts, anything else is equal or not. */
export function compileEquality(parts: readonly string[], operand: unknown): (document: Document) => boolean {
  const test = wholeOrElement(equalsOrMatches(operand));
  return (document) => anyValueAt(document, parts, test);
}

const not =
  (test: (document: Document) => boolean) =>
  (document: Document): boolean =>
    !test(document);

/** A condition on an array holds when it holds for an element or for the array as a whole. */
const wholeOrElement =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) ? value.some((element) => element !== undefined && test(element)) || test(value) : test(value);

const equals = (operand: unknown): Test => {
  const type = typeof operand;
  if (type === "string" || type === "boolean") return (value) => value === operand;
  return (value) => equalValues(value, operand);
};

const equalsOrMatches = (operand: unknown): Test => {
  if (!isRegex(operand)) return equals(operand);
  const regex = toRegExp(operand);
  return (value) => (typeof value === "string" ? regex.test(value) : isRegex(value) && equalValues(value, operand));
};

function isOneOf(operator: string, operand: unknown): Test {
  if (!Array.isArray(operand)) throw badValue(`${operator} needs an array`);
  if (operand.some((item: unknown) => isObject(item) && Object.keys(item)[0]?.startsWith("$"))) {
    throw badValue(`cannot nest $ under ${operator}`);
  }
  const regexes = operand.filter(isRegex).map(equalsOrMatches);
  const keys = new Set(operand.filter((item) => !isRegex(item)).map(valueKey));
  return (value) => keys.has(valueKey(value)) || regexes.some((test) => test(value));
}

/** Only values of the operand's own type are in order with it; null equals a missing field. */
function compares(operator: string, operand: unknown): Test {
  if (isRegex(operand)) throw badValue(`Can't have RegEx as arg to predicate over field`);
  const rank = typeRank(operand);
  const everyType = rank === 1 || rank === 127;
  const orEqual = operator.endsWith("e");
  const sign = operator.startsWith("$g") ? 1 : -1;
  const isNaNOperand = isNaNValue(operand);
  return (value) => {
    if (!everyType && typeRank(value) !== rank) return false;
    if (everyType && value === undefined) return false;
    const order = compareValues(value, operand);
    if (order === 0) return orEqual;
    if (rank === 10 && (isNaNOperand || isNaNValue(value))) return false;
    return order * sign > 0;
  };
}

const isNaNValue = (value: unknown): boolean => isNumeric(value) && Number.isNaN(toNumber(value));

const isFalse = (value: unknown): boolean =>
  value === false || value === null || value === undefined || (isNumeric(value) && toNumber(value) === 0);

function hasRemainder(operand: unknown): Test {
  if (!Array.isArray(operand)) throw badValue("malformed mod, needs to be an array");
  if (operand.length !== 2) throw badValue(`malformed mod, ${operand.length < 2 ? "not enough" : "too many"} elements`);
  const numbers = operand.map((item: unknown) => (isNumeric(item) ? Math.trunc(toNumber(item)) : NaN));
  if (!numbers.every(Number.isFinite)) throw badValue("malformed mod, needs two numbers");
  const [divisor = 0, remainder = 0] = numbers;
  if (divisor === 0) throw badValue("divisor cannot be 0");
  return (value) => isNumeric(value) && Number.isFinite(toNumber(value)) && Math.trunc(toNumber(value)) % divisor === remainder;
}

/** By alias and by number. Numbers are told apart on typed documents only: see `needsTypes`. */
const typeTests: Record<string, Test> = {
  double: (value) => bsonType(value) === "Double",
  string: (value) => typeof value === "string",
  object: (value) => typeRank(value) === 20,
  array: Array.isArray,
  binData: (value) => bsonType(value) === "Binary",
  objectId: (value) => bsonType(value) === "ObjectId",
  bool: (value) => typeof value === "boolean",
  date: (value) => typeRank(value) === 45,
  javascript: (value) => bsonType(value) === "Code" && (value as { scope?: unknown }).scope === undefined,
  javascriptWithScope: (value) => bsonType(value) === "Code" && (value as { scope?: unknown }).scope !== undefined,
  symbol: (value) => bsonType(value) === "BSONSymbol",
  null: (value) => value === null,
  regex: isRegex,
  int: (value) => bsonType(value) === "Int32",
  timestamp: (value) => bsonType(value) === "Timestamp",
  long: (value) => bsonType(value) === "Long",
  decimal: (value) => bsonType(value) === "Decimal128",
  minKey: (value) => bsonType(value) === "MinKey",
  maxKey: (value) => bsonType(value) === "MaxKey",
  number: isNumeric,
};
const typeNumbers: Record<string, string> = {
  1: "double",
  2: "string",
  3: "object",
  4: "array",
  5: "binData",
  7: "objectId",
  8: "bool",
  9: "date",
  10: "null",
  11: "regex",
  13: "javascript",
  14: "symbol",
  15: "javascriptWithScope",
  16: "int",
  17: "timestamp",
  18: "long",
  19: "decimal",
  "-1": "minKey",
  127: "maxKey",
};

function hasType(operand: unknown): Test {
  const names = Array.isArray(operand) ? operand : [operand];
  if (names.length === 0) throw new ServerError(9, "$type must match at least one type");
  const tests = names.map((name: unknown) => {
    if (typeof name !== "string" && !isNumeric(name)) throw new ServerError(14, "type must be represented as a number or a string");
    const alias = typeof name === "string" ? name : (typeNumbers[String(name)] ?? "");
    const test = Object.hasOwn(typeTests, alias) ? typeTests[alias] : undefined;
    if (!test) throw badValue(`Unknown type name alias: ${String(name)}`);
    return test;
  });
  return (value) => tests.some((test) => test(value));
}

const numberTypes = /"(double|int|long)"|\b(1|16|18)\b/;

/** Whether a filter asks for the exact type of a number, which plain documents do not keep. */
export function needsTypes(filter: unknown): boolean {
  if (typeof filter !== "object" || filter === null) return false;
  return Object.entries(filter).some(([key, value]) =>
    key === "$type" ? numberTypes.test(JSON.stringify(value)) : typeof value === "object" && needsTypes(value),
  );
}
