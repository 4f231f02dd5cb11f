import { foldWithPositions } from "./fold-positions.js";
import { compoundNumber, compoundWords, opensCompound } from "./number-words.js";
import { respell } from "./respell.js";
import { canonicalWord, isShortDay, monthOf, numberNamed, unitOf, weekdayNamed } from "./vocabulary.js";

export type ClockTime = { readonly hour: number; readonly minute: number; readonly exact: boolean };

type Base = { readonly start: number; readonly end: number; readonly text: string };
/** `start` and `end` are positions in the question as it was written. An `opaque` token is a name or a figure that is no time. */
export type Token =
  | (Base & { readonly kind: "opaque" | "hyphen" })
  /** `dotted`: a short day with the dot of its abbreviation, "lun." */
  | (Base & { readonly kind: "word"; readonly dotted?: true })
  | (Base & { readonly kind: "number"; readonly value: number; readonly ordinal: boolean })
  | (Base & { readonly kind: "clock"; readonly clock: ClockTime; readonly half: "am" | "pm" | undefined; readonly bare: boolean })
  | (Base & {
      readonly kind: "date";
      readonly year: number | undefined;
      readonly month: number;
      /** Undefined in a month of a year. */
      readonly day: number | undefined;
      readonly time: string | undefined;
      /** True where the form alone says little: 3/4, 20261112. */
      readonly weak: boolean;
    })
  | (Base & { readonly kind: "week"; readonly year: number; readonly week: number })
  | (Base & { readonly kind: "offset"; readonly days: number });

type Part = { readonly text: string; readonly start: number; readonly end: number };

/** The question cut into words, numbers, times and dates. What stands in quotes or backticks, or looks like an identifier, is opaque. */
export function tokenize(text: string, masks: readonly (readonly [start: number, end: number])[] = []): Token[] {
  const { folded, origin } = foldWithPositions(text);
  const tokens: Token[] = [];
  const hidden = [...quotedParts(text), ...masks];
  for (const match of folded.matchAll(/\S+/g)) {
    const chunk = trimmed({ text: match[0], start: match.index, end: match.index + match[0].length });
    if (chunk.text === "") continue;
    const place = (part: Part): Base => ({
      text: part.text,
      start: origin[part.start] ?? 0,
      end: origin[part.end] ?? text.length,
    });
    const { start, end } = place(chunk);
    if (hidden.some(([from, to]) => start < to && end > from)) tokens.push({ ...place(chunk), kind: "opaque" });
    else {
      for (const part of split(chunk)) {
        // "dès" is a preposition, "des" an article: the one accent that matters.
        const since = part.text === "des" && /è|e\u0300/i.test(text.slice(place(part).start, place(part).end));
        const token = since ? { ...place(part), kind: "word" as const, text: "depuis" } : classify(part, place(part));
        tokens.push(token.kind === "word" && isShortDay(token.text) && isAbbreviated(text, token.end) ? { ...token, dotted: true } : token);
      }
    }
  }
  return joined(tokens);
}

/** A dot with a sentence that goes on behind it. */
const isAbbreviated = (text: string, end: number): boolean => text[end] === "." && /^\.[,)]?\s+[^\p{Lu}\s]/u.test(text.slice(end, end + 8));

function quotedParts(text: string): [number, number][] {
  const found = [...text.matchAll(/"[^"]*"|«[^»]*»|`[^`]*`|“[^”]*”/g)].map(({ 0: { length }, index }): [number, number] => [
    index,
    index + length,
  ]);
  return found.filter(([start, end]) => end - start < text.trim().length - 1); // a question quoted as a whole is still one
}

