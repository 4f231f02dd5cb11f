import { setText, translateClass } from "./regex-class.js";
import { invalidRegex, RegexScanner } from "./regex-scanner.js";
import { pointText } from "./regex-sets.js";
import { unsupported } from "./server-error.js";

type Flags = { i: boolean; m: boolean; s: boolean; x: boolean };
type Translated = { source: string; flags: string };

const maxPatternLength = 32_764; // PCRE2's, as MongoDB is built
const maxGroups = 250; // PCRE2's PARENS_NEST_LIMIT
const startOfText = "(?<![\\s\\S])";
const endOfText = "(?![\\s\\S])";
const newline = "(?:\\r\\n|(?!\\r\\n)[\\n-\\r\\x85\\u2028\\u2029])";
const wordBoundary = "(?:(?<=[A-Za-z0-9_])(?![A-Za-z0-9_])|(?<![A-Za-z0-9_])(?=[A-Za-z0-9_]))";
const assertions: Partial<Record<string, string>> = {
  A: startOfText,
  G: startOfText,
  Z: `(?=\\n?${endOfText})`,
  z: endOfText,
  b: wordBoundary,
  B: `(?!${wordBoundary})`,
  K: "(?:)", // only says where the match begins
};

/**
 * A pattern of PCRE2 (10.40, UTF, as MongoDB 7 has it) as a pattern of JavaScript that matches the same texts; whether it matches is all
 * that is kept: groups have other numbers.
 * @throws ServerError 51091 for a pattern that PCRE2 refuses, 238 for a construct that JavaScript cannot express.
 */
export function translateRegex(pattern: string, options: string): Translated {
  if (pattern.length > maxPatternLength) throw invalidRegex("the pattern is too large");
  if (pattern.includes("\0")) throw invalidRegex("a pattern must not contain a null byte");
  return new Translation(pattern, options).run();
}

class Translation {
  readonly #scanner: RegexScanner;
  #flags: Flags;
  #caseless: boolean;
  #unicode = false;
  #atomics = 0;
  #captures = 0;
  #inLookbehind = false;
  #optional = false;
  #referred = false;
  #depth = 0;
  readonly #names = new Map<string, number>();
  readonly #closed = new Set<number>();

  constructor(pattern: string, options: string) {
    this.#scanner = new RegexScanner(pattern);
    const has = (flag: string) => options.includes(flag);
    this.#flags = { i: has("i"), m: has("m"), s: has("s"), x: has("x") };
    this.#caseless = this.#flags.i;
  }

