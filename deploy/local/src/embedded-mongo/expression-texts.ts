import type { Operator } from "./expression-types.js";
import { convertText, oneArgument } from "./expression-scalars.js";
import { isNumeric, toNumber } from "./numbers.js";
import { toRegExp } from "./regex.js";
import { ServerError } from "./server-error.js";
import { isObject } from "./bson-types.js";

const isNil = (value: unknown): value is null | undefined => value === null || value === undefined;

const text = (name: string, value: unknown): string => {
  if (typeof value !== "string") throw new ServerError(14, `${name} only supports strings`);
  return value;
};

const wholeNumber = (name: string, value: unknown): number => {
  if (!isNumeric(value) || !Number.isInteger(toNumber(value))) throw new ServerError(14, `${name} needs whole numbers`);
  return toNumber(value);
};

const escapeRegExp = (value: string): string => value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The argument object of $trim, $regexMatch and their like. */
const fields = (name: string, values: unknown[], keys: readonly string[]): Record<string, unknown> => {
  const value = oneArgument(name, values);
  if (!isObject(value)) throw new ServerError(9, `${name} needs an object`);
  const odd = Object.keys(value).find((key) => !keys.includes(key));
  if (odd !== undefined) throw new ServerError(9, `${name} found an unknown argument: ${odd}`);
  return value;
};

const trim =
  (name: string, start: boolean, end: boolean): Operator =>
  (values) => {
    const { input, chars } = fields(name, values, ["input", "chars"]);
    if (isNil(input) || chars === null) return null;
    const set = chars === undefined ? "[\\s\\0]" : `[${escapeRegExp(text(name, chars)).replaceAll("-", "\\-")}]`;
    const pattern = [...(start ? [`^${set}+`] : []), ...(end ? [`${set}+$`] : [])].join("|");
    return text(name, input).replace(new RegExp(pattern, "gu"), "");
  };

const replace =
  (name: string, all: boolean): Operator =>
  (values) => {
    const { input, find, replacement } = fields(name, values, ["input", "find", "replacement"]);
    if (isNil(input) || isNil(find) || isNil(replacement)) return null;
    const [from, to] = [text(name, find), () => text(name, replacement)];
    return all ? text(name, input).replaceAll(from, to) : text(name, input).replace(from, to);
  };

function substring(values: unknown[]): string {
  const [value, start, count] = values;
  const points = [...(convertText(value) ?? "")];
  const from = wholeNumber("$substrCP", start);
  const length = wholeNumber("$substrCP", count);
  return points.slice(from, length < 0 ? undefined : from + length).join("");
}

export const textOperators: Record<string, Operator> = {
  $concat: (values) => (values.some(isNil) ? null : values.map((value) => text("$concat", value)).join("")),
  $toLower: (values) => (convertText(oneArgument("$toLower", values)) ?? "").replace(/[A-Z]/g, (char) => char.toLowerCase()),
  $toUpper: (values) => (convertText(oneArgument("$toUpper", values)) ?? "").replace(/[a-z]/g, (char) => char.toUpperCase()),
  $strLenCP: (values) => [...text("$strLenCP", oneArgument("$strLenCP", values))].length,
  $substrCP: substring,
  $split: ([value, separator]) => (isNil(value) || isNil(separator) ? null : text("$split", value).split(text("$split", separator))),
  $trim: trim("$trim", true, true),
  $ltrim: trim("$ltrim", true, false),
  $rtrim: trim("$rtrim", false, true),
  $replaceOne: replace("$replaceOne", false),
  $replaceAll: replace("$replaceAll", true),
  $indexOfCP: (values) => {
    const [value, part] = values;
    if (values.length !== 2) throw new ServerError(9, "$indexOfCP takes exactly 2 arguments here");
    if (isNil(value)) return null;
    const at = text("$indexOfCP", value).indexOf(text("$indexOfCP", part));
    return at < 0 ? -1 : [...text("$indexOfCP", value).slice(0, at)].length;
  },
  $regexMatch: (values) => {
    const { input, regex, options } = fields("$regexMatch", values, ["input", "regex", "options"]);
    if (isNil(input) || isNil(regex)) return false;
    return toRegExp(regex, options).test(text("$regexMatch", input));
  },
};
