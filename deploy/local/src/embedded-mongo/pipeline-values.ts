import type { Document } from "bson";
import { isObject } from "./bson-types.js";
import { joinPath, splitPath, toName } from "./field-names.js";
import { isNumeric, toNumber } from "./numbers.js";
import { badValue, ServerError } from "./server-error.js";

/** A stage's argument as an object. With `known`, any other field is refused. */
export function objectOf(name: string, value: unknown, known?: readonly string[]): Document {
  if (!isObject(value) || Object.keys(value).length === 0) throw badValue(`${name} specification must be a non-empty object`);
  const odd = known && Object.keys(value).find((key) => !known.includes(key));
  if (odd !== undefined) throw new ServerError(40415, `BSON field '${name}.${toName(odd)}' is an unknown field, or not supported here.`);
  return value;
}

export function wholeOf(name: string, value: unknown): number {
  if (!isNumeric(value) || !Number.isInteger(toNumber(value)) || toNumber(value) < 0) {
    throw new ServerError(5107201, `invalid argument to ${name} stage: expected a non-negative number`);
  }
  return toNumber(value);
}

/** A field path of a stage's argument: "$a.b". */
export function fieldPathOf(name: string, value: unknown): string[] {
  if (typeof value !== "string" || !/^\$[^$]/.test(value))
    throw new ServerError(28818, `path option to ${name} stage should be prefixed with a '$'`);
  const path = splitPath(value.slice(1));
  if (path.some((part) => part === "")) throw new ServerError(15998, `an empty field name in ${joinPath(path)}`);
  return path;
}