  run(): Translated {
    const scanner = this.#scanner;
    for (let verb = scanner.match(/\(\*([A-Z0-9]+)\)/y); verb; verb = scanner.match(/\(\*([A-Z0-9]+)\)/y)) {
      if (verb[1] === "UCP") this.#unicode = true;
      else if (verb[1] !== "UTF" && verb[1] !== "UTF8") throw unsupported(`(*${verb[1] ?? ""}) in regular expressions`);
    }
    const leading = scanner.match(/\(\?([imsx]+)\)/y)?.[1] ?? "";
    for (const flag of leading) this.#flags[flag as keyof Flags] = true;
    this.#caseless = this.#flags.i;
    const source = this.#alternatives();
    if (!scanner.done) throw invalidRegex("unmatched closing parenthesis");
    if (this.#referred && this.#optional) throw unsupported("back references beside alternatives or optional parts in regular expressions");
    return { source, flags: this.#caseless ? "iu" : "u" };
  }

  /** Up to the closing parenthesis; flags that are set inside end there. */
  #alternatives(): string {
    if (++this.#depth > maxGroups) throw invalidRegex("parentheses are too deeply nested");
    const flags = { ...this.#flags };
    let out = "";
    while (!this.#scanner.done && !this.#scanner.startsWith(")")) {
      if (this.#scanner.take("|")) {
        this.#optional = true;
        out += "|";
      } else {
        out += this.#quantified();
      }
    }
    this.#flags = flags;
    this.#depth--;
    return out;
  }

  #quantified(): string {
    if (this.#flags.x && this.#scanner.match(/(?:\s|#[^\n]*(?:\n|$))+/y)) return "";
    const atom = this.#atom();
    if (atom === undefined) return "";
    const quantifier = this.#scanner.match(/[*+?]|\{(\d+)(,(\d*))?\}/y);
    if (!quantifier) return atom;
    const [text, least, , most] = quantifier;
    if (Number(least) > 65_535 || Number(most) > 65_535) throw invalidRegex("number too big in {} quantifier");
    if (most && Number(most) < Number(least)) throw invalidRegex("numbers out of order in {} quantifier");
    if (text === "*" || text === "?" || least === "0") this.#optional = true;
    const isFixed = least !== undefined && (quantifier[2] === undefined || most === least);
    if (this.#inLookbehind && !isFixed) throw invalidRegex("lookbehind assertion is not fixed length");
    const repeated = `(?:${atom})${text}`;
    if (this.#scanner.take("+")) return this.#atomic(repeated);
    return this.#scanner.take("?") ? `${repeated}?` : repeated;
  }

  /** What matched once is not given back: a look-ahead does not backtrack, and what it saw is then read. */
  #atomic(part: string): string {
    const name = `a${++this.#atomics}`;
    return `(?=(?<${name}>${part}))\\k<${name}>`;
  }

  /** Undefined for what is no part to repeat: a comment, a change of flags. */
  #atom(): string | undefined {
    const scanner = this.#scanner;
    const char = scanner.next();
    switch (char) {
      case "(":
        return this.#group();
      case "[":
        return translateClass(scanner, { caseless: this.#caseless, unicode: this.#unicode });
      case ".":
        return this.#flags.s ? "[\\s\\S]" : "[^\\n]";
      case "^":
        return this.#flags.m ? `(?:${startOfText}|(?<=\\n)(?=[\\s\\S]))` : startOfText;
      case "$":
        return this.#flags.m ? "(?![^\\n])" : `(?=\\n?${endOfText})`;
      case "*":
      case "+":
      case "?":
        throw invalidRegex("quantifier does not follow a repeatable item");
      case "\\":
        return this.#escape();
      default:
        return pointText(char.codePointAt(0) ?? 0);
    }
  }

  #escape(): string | undefined {
    const scanner = this.#scanner;
    if (scanner.done) throw invalidRegex("\\ at end of pattern");
    const letter = scanner.next();
    if (letter === "E") return undefined;
    if (letter === "Q") return this.#quoted();
    if (letter === "R") return newline;
    if (letter === "N" && !scanner.startsWith("{")) return "[^\\n]";
    if ((letter === "b" || letter === "B") && this.#unicode) throw unsupported(`\\${letter} with (*UCP) in regular expressions`);
    const assertion = assertions[letter];
    if (assertion !== undefined) return assertion;
    const set = setText(scanner, letter, { caseless: this.#caseless, unicode: this.#unicode });
    if (set !== undefined) return set === "" ? "(?!)" : `[${set}]`;
    const reference = this.#reference(letter);
    if (reference !== undefined) return reference;
    const point = scanner.escapedPoint(letter);
    if (point !== undefined) return pointText(point);
    if ("XC".includes(letter)) throw unsupported(`\\${letter} in regular expressions`);
    throw invalidRegex(`unrecognized character follows \\: ${letter}`);
  }

  #quoted(): string | undefined {
    const { pattern, at } = this.#scanner;
    const end = pattern.indexOf("\\E", at);
    const text = pattern.slice(at, end < 0 ? undefined : end);
    this.#scanner.at = end < 0 ? pattern.length : end + 2;
    const points = [...text].map((char) => pointText(char.codePointAt(0) ?? 0));
    const last = points.pop(); // a quantifier after \E belongs to the last character
    if (last === undefined) return undefined;
    return this.#scanner.match(/(?=[*+?{])/y) && points.length > 0 ? this.#joinQuoted(points, last) : [...points, last].join("");
  }

  #joinQuoted(points: readonly string[], last: string): string {
    const quantifier = this.#scanner.match(/(?:[*+?]|\{\d+(?:,\d*)?\})\??(?!\+)/y)?.[0];
    if (quantifier === undefined) throw unsupported("a possessive quantifier after \\E in regular expressions");
    this.#optional = true;
    return `${points.join("")}(?:${last})${quantifier}`;
  }

  /** `\1`, `\g{2}`, `\k<name>`; undefined where digits are an octal code or the letter is another one. */
  #reference(letter: string): string | undefined {
    const scanner = this.#scanner;
    if (letter === "g" || letter === "k") {
      const found = scanner.match(letter === "g" ? /\{?(-?\w+)\}?/y : /[{<'](\w+)[}>']/y);
      if (!found) throw unsupported(`\\${letter} of this form in regular expressions`);
      return this.#refer(found[1] ?? "");
    }
    if (!/[1-9]/.test(letter)) return undefined;
    const digits = letter + (scanner.match(/\d*/y)?.[0] ?? "");
    if (digits.length === 1 || Number(digits) <= this.#captures) return this.#refer(digits);
    if (!/^[0-7]{2,3}$/.test(digits)) throw unsupported(`\\${digits} in regular expressions`);
    return pointText(parseInt(digits, 8));
  }

  #refer(name: string): string {
    const relative = /^-\d+$/.test(name);
    const number = relative ? this.#captures + 1 + Number(name) : /^\d+$/.test(name) ? Number(name) : this.#names.get(name);
    if (number === undefined || !this.#closed.has(number))
      throw unsupported("references to groups that are not complete in regular expressions");
    this.#referred = true;
    return `\\k<g${number}>`;
  }

  #group(): string | undefined {
    const scanner = this.#scanner;
    if (scanner.startsWith("*")) throw unsupported("(*…) verbs in regular expressions");
    if (!scanner.take("?")) return this.#capture();
    if (scanner.match(/#[^)]*\)/y)) return undefined;
    if (scanner.take(":")) return `(?:${this.#inside()})`;
    if (scanner.take(">")) return this.#atomic(this.#inside());
    const look = scanner.match(/=|!|<=|<!/y)?.[0];
    if (look !== undefined) return this.#look(look);
    const name = scanner.match(/P?<(\w+)>|'(\w+)'/y);
    if (name) return this.#capture(name[1] ?? name[2]);
    const back = scanner.match(/P=(\w+)\)/y);
    if (back) return this.#refer(back[1] ?? "");
    const flags = scanner.match(/([imsx]*)(?:-([imsx]+))?([:)])/y);
    if (!flags) throw unsupported("(?…) groups of this kind in regular expressions");
    return this.#flagged(flags[1] ?? "", flags[2] ?? "", flags[3] === ":");
  }

  #flagged(on: string, off: string, isGroup: boolean): string | undefined {
    const before = { ...this.#flags };
    for (const flag of on) this.#flags[flag as keyof Flags] = true;
    for (const flag of off) this.#flags[flag as keyof Flags] = false;
    if (this.#flags.i !== this.#caseless) throw unsupported("(?i) anywhere but at the start of a regular expression");
    if (!isGroup) return undefined;
    const inside = this.#inside();
    this.#flags = before;
    return `(?:${inside})`;
  }

  #capture(name?: string): string {
    const number = ++this.#captures;
    if (name !== undefined) this.#names.set(name, number);
    const inside = this.#inside();
    this.#closed.add(number);
    return `(?<g${number}>${inside})`;
  }

  #look(kind: string): string {
    const outer = this.#inLookbehind;
    this.#inLookbehind = kind.startsWith("<");
    const inside = this.#inside();
    this.#inLookbehind = outer;
    return `(?${kind}${inside})`;
  }

  #inside(): string {
    const inside = this.#alternatives();
    if (!this.#scanner.take(")")) throw invalidRegex("missing closing parenthesis");
    return inside;
  }
}