function trimmed({ text, start, end }: Part): Part {
  const lead = /^[([{"'«“,;:!?.…>]*/.exec(text)?.[0].length ?? 0;
  const tail = /[)\]}"'»”,;:!?.…]*$/.exec(text.slice(lead))?.[0].length ?? 0;
  return { text: text.slice(lead, text.length - tail), start: start + lead, end: end - tail };
}

const whole =
  /^(?:\d{4}-\d{1,2}-\d{1,2}(?:t.*)?|\d{4}\/\d{1,2}\/\d{1,2}|\d{1,2}([/.-])\d{1,2}\1\d{2,4}|\d{1,2}\/\d{4}|\d{4}-(?:0[1-9]|1[0-2])|\d{4}-?w\d{1,2}|[jd]-\d{1,3})$/;
const elision = /^(l|d|qu|jusqu|s|n|j|c|m|t|lorsqu|puisqu|jusque)'(?=.)/;
const hyphenWords = new Set(
  "avant hier demain mi apres midi ends ce ci mois la le week end day last past night to au a et today yesterday noon minuit veille derniere dernier semaine annee nuit matin soir morning afternoon evening this mid early late fin debut premier demi heure ns".split(
    " ",
  ),
);
const timePart = (part: string): boolean =>
  /^\d{1,2}$|^\d{1,2}(?:er|e|eme|st|nd|rd|th)$|^[tq][1-4]$|^[sw]\d\d$|^\d{1,2}(?:h|:)\d{0,2}$|^\d{1,2}(?::\d{2})?[ap]m$|^\d{1,2}\/\d{1,2}(?:\/\d{2,4})?$|^20\d\d$/.test(
    part,
  ) ||
  hyphenWords.has(canonicalWord(part)) ||
  monthOf(part) !== undefined ||
  weekdayNamed(part) !== undefined ||
  unitOf(part) !== undefined;

const plainWord = /^[a-z]+$/;

/** Parts of a chunk: elided words, and what hyphens join when all of it speaks of time. */
function split(chunk: Part): Part[] {
  const { text, start, end } = chunk;
  if (plainWord.test(text)) return [chunk];
  if (text === "-" || text === "->" || text === "=>" || text === "→") return [{ text: "-", start, end }];
  if (/^aujourd'?hui$|^aujourd-hui$/.test(text)) return [{ text: "aujourdhui", start, end }];
  const isoPair = /^(\d{4}-\d{2}-\d{2})(\.\.+|\/|->|→)(\d{4}-\d{2}-\d{2})$/.exec(text);
  if (isoPair) {
    const [, from = "", joint = "", to = ""] = isoPair;
    const cut = start + from.length;
    return [
      { text: from, start, end: cut },
      { text: "-", start: cut, end: cut + joint.length },
      { text: to, start: cut + joint.length, end },
    ];
  }
  if (whole.test(text)) return [chunk];
  const respelled = respell(text);
  if (respelled) return respelled.map((piece) => ({ text: piece, start, end }));
  const elided = elision.exec(text);
  if (elided) {
    const cut = start + elided[0].length;
    return [{ text: elided[1] ?? "", start, end: cut }, ...split({ text: text.slice(elided[0].length), start: cut, end })];
  }
  const possessive = /^(.+)'s$/.exec(text)?.[1];
  if (possessive !== undefined) return split({ text: possessive, start, end: end - 2 });
  if (text === "o'clock") return [{ text: "oclock", start, end }];
  const pieces = pieceTogether(text, start);
  if (pieces.length > 1 && pieces.every(({ text: piece }) => piece === "-" || timePart(piece)) && hasTimeWord(pieces)) return pieces;
  const unit = /^(\d+)(min|mins|mn|minutes?|j|jrs?|jours?|d|days?|sem|semaines?|w|weeks?|mois|months?|ans?|heures?|hours?|hrs?)$/.exec(
    text,
  );
  if (unit) {
    const cut = start + (unit[1] ?? "").length;
    return [
      { text: unit[1] ?? "", start, end: cut },
      { text: unit[2] ?? "", start: cut, end },
    ];
  }
  return [chunk];
}

function pieceTogether(text: string, start: number): Part[] {
  return [...text.matchAll(/[^-]+|-+/g)].map(({ 0: piece, index }) => ({
    text: piece.startsWith("-") ? "-" : piece,
    start: start + index,
    end: start + index + piece.length,
  }));
}

/** "3-7" may be days; "job-12" was refused before: this refuses what holds numbers and one unit letter only, as "d-3-5". */
const hasTimeWord = (pieces: readonly Part[]): boolean => pieces.some(({ text }) => text.length > 1 || /^\d$/.test(text));

function classify({ text }: Part, base: Base): Token {
  if (plainWord.test(text)) return { ...base, kind: "word", text: canonicalWord(text) };
  if (text === "-") return { ...base, kind: "hyphen" };
  const offset = /^[jd]-(\d{1,3})$/.exec(text);
  if (offset) return { ...base, kind: "offset", days: -Number(offset[1]) };
  if (/^\d{1,6}$/.test(text)) return { ...base, kind: "number", value: Number(text), ordinal: false };
  const compound = text.includes("-") ? compoundNumber(text) : undefined;
  if (compound !== undefined) return { ...base, kind: "number", value: compound, ordinal: false };
  const ordinal = /^(\d{1,2})(?:er|ere|re|e|eme|ieme|st|nd|nde|rd|th)$/.exec(text);
  if (ordinal) return { ...base, kind: "number", value: Number(ordinal[1]), ordinal: true };
  const week = /^(\d{4})-?w(\d{1,2})$/.exec(text);
  if (week) return { ...base, kind: "week", year: Number(week[1]), week: Number(week[2]) };
  return clockToken(text, base) ?? dateToken(text, base) ?? { ...base, kind: "opaque", text: canonicalWord(text) };
}

function clockToken(text: string, base: Base): Token | undefined {
  const match =
    /^(\d{1,3})h(\d{2})?(?:mn|min|m)?()$/.exec(text) ??
    /^(\d{1,2}):(\d{2})(?::\d{2})?([ap]m)?$/.exec(text) ??
    /^(\d{1,2})()([ap]m)$/.exec(text);
  if (!match) return undefined;
  const [, hour = "", minute = "", half = ""] = match;
  return {
    ...base,
    kind: "clock",
    clock: { hour: Number(hour), minute: Number(minute || 0), exact: minute !== "" && (minute !== "00" || text.includes(":")) },
    half: half === "am" || half === "pm" ? half : undefined,
    bare: minute === "" && half === "",
  };
}

function dateToken(text: string, base: Base): Token | undefined {
  const iso = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:t(\d{2}:?\d{2}.*))?$/.exec(text);
  if (iso) return made(base, Number(iso[1]), Number(iso[2]), Number(iso[3]), false, iso[4]);
  const full = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})$/.exec(text);
  if (full && (full[2] === "/" || full[4]?.length === 4)) {
    const year = Number(full[4]);
    return made(base, year < 100 ? 2_000 + year : year, Number(full[3]), Number(full[1]), false);
  }
  const short = /^(\d{1,2})\/(\d{1,2})$/.exec(text) ?? /^(\d{1,2})\.(0[1-9]|1[0-2])$/.exec(text);
  if (short) return made(base, undefined, Number(short[2]), Number(short[1]), true);
  const monthYear = /^(\d{1,2})\/(\d{4})$/.exec(text);
  if (monthYear) return made(base, Number(monthYear[2]), Number(monthYear[1]), undefined, false);
  const yearMonth = /^(\d{4})-(\d{2})$/.exec(text);
  if (yearMonth) return made(base, Number(yearMonth[1]), Number(yearMonth[2]), undefined, false);
  const compact = /^(20\d{2})(\d{2})(\d{2})$/.exec(text);
  if (compact) return made(base, Number(compact[1]), Number(compact[2]), Number(compact[3]), true);
  return undefined;
}

