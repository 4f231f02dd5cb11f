import type { Language } from "@flow-rag/contracts";
import type { Grounds, NameKind } from "./grounds.js";
import { readPeriod } from "./periods.js";
import { readClock, readDate, readDuration, readNamedPeriod } from "./read-moments.js";
import { readDigits, readNumberWords, readRatio } from "./read-numbers.js";
import type { NameIndex, Token } from "./tokens.js";

/** Lower case without accents, one character for one: a place in it is the same place in the text. */
export function fold(text: string): string {
  let folded = "";
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    const plain = character.normalize("NFD").charAt(0).toLowerCase();
    folded += plain.length !== 1 ? character : /[\u2018\u2019\u02bc]/.test(plain) ? "'" : /[\u2010\u2011]/.test(plain) ? "-" : plain;
  }
  return folded;
}

/** Names by their first letter, the longest first, so that a name inside another is not taken for itself. */
export function indexNames(names: Grounds["names"]): NameIndex {
  const index = new Map<string, { lower: string; name: string; kind: NameKind }[]>();
  const seen = new Set<string>();
  for (const kind of ["pipeline", "tech", "environment"] as const)
    for (const name of names[kind] ?? []) {
      const lower = fold(name);
      if (lower.trim() === "" || seen.has(`${kind} ${lower}`)) continue;
      seen.add(`${kind} ${lower}`);
      const first = lower.charAt(0);
      const list = index.get(first) ?? [];
      list.push({ lower, name, kind });
      index.set(first, list);
    }
  for (const list of index.values()) list.sort((a, b) => b.lower.length - a.lower.length);
  return index;
}

