import { type BSONRegExp } from "bson";
import { bsonType } from "./bson-types.js";
import { invalidRegex } from "./regex-scanner.js";
import { translateRegex } from "./regex-translation.js";
import { badValue, ServerError } from "./server-error.js";

export const isRegex = (value: unknown): value is BSONRegExp | RegExp =>
  bsonType(value) === "BSONRegExp" || Object.prototype.toString.call(value) === "[object RegExp]";

/** Of the options MongoDB documents; "u" is accepted and changes nothing. */
const knownOptions = "imsux";

/**
 * A pattern of a filter or an expression, with its options, as JavaScript's. It may backtrack: run it within `bounded`.
 * @throws ServerError for what is no text or regular expression, for options that nobody knows, and see `translateRegex`.
 */
export function toRegExp(value: unknown, options?: unknown): RegExp {
  if (typeof value !== "string" && !isRegex(value)) throw badValue("$regex has to be a string");
  if (options !== undefined && options !== null && typeof options !== "string") throw badValue("$options has to be a string");
  const { pattern, flags } = isRegex(value) ? split(value) : { pattern: value, flags: "" };
  if (flags !== "" && options) throw new ServerError(51075, "options set in both $regex and $options");
  const wanted = options ?? flags;
  const odd = [...wanted].find((flag) => !knownOptions.includes(flag));
  if (odd !== undefined) throw new ServerError(51108, `invalid flag in regex options: ${odd}`);
  const translated = translateRegex(pattern, wanted);
  try {
    return new RegExp(translated.source, translated.flags);
  } catch (error) {
    throw invalidRegex((error as Error).message);
  }
}

/** Pattern and options of a $regex, as a stored regular expression would have them. */
export function patternOf(value: unknown, options: unknown): [pattern: string, options: string] {
  const { pattern, flags } = isRegex(value) ? split(value) : { pattern: String(value), flags: "" };
  return [pattern, typeof options === "string" ? options : flags];
}

const split = (value: BSONRegExp | RegExp): { pattern: string; flags: string } =>
  bsonType(value) === "BSONRegExp"
    ? { pattern: (value as BSONRegExp).pattern, flags: (value as BSONRegExp).options }
    : { pattern: (value as RegExp).source, flags: (value as RegExp).flags };

const patternOperators = new Set(["$regex", "$regexMatch", "$regexFind", "$regexFindAll"]);

/** Whether running this filter, update or pipeline may run a regular expression, whose time nobody can tell. */
export function usesRegex(part: unknown): boolean {
  if (isRegex(part)) return true;
  if (Array.isArray(part)) return part.some(usesRegex);
  if (typeof part !== "object" || part === null || bsonType(part) !== undefined) return false;
  return Object.entries(part).some(([key, value]) => patternOperators.has(key) || usesRegex(value));
}
