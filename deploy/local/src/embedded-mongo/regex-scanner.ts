import { ServerError } from "./server-error.js";

export const invalidRegex = (message: string): ServerError => new ServerError(51091, `Regular expression is invalid: ${message}`);

const controlLetters: Partial<Record<string, number>> = { a: 0x07, e: 0x1b, f: 0x0c, n: 0x0a, r: 0x0d, t: 0x09 };
const lastPoint = 0x10ffff;

/** A pattern read from left to right, one code point at a time. */
export class RegexScanner {
  at = 0;

  constructor(readonly pattern: string) {}

  get done(): boolean {
    return this.at >= this.pattern.length;
  }

  startsWith(text: string): boolean {
    return this.pattern.startsWith(text, this.at);
  }

  take(text: string): boolean {
    if (!this.startsWith(text)) return false;
    this.at += text.length;
    return true;
  }

  /** What matches here; the expression has to be sticky. */
  match(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.at;
    const found = expression.exec(this.pattern);
    if (!found) return undefined;
    this.at = expression.lastIndex;
    return found;
  }

  next(): string {
    const point = this.pattern.codePointAt(this.at);
    if (point === undefined) throw invalidRegex("the pattern ends too early");
    const text = String.fromCodePoint(point);
    this.at += text.length;
    return text;
  }

  /** The code point of an escape that means one character, after its backslash and letter; undefined for other escapes. */
  escapedPoint(letter: string): number | undefined {
    const control = controlLetters[letter];
    if (control !== undefined) return control;
    if (letter === "c") return this.next().toUpperCase().charCodeAt(0) ^ 0x40;
    if (letter === "x") return this.#hex();
    if (letter === "o") return this.#number(/\{([0-7]+)\}/y, 8, "\\o");
    if (letter === "0") return parseInt(`0${this.match(/[0-7]{0,2}/y)?.[0] ?? ""}`, 8);
    return /[a-zA-Z0-9]/.test(letter) ? undefined : letter.codePointAt(0);
  }

  #hex(): number {
    if (this.startsWith("{")) return this.#number(/\{([0-9a-fA-F]+)\}/y, 16, "\\x");
    return parseInt(`0${this.match(/[0-9a-fA-F]{0,2}/y)?.[0] ?? ""}`, 16);
  }

  #number(expression: RegExp, base: number, name: string): number {
    const digits = this.match(expression)?.[1];
    const point = digits === undefined ? NaN : parseInt(digits, base);
    if (!(point <= lastPoint)) throw invalidRegex(`${name}{} needs a character code`);
    return point;
  }
}