const quotes = [/«\s*([^«»\n]*?)\s*»/y, /“\s*([^“”\n]*?)\s*”/y, /"\s*([^"\n]*?)\s*"/y];
const word = /[\p{L}\p{M}][\p{L}\p{M}\p{N}_]*(?:\.[\p{L}\p{N}_]+)*/uy;
const joined = /[\p{L}\p{N}_.'-]/u;

/** Reads a text into what it says; the same for what is true and for what is to be verified. */
export function tokenise(language: Language, text: string, names: NameIndex): Token[] {
  const folded = fold(text);
  const tokens: Token[] = [];
  let at = 0;
  const take = (token: Token, length: number) => {
    tokens.push(token);
    at += length;
  };
  const boundaryBefore = (index: number) => index === 0 || !/[\p{L}\p{N}_]/u.test(text.charAt(index - 1));
  let lineStart = true;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === "\n") {
      take({ is: "end", of: "line" }, 1);
      lineStart = true;
      continue;
    }
    if (/\s/.test(character)) {
      at += 1;
      continue;
    }
    const rank = lineStart ? /^(?:[•*–-]|\d{1,2}[.)])\s+/.exec(text.slice(at, at + 8)) : null;
    lineStart = false;
    if (rank) {
      at += rank[0].length;
      continue;
    }
    const quoted = quotes.map((pattern) => ((pattern.lastIndex = at), pattern.exec(text))).find((match) => match !== null);
    if (quoted) {
      take({ is: "quote", text: quoted[1] ?? "" }, quoted[0].length);
      continue;
    }
    const code = character === "`" ? /^`([^`\n]*)`/.exec(text.slice(at, at + 400)) : null;
    if (code) {
      const content = code[1] ?? "";
      const known = nameAt(names, fold(content), 0, content.length);
      take(known ?? { is: "word", text: fold(content), raw: content, coded: true }, code[0].length);
      continue;
    }
    const cite = /^\[\s*(\d{1,4}(?:\s*[,;]\s*\d{1,4})*)\s*\]/.exec(text.slice(at, at + 60));
    if (cite) {
      for (const n of (cite[1] ?? "").split(/[,;]/)) tokens.push({ is: "cite", n: Number(n) });
      at += cite[0].length;
      continue;
    }
    if (text.startsWith("**", at)) {
      at += 2;
      continue;
    }
    const starts = boundaryBefore(at);
    const name = starts ? nameInText(names, folded, at) : undefined;
    if (name) {
      take(name.token, name.length);
      continue;
    }
    const moment = starts ? momentAt(language, folded, at) : undefined;
    if (moment) {
      take(moment.value, moment.length);
      continue;
    }
    const number = starts || /[+\u2212-]/.test(text.charAt(at - 1)) ? numberAt(language, text, folded, at) : undefined;
    if (number) {
      take(number.token, number.length);
      continue;
    }
    word.lastIndex = at;
    const raw = word.exec(text)?.[0];
    if (raw !== undefined) {
      take({ is: "word", text: fold(raw), raw, coded: false }, raw.length);
      continue;
    }
    if (/[.!?…]/.test(character) && (at + 1 >= text.length || /[\s«»"”)\]*]/.test(text.charAt(at + 1)))) {
      take({ is: "end", of: "sentence" }, 1);
      continue;
    }
    take({ is: "mark", text: character }, 1);
  }
  tokens.push({ is: "end", of: "line" });
  return tokens;
}

function nameAt(names: NameIndex, folded: string, at: number, end: number): Token | undefined {
  const found = (names.get(folded.charAt(at)) ?? []).find(({ lower }) => lower.length === end - at && folded.startsWith(lower, at));
  return found && { is: "name", name: found.name, kind: found.kind };
}

function nameInText(names: NameIndex, folded: string, at: number): { token: Token; length: number } | undefined {
  for (const { lower, name, kind } of names.get(folded.charAt(at)) ?? []) {
    if (!folded.startsWith(lower, at) || /^\d+$/.test(lower)) continue;
    const after = folded.charAt(at + lower.length);
    const beyond = folded.charAt(at + lower.length + 1);
    // "orders-daily-v2" is not "orders-daily"; "orders-daily." and "orders-daily's" are.
    if (/[\p{L}\p{N}_]/u.test(after) || (/[-./]/.test(after) && joined.test(beyond))) continue;
    return { token: { is: "name", name, kind }, length: lower.length };
  }
  return undefined;
}

function momentAt(language: Language, folded: string, at: number): { value: Token; length: number } | undefined {
  const period = readPeriod(language, folded, at);
  if (period) return { value: { is: "period", key: period.value }, length: period.length };
  return readDate(folded, at) ?? readClock(folded, at) ?? readDuration(folded, at) ?? readNamedPeriod(folded, at);
}

const sign = /^(?:[+\u2212]|-(?=\d))/;

function numberAt(language: Language, text: string, folded: string, at: number): { token: Token; length: number } | undefined {
  const signed = sign.exec(text.slice(at, at + 2));
  const start = at + (signed && /\d/.test(text.charAt(at + 1)) ? 1 : 0);
  if (/\d/.test(text.charAt(start))) {
    const digits = readDigits(language, text, start);
    if (!digits) return undefined;
    const end = start + digits.length;
    const percent = /^[ \u00a0\u202f]?(?:%|pour cent(?!\p{L})|percent(?!\p{L})|per cent(?!\p{L})|pourcents?(?!\p{L}))/u.exec(
      folded.slice(end, end + 12),
    );
    const length = end - at + (percent?.[0].length ?? 0);
    // "137x" and "2fois" are no numbers that anyone could check
    if (!percent && /[\p{L}_]/u.test(text.charAt(end))) return undefined;
    const value = digits.value * (signed && text.charAt(at) !== "+" ? -1 : 1);
    return {
      token: { is: "number", value, form: percent ? "percent" : signed && start > at ? "signed" : "plain", spelled: false },
      length,
    };
  }
  const rest = folded.slice(at, at + 90);
  const parts = [...rest.matchAll(/([a-z]+)([ -]?)/g)];
  const words: string[] = [];
  let expected = 0;
  for (const part of parts) {
    if (part.index !== expected) break;
    words.push(part[1] ?? "");
    expected = part.index + part[0].length;
  }
  const lengthOf = (count: number) =>
    parts.slice(0, count).reduce((sum, part, index) => sum + (part[1] ?? "").length + (index < count - 1 ? (part[2] ?? "").length : 0), 0);
  const ratio = readRatio(language, words[0] ?? "");
  if (ratio !== undefined) return { token: { is: "number", value: ratio, form: "ratio", spelled: true }, length: lengthOf(1) };
  const spelled = readNumberWords(language, words);
  if (!spelled) return undefined;
  const end = at + lengthOf(spelled.words);
  const percent = /^ (?:pour cent|percent|per cent|%)(?!\p{L})/u.exec(folded.slice(end, end + 12));
  return {
    token: { is: "number", value: spelled.value, form: percent ? "percent" : "plain", spelled: true },
    length: end - at + (percent?.[0].length ?? 0),
  };
}