const made = (base: Base, year: number | undefined, month: number, day: number | undefined, weak: boolean, time?: string): Token => ({
  ...base,
  kind: "date",
  year,
  month,
  day,
  weak,
  time,
});

/** Words that are one thing in two pieces. */
function joined(tokens: readonly Token[]): Token[] {
  const result: Token[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] as Token;
    const next = tokens[index + 1];
    const afterHyphen = next?.kind === "hyphen" ? tokens[index + 2] : undefined;
    const pair = (first: string, second: string, into: string): boolean => {
      const partner = next?.kind === "hyphen" ? afterHyphen : next;
      if (token.text !== first || partner?.text !== second) return false;
      result.push({ kind: "word", text: into, start: token.start, end: partner.end });
      index += next?.kind === "hyphen" ? 2 : 1;
      return true;
    };
    const spoken = spokenCompound(tokens, index);
    if (spoken) {
      result.push(spoken.token);
      index = spoken.last;
      continue;
    }
    const back = longBefore(tokens, index);
    if (back) {
      result.push({ kind: "offset", days: -back.days, text: token.text, start: token.start, end: tokens[back.last]?.end ?? token.end });
      index = back.last;
      continue;
    }
    const known =
      pair("aujourd", "hui", "aujourdhui") ||
      pair("week", "end", "weekend") ||
      pair("week", "ends", "weekend") ||
      pair("apres", "midi", "apresmidi") ||
      pair("after", "noon", "apresmidi") ||
      pair("demi", "heure", "demiheure") ||
      pair("avant", "derniere", "avantderniere") ||
      pair("avant", "hier", "avanthier") ||
      pair("avants", "hier", "avanthier") ||
      pair("avant", "veille", "avanthier") ||
      pair("apres", "demain", "apresdemain") ||
      pair("mid", "night", "midnight");
    if (!known) result.push(/^(avanthier|avanthiers)$/.test(token.text) ? { ...token, text: "avanthier" } : token);
  }
  return result;
}

/** "avant-avant-hier" and further: how many days ago, and its last token. */
function longBefore(tokens: readonly Token[], index: number): { days: number; last: number } | undefined {
  let [at, count] = [index, 0];
  while (tokens[at]?.text === "avant") {
    count += 1;
    at += tokens[at + 1]?.kind === "hyphen" ? 2 : 1;
  }
  return count >= 2 && tokens[at]?.text === "hier" ? { days: count + 1, last: at } : undefined;
}

/** "vingt quatre", "twenty four": the longest number that is said in several words. */
function spokenCompound(tokens: readonly Token[], index: number): { token: Token; last: number } | undefined {
  const first = tokens[index];
  if (first?.kind !== "word" || !opensCompound.has(first.text)) return undefined;
  for (let count = compoundWords; count > 1; count--) {
    const parts = tokens.slice(index, index + count);
    const last = parts.at(-1);
    const value = parts.every(({ kind }) => kind === "word") ? compoundNumber(parts.map(({ text }) => text).join("-")) : undefined;
    if (value === undefined || !last || parts.length < count) continue;
    return {
      token: { kind: "number", text: String(value), value, ordinal: false, start: first.start, end: last.end },
      last: index + count - 1,
    };
  }
  return undefined;
}

export const spokenNumber = (token: Token | undefined): number | undefined =>
  token?.kind === "number" && !token.ordinal ? token.value : token?.kind === "word" ? numberNamed(token.text) : undefined;
