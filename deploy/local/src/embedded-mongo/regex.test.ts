import { BSONRegExp } from "bson";
import { toRegExp } from "./regex.js";

test.each([
  ["^a.c$", "", "abc", true],
  ["x$", "", "x\n", true],
  ["x$", "", "x\ny", false],
  ["x$", "m", "x\ny", true],
  ["[$]", "", "$", true],
  ["\\$", "", "$", true],
  ["A", "i", "a", true],
])("toRegExp, /%s/%s against %j, is %s as in PCRE", (pattern, options, text, expected) => {
  expect(toRegExp(new BSONRegExp(pattern, options)).test(text)).toBe(expected);
});

test.each([["\\Ax"], ["(?i)x"], ["a++"], ["[[:alpha:]]"], ["\\p{L}"], ["("]])("toRegExp, %s, is refused instead of misread", (pattern) => {
  expect(() => toRegExp(pattern)).toThrow(/not support/);
});
