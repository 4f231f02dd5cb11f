import { badValue } from "./server-error.js";

/** Ranges of code points, both ends included, in order. */
export type Ranges = readonly (readonly [from: number, to: number])[];

const lastPoint = 0x10ffff;
const digit: Ranges = [[0x30, 0x39]];
const upper: Ranges = [[0x41, 0x5a]];
const lower: Ranges = [[0x61, 0x7a]];
const blank: Ranges = [
  [0x09, 0x09],
  [0x20, 0x20],
];
const space: Ranges = [
  [0x09, 0x0d],
  [0x20, 0x20],
];
const word: Ranges = [...digit, ...upper, [0x5f, 0x5f], ...lower];

/** What the escapes for kinds of characters mean without UCP: https://www.pcre.org/current/doc/html/pcre2pattern.html */
export const escapedSets: Partial<Record<string, Ranges>> = {
  d: digit,
  w: word,
  s: space,
  h: [
    [0x09, 0x09],
    [0x20, 0x20],
    [0xa0, 0xa0],
    [0x1680, 0x1680],
    [0x180e, 0x180e],
    [0x2000, 0x200a],
    [0x202f, 0x202f],
    [0x205f, 0x205f],
    [0x3000, 0x3000],
  ],
  v: [
    [0x0a, 0x0d],
    [0x85, 0x85],
    [0x2028, 0x2029],
  ],
};

export const posixSets: Partial<Record<string, Ranges>> = {
  alnum: [...digit, ...upper, ...lower],
  alpha: [...upper, ...lower],
  ascii: [[0x00, 0x7f]],
  blank,
  cntrl: [
    [0x00, 0x1f],
    [0x7f, 0x7f],
  ],
  digit,
  graph: [[0x21, 0x7e]],
  lower,
  print: [[0x20, 0x7e]],
  punct: [
    [0x21, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7e],
  ],
  space,
  upper,
  word,
  xdigit: [...digit, [0x41, 0x46], [0x61, 0x66]],
};

/** With UCP, `\d` and its kin go by Unicode properties. */
export const unicodeSets: Partial<Record<string, string>> = { d: "\\p{Nd}", w: "\\p{L}\\p{N}_", s: "\\s\\x85" };

export function complement(ranges: Ranges): Ranges {
  const result: [number, number][] = [];
  let next = 0;
  for (const [from, to] of ranges) {
    if (from > next) result.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= lastPoint) result.push([next, lastPoint]);
  return result;
}

export const pointText = (point: number): string => `\\u{${point.toString(16)}}`;

/** For the inside of a JavaScript class. */
export const rangesText = (ranges: Ranges): string =>
  ranges.map(([from, to]) => (from === to ? pointText(from) : `${pointText(from)}-${pointText(to)}`)).join("");

/** A Unicode property in JavaScript's words, for the inside of a class. @throws ServerError for one that is not known. */
export function propertyText(name: string, negated: boolean): string {
  const not = name.startsWith("^") !== negated;
  const plain = name.replace(/^\^/, "").trim();
  if (plain === "Any") return not ? "" : rangesText([[0, lastPoint]]);
  const text = plain === "L&" ? "LC" : plain;
  for (const form of [text, `scx=${text}`]) {
    const candidate = `\\${not ? "P" : "p"}{${form}}`;
    if (isValid(candidate)) return candidate;
  }
  throw badValue(`Regular expression is invalid: unknown property name after \\P or \\p: ${plain}`);
}

function isValid(pattern: string): boolean {
  try {
    return Boolean(new RegExp(pattern, "u"));
  } catch {
    return false;
  }
}
