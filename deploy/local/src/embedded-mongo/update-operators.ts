import { Int32, Timestamp, type Document } from "bson";
import { compileElement, isOperatorObject } from "./filter.js";
import { toKey, toName } from "./field-names.js";
import { arithmetic, isNumeric, toNumber } from "./numbers.js";
import { own } from "./paths.js";
import { badValue, ServerError, unsupported } from "./server-error.js";
import { compareBy } from "./sort.js";
import { isObject } from "./bson-types.js";
import { compareValues, equalValues, valueKey } from "./values.js";

/** Makes the change at one place: `parent` is the object or array that holds `key`. */
type MakeChange = (operand: unknown, field: string) => (parent: Document, key: string) => void;

const calculate =
  (operator: string, operation: "add" | "multiply"): MakeChange =>
  (operand, field) => {
    if (!isNumeric(operand)) throw new ServerError(14, `Cannot ${operator} with non-numeric argument: {${toName(field)}: ...}`);
    return (parent, key) => {
      const value = own(parent, key);
      if (value === undefined) {
        // A product with a missing field is a zero of the operand's type.
        parent[key] = operation === "add" ? operand : arithmetic("multiply", operand, new Int32(0));
        return;
      }
      if (!isNumeric(value)) throw new ServerError(14, `Cannot apply ${operator} to a value of non-numeric type at '${toName(field)}'`);
      const result = arithmetic(operation, value, operand);
      if (!result) throw unsupported(`${operator} on Decimal128 or beyond 64 bits`);
      parent[key] = result;
    };
  };

const bound =
  (sign: 1 | -1): MakeChange =>
  (operand) =>
  (parent, key) => {
    if (own(parent, key) === undefined || compareValues(operand, parent[key]) * sign > 0) parent[key] = operand;
  };

const arrayAt = (operator: string, parent: Document, key: string): unknown[] | undefined => {
  const value = own(parent, key);
  if (value !== undefined && !Array.isArray(value)) {
    throw new ServerError(2, `The field '${toName(key)}' must be an array to apply ${operator}`);
  }
  return value;
};

/** {$each: […], …} or one value. */
function eachOf(operator: string, operand: unknown, modifiers: readonly string[]): { items: unknown[]; options: Document } {
  if (!isObject(operand) || !("$each" in operand)) return { items: [operand], options: {} };
  const { $each: items, ...options } = operand;
  if (!Array.isArray(items)) throw new ServerError(14, `The argument to $each in ${operator} must be an array`);
  const odd = Object.keys(options).find((key) => !modifiers.includes(key));
  if (odd !== undefined) throw badValue(`Unrecognized clause in ${operator}: ${odd}`);
  return { items, options };
}

const optionNumber = (value: unknown): number | undefined => {
  if (value === undefined) return undefined;
  if (!isNumeric(value) || !Number.isInteger(toNumber(value))) throw badValue("$slice, $sort and $position need whole numbers");
  return toNumber(value);
};

const push: MakeChange = (operand) => {
  const { items, options } = eachOf("$push", operand, ["$slice", "$sort", "$position"]);
  const [slice, position] = [optionNumber(options["$slice"]), optionNumber(options["$position"])];
  const sort: unknown = options["$sort"];
  const order = isObject(sort)
    ? (compareBy(sort) as (a: unknown, b: unknown) => number)
    : (a: unknown, b: unknown) => compareValues(a, b) * (optionNumber(sort) ?? 1);
  return (parent, key) => {
    const values = [...(arrayAt("$push", parent, key) ?? [])];
    values.splice(position ?? values.length, 0, ...items);
    if (sort !== undefined) values.sort(order);
    parent[key] = slice === undefined ? values : slice < 0 ? values.slice(slice) : values.slice(0, slice);
  };
};

const addToSet: MakeChange = (operand) => {
  const { items } = eachOf("$addToSet", operand, []);
  return (parent, key) => {
    const values = [...(arrayAt("$addToSet", parent, key) ?? [])];
    const present = new Set(values.map(valueKey));
    for (const item of items) {
      if (present.has(valueKey(item))) continue;
      present.add(valueKey(item));
      values.push(item);
    }
    parent[key] = values;
  };
};

const remove =
  (operator: string, matches: (value: unknown) => boolean): ReturnType<MakeChange> =>
  (parent, key) => {
    const values = arrayAt(operator, parent, key);
    if (values) parent[key] = values.filter((value) => !matches(value));
  };

const pull: MakeChange = (operand) => {
  if (isObject(operand)) {
    const matches = compileElement(operand);
    return remove("$pull", isOperatorObject(operand) ? matches : (value) => isObject(value) && matches(value));
  }
  const matches = compileElement({ $in: [operand] });
  return remove("$pull", matches);
};

const pop: MakeChange = (operand) => {
  const end = optionNumber(operand);
  if (end !== 1 && end !== -1) throw new ServerError(9, "$pop expects 1 or -1");
  return (parent, key) => {
    const values = arrayAt("$pop", parent, key);
    if (values) parent[key] = end === 1 ? values.slice(0, -1) : values.slice(1);
  };
};

const rename: MakeChange = (operand, field) => {
  if (typeof operand !== "string") throw badValue("The 'to' field for $rename must be a string");
  if (operand === "" || operand.startsWith("$")) throw badValue("The 'to' field for $rename must be a field name");
  if (field.includes(".") || operand.includes(".")) throw unsupported("$rename of nested fields");
  const to = toKey(operand);
  if (to === field) throw badValue(`The source and target field for $rename must differ: ${operand}`);
  return (document) => {
    if (!Object.hasOwn(document, field)) return;
    const value: unknown = document[field];
    delete document[field];
    delete document[to];
    document[to] = value;
  };
};

const currentDate: MakeChange = (operand) => {
  if (isObject(operand) && Object.keys(operand).join() !== "$type") throw badValue("Unrecognized $currentDate option, only $type is known");
  const type = isObject(operand) ? (operand["$type"] as unknown) : operand;
  if (type !== true && type !== "date" && type !== "timestamp") throw badValue("$currentDate needs true, 'date' or 'timestamp'");
  return (parent, key) => {
    const seconds = Math.floor(Date.now() / 1000);
    parent[key] = type === "timestamp" ? new Timestamp({ t: seconds, i: 1 }) : new Date();
  };
};

const set: MakeChange = (operand) => (parent, key) => {
  parent[key] = operand;
};

export const updateOperators: Record<string, MakeChange> = {
  $set: set,
  $setOnInsert: set,
  $unset: () => (parent, key) => {
    if (Array.isArray(parent) && Number(key) < parent.length) parent[Number(key)] = null;
    else if (!Array.isArray(parent)) delete parent[key];
  },
  $inc: calculate("$inc", "add"),
  $mul: calculate("$mul", "multiply"),
  $min: bound(-1),
  $max: bound(1),
  $push: push,
  $addToSet: addToSet,
  $pull: pull,
  $pullAll: (operand) => {
    if (!Array.isArray(operand)) throw badValue("$pullAll requires an array argument");
    return remove("$pullAll", (value) => operand.some((item) => equalValues(item, value)));
  },
  $pop: pop,
  $rename: rename,
  $currentDate: currentDate,
};
