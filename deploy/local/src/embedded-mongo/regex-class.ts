import type { RegexScanner } from "./regex-scanner.js";
import { invalidRegex } from "./regex-scanner.js";
import { complement, escapedSets, pointText, posixSets, propertyText, rangesText, unicodeSets, type Ranges } from "./regex-sets.js";
import { unsupported } from "./server-error.js";

export type ClassOptions = { caseless: boolean; unicode: boolean };

/** One character, or a set as text for the inside of a class. */
type Item = { point: number } | { set: string };

/** A class after its opening bracket, in JavaScript's syntax. */
export function translateClass(scanner: RegexScanner, options: ClassOptions): string {
  const negated = scanner.take("^");
  let [out, first, quoted] = ["", true, false];
  for (;;) {
    if (scanner.done) throw invalidRegex("missing terminating ] for character class");
    if (scanner.take("\\E")) quoted = false;
    else if (!quoted && scanner.take("\\Q")) quoted = true;
    else if (!quoted && !first && scanner.take("]")) break;
    else out += range(scanner, quoted, options);
    first = false;
  }
  if (out === "") return negated ? "[\\s\\S]" : "(?!)";
  return `[${negated ? "^" : ""}${out}]`;
}

function range(scanner: RegexScanner, quoted: boolean, options: ClassOptions): string {
  const from = quoted ? literal(scanner) : item(scanner, options);
  const isRange = !quoted && scanner.startsWith("-") && !scanner.startsWith("-]");
  if (!isRange) return "set" in from ? from.set : pointText(from.point);
  scanner.take("-");
  const to = item(scanner, options);
  if ("set" in from || "set" in to) throw invalidRegex("invalid range in character class");
  if (to.point < from.point) throw invalidRegex("range out of order in character class");
  return rangesText([[from.point, to.point]]);
}

const literal = (scanner: RegexScanner): Item => ({ point: scanner.next().codePointAt(0) ?? 0 });

function item(scanner: RegexScanner, options: ClassOptions): Item {
  const posix = scanner.match(/\[:(\^?)([a-z]+):\]/y);
  if (posix) return { set: posixText(posix[2] ?? "", posix[1] === "^", options) };
  if (scanner.match(/\[([.=]).*?\1\]/y)) throw invalidRegex("POSIX collating elements are not supported");
  if (!scanner.take("\\")) return literal(scanner);
  const letter = scanner.next();
  if (letter === "b") return { point: 0x08 };
  const set = setText(scanner, letter, options);
  if (set !== undefined) return { set };
  if (/[1-7]/.test(letter)) return { point: parseInt(letter + (scanner.match(/[0-7]{0,2}/y)?.[0] ?? ""), 8) };
  const point = scanner.escapedPoint(letter);
  if (point === undefined) throw invalidRegex(`unrecognized character follows \\ in a class: ${letter}`);
  return { point };
}

/** `\d`, `\W`, `\p{L}` and their kin, for the inside of a class; undefined for other letters. */
export function setText(scanner: RegexScanner, letter: string, options: ClassOptions): string | undefined {
  if (letter === "p" || letter === "P") {
    const name = scanner.match(/\{(\^?[\w& ]+)\}|([A-Z])/y);
    if (!name) throw invalidRegex("malformed \\P or \\p sequence");
    return propertyText(name[1] ?? name[2] ?? "", letter === "P");
  }
  const small = letter.toLowerCase();
  const ranges = escapedSets[small];
  if (!ranges) return undefined;
  const property = options.unicode ? unicodeSets[small] : undefined;
  if (property === undefined) return letter === small ? rangesText(ranges) : withoutFolds(complement(ranges), options);
  if (letter === small) return property;
  const negated: Partial<Record<string, string>> = { d: "\\P{Nd}", s: "\\S" };
  const text = negated[small];
  if (text === undefined) throw unsupported("\\W with (*UCP) in regular expressions");
  return text;
}

function posixText(name: string, negated: boolean, options: ClassOptions): string {
  const ranges = posixSets[name];
  if (!ranges) throw invalidRegex("unknown POSIX class name");
  if (options.unicode) throw unsupported("POSIX classes with (*UCP) in regular expressions");
  return negated ? withoutFolds(complement(ranges), options) : rangesText(ranges);
}

/** JavaScript folds U+017F to "s" and U+212A to "k" also inside \W, PCRE2 does not. */
function withoutFolds(ranges: Ranges, { caseless }: ClassOptions): string {
  if (!caseless) return rangesText(ranges);
  const split = (all: Ranges, point: number): Ranges =>
    all.flatMap(([from, to]): Ranges =>
      from <= point && point <= to
        ? [...(from < point ? [[from, point - 1] as const] : []), ...(point < to ? [[point + 1, to] as const] : [])]
        : [[from, to]],
    );
  return rangesText(split(split(ranges, 0x17f), 0x212a));
}
