import { BSONRegExp } from "bson";
import { toRegExp } from "./regex.js";

function failure(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

test.each<[pattern: string, options: string, text: string, matches: boolean]>([
  ["^a.c$", "", "abc", true],
  ["x$", "", "x\n", true],
  ["x$", "", "x\ny", false],
  ["x$", "m", "x\ny", true],
  ["[$]", "", "$", true],
  ["\\$", "", "$", true],
  ["A", "i", "a", true],
  ["a.b", "", "a\rb", true],
  ["a.b", "", "a\u2028b", true],
  ["a.b", "", "a\nb", false],
  ["a.b", "s", "a\nb", true],
  ["^.$", "", "\u{1f600}", true],
  ["[]x]", "", "]", true],
  ["[^]x]", "", "a", true],
  ["[^]x]", "", "]", false],
  ["\\x{e9}", "", "\u00e9", true],
  ["\\x41\\101\\cA?\\e?", "", "AA", true],
  ["(?i)\u00c9", "", "\u00e9", true],
  ["a++b", "", "aab", true],
  ["a++a", "", "aa", false],
  ["(?>a|ab)c", "", "abc", false],
  ["[[:alpha:]]+$", "", "ab1", false],
  ["^[[:^digit:]]$", "", "x", true],
  ["^\\QA.B\\E+$", "", "A.BBB", true],
  ["(a)\\1", "", "aa", true],
  ["(?<n>a)\\k<n>", "", "ab", false],
  ["\\w", "", "\u00e9", false],
  ["(*UCP)\\w", "", "\u00e9", true],
  ["\\s", "", "\u00a0", false],
  ["\\h", "", "\u00a0", true],
  ["\\bx", "", "\u00e9x", true],
  ["(?m)^b$", "", "a\nb\nc", true],
  ["^$", "m", "a\n", false],
  ["\\A\\d{2,}?x\\Z", "", "12x\n", true],
  ["\\Ax\\z", "", "x\n", false],
  ["[\\W]", "i", "s", false],
  ["a{,2}", "", "a{,2}", true],
  ["\\p{L}\\p{Greek}", "", "a\u03b1", true],
  ["\\P{L}", "", "a", false],
  ["x y # c", "x", "xy", true],
  ["(?#c)x", "", "x", true],
  ["(?=ab)a", "", "ab", true],
  ["(?<!b)a", "", "ba", false],
  ["a\\Rb", "", "a\r\nb", true],
  ["", "", "", true],
])("toRegExp, /%s/%s against %j, is %s as in PCRE2", (pattern, options, text, expected) => {
  expect(toRegExp(new BSONRegExp(pattern, options)).test(text)).toBe(expected);
});

test.each([["("], [")"], ["*a"], ["\\"], ["[a"], ["a{2,1}"], ["[z-a]"], ["\\L"], ["(?<=a+)b"], ["x".repeat(32_765)]])(
  "toRegExp, the invalid %s, is refused with the server's code",
  (pattern) => {
    expect(failure(() => toRegExp(pattern))).toMatchObject({ code: 51091 });
  },
);

test.each([["(?R)"], ["(?(1)a|b)"], ["\\X"], ["a(?i)b"], ["(a)|\\1"], ["(?|a|b)"], ["(*SKIP)a"], ["(?C1)a"]])(
  "toRegExp, %s, is refused by name instead of misread",
  (pattern) => {
    expect(() => toRegExp(pattern)).toThrow(/does not support .+ in regular expressions|does not support .+ regular expression/);
  },
);
