import { errorPattern } from "./run-filter.js";

const finds = (sought: string, error: string): boolean => new RegExp(errorPattern(sought), "iu").test(error);
const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));

test("errorPattern, each printable character of ASCII, finds itself and nothing else", () => {
  for (const sign of ascii) {
    expect([sign, finds(`a${sign}1`, `xa${sign}1y`)]).toEqual([sign, true]);
    const other = ascii.find((each) => each.toLowerCase() !== sign.toLowerCase()) as string;
    expect([sign, finds(`z${sign}1`, `z${other}1`)]).toEqual([sign, false]);
  }
});

test.each([
  ["ORA-12541", "ORA-12541: TNS:no listener"],
  ["read-only file system", "mount: Read-Only File System"],
  ["a-b_c/d.e", "in a-b_c/d.e at 1"],
  ["memoire insuffisante", "Mémoire insuffisante"],
  ["Mémoire", "MEMOIRE"],
  ["[0-9]+$ (a|b)* {2} ^\\d?", "pattern [0-9]+$ (a|b)* {2} ^\\d? failed"],
  ["tab\there\u0000nul", "tab\there\u0000nul"],
  ["😀-é\u0301", "😀-é"],
])("errorPattern, %j, is found in %j", (sought, error) => {
  expect(finds(sought, error)).toBe(true);
});

test("errorPattern, half of a surrogate pair and 2,000 vowels, is a pattern of bounded size", () => {
  expect(() => new RegExp(errorPattern("a\ud800b"), "iu")).not.toThrow();
  const vowels = "aeiouy".repeat(400);
  // PCRE2 takes up to 64 KiB of compiled pattern, a class some forty bytes of it.
  expect(errorPattern(vowels).split("[").length * 40).toBeLessThan(65_536 / 2);
  expect(finds(vowels, vowels)).toBe(true);
});
