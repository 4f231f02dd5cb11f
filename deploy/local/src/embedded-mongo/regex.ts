import { BSONRegExp } from "bson";
import { badValue, unsupported } from "./server-error.js";
import { bsonType } from "./values.js";

/** Escapes that mean something in PCRE and something else, or nothing, in JavaScript. */
const foreignEscapes = /[AZzGKQEhHRNXCpPoglaeL]/;

export const isRegex = (value: unknown): value is BSONRegExp | RegExp =>
  bsonType(value) === "BSONRegExp" || Object.prototype.toString.call(value) === "[object RegExp]";

/**
 * A PCRE pattern as a JavaScript one.
 * @throws ServerError for syntax that the two languages read differently.
 */
export function toRegExp(value: unknown, options?: string): RegExp {
  const { pattern, flags } = isRegex(value) ? split(value) : { pattern: String(value), flags: "" };
  const wanted = [...new Set(options ?? flags)].filter((flag) => flag !== "u");
  const odd = wanted.find((flag) => !"ims".includes(flag));
  if (odd !== undefined) throw unsupported(`the regular expression option "${odd}"`);
  try {
    return new RegExp(translate(pattern, wanted.includes("m")), wanted.join(""));
  } catch (error) {
    if ((error as Error).name !== "SyntaxError") throw error;
    throw badValue(`Regular expression is invalid or not supported here: ${(error as Error).message}`);
  }
}

const split = (value: BSONRegExp | RegExp): { pattern: string; flags: string } =>
  value instanceof BSONRegExp ? { pattern: value.pattern, flags: value.options } : { pattern: value.source, flags: value.flags };

/** PCRE's `$` also matches before a final newline; JavaScript's does not. */
function translate(pattern: string, multiline: boolean): string {
  if (/\(\?(?![:=!]|<[=!a-zA-Z_])/.test(pattern)) throw unsupported("inline options and other (?…) groups in regular expressions");
  if (/[*+?}]\+/.test(pattern.replace(/\\./gs, "")) || /\[\[:/.test(pattern)) {
    throw unsupported("possessive quantifiers and POSIX classes in regular expressions");
  }
  let [out, inClass] = ["", false];
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] ?? "";
    if (char === "\\") {
      const next = pattern[++i] ?? "";
      if (foreignEscapes.test(next)) throw unsupported(`"\\${next}" in regular expressions`);
      out += char + next;
      continue;
    }
    if (char === "[") inClass = true;
    if (char === "]") inClass = false;
    out += char === "$" && !inClass && !multiline ? "(?=\\n?(?![\\s\\S]))" : char;
  }
  return out;
}
