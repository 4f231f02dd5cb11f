import type { DayLike } from "./time-ref.js";
import { type Read, phrase, skip, wordAt, words } from "./token-reader.js";
import type { Token } from "./tokenize.js";
import { isUncertainMonth, monthOf, numberNamed, unitOf, weekdayNamed } from "./vocabulary.js";
import { type LocalClock, addMonths, partsOf } from "./wall-time.js";

type Tokens = readonly Token[];
const yearMin = 1970;

const yearMax = 2099;

/** `12/11/2026`, `2026-11-12`, `le 12/11`; day before month. What says little by itself needs a word about time before it. */
export function dateToken(tokens: Tokens, index: number, marked: boolean): Read<DayLike> | undefined {
  const token = tokens[index];
  if (token?.kind !== "date" || token.day === undefined || isVersion(tokens, index) || (token.weak && !marked && !plausible(tokens, index)))
    return undefined;
  // "3.11" is a version, "le 14.07" a day.
  if (
    token.weak &&
    token.text.includes(".") &&
    !/^(le|du|au|on)$/.test(wordAt(tokens, index - 1)) &&
    weekdayNamed(wordAt(tokens, index - 1)) === undefined
  )
    return undefined;
  const { day, month, year } = token;
  return { value: { kind: "date", day, month, ...(year !== undefined && { year }) }, next: index + 1 };
}

/** "version 2.11.2026" */
export const isVersion = (tokens: Tokens, index: number): boolean => /^(version|v|release|tag|build)$/.test(wordAt(tokens, index - 1));

const fractionAfter = words("des de du of the");

const numbered = words(
  "job jobs ratio run build pipeline step etape page version lot batch score part partie numero no phase chunk worker shard attempt essai tentative retry retries attempts tries steps pages parts etapes parties essais tentatives shards workers",
);

/** 24/7 is an idiom and "3/4 des runs" a fraction. */
function plausible(tokens: Tokens, index: number): boolean {
  const token = tokens[index];
  return (
    token?.kind === "date" &&
    token.text.includes("/") &&
    !numbered.has(wordAt(tokens, index - 1)) &&
    token.text !== "24/7" &&
    !(token.day! < token.month && fractionAfter.has(wordAt(tokens, index + 1)))
  );
}

/** A year that follows a month: `2025`, `, 2025`, `de 2025`, `de l'année dernière`. */
export function yearAt(tokens: Tokens, index: number): Read<number> | undefined {
  const start = tokens[index]?.kind === "hyphen" ? index + 1 : skip(tokens, index, words("de of en in"), 1);
  const token = tokens[start];
  return token?.kind === "number" && !token.ordinal && token.text.length === 4 && token.value >= yearMin && token.value <= yearMax
    ? { value: token.value, next: start + 1 }
    : undefined;
}

function relativeYear(tokens: Tokens, index: number): Read<number> | undefined {
  const start = skip(tokens, index, words("de l d of the"), 2);
  const last = phrase(tokens, start, "annee derniere", "an derniere", "annee passe", "last year", "annee precedent");
  if (last !== undefined) return { value: -1, next: last };
  const current = phrase(tokens, start, "cette annee", "this year");
  return current === undefined ? undefined : { value: 0, next: current };
}

export function dayNumber(tokens: Tokens, index: number): number | undefined {
  const token = tokens[index];
  if (token?.kind === "number" && token.value < 10_000) return token.value;
  return wordAt(tokens, index) === "premier" || wordAt(tokens, index) === "first" ? 1 : undefined;
}

/** The eleven of "le onze novembre"; "un mars" and "a May" are none, and "sept" is a month as well. */
function dayInWords(tokens: Tokens, index: number): number | undefined {
  const word = wordAt(tokens, index);
  const value = monthOf(wordAt(tokens, index + 1)) === undefined || monthOf(word) !== undefined ? undefined : numberNamed(word);
  return value !== undefined && value > 1 && value <= 31 ? value : undefined;
}

/** `12 novembre (2026)`, `November 12th, 2026`, `12th of November`, `1er mai`. */
export function monthDate(tokens: Tokens, index: number): Read<DayLike> | undefined {
  const day = dayNumber(tokens, index) ?? dayInWords(tokens, index);
  if (day !== undefined && day < 100) {
    const at = skip(tokens, tokens[index + 1]?.kind === "hyphen" ? index + 2 : index + 1, words("of de d the"), 2);
    const month = monthOf(wordAt(tokens, at));
    if (month !== undefined) return withYear(tokens, at + 1, day, month);
  }
  const month = monthOf(wordAt(tokens, index));
  if (month === undefined || wordAt(tokens, index) === "") return undefined;
  const at = skip(tokens, index + 1, words("the"), 1);
  const second = tokens[at];
  if (second?.kind !== "number" || second.value > 99 || isCount(tokens, at + 1)) return undefined;
  return withYear(tokens, at + 1, second.value, month);
}

function withYear(tokens: Tokens, next: number, day: number, month: number): Read<DayLike> {
  const year = yearAt(tokens, next);
  if (year) return { value: { kind: "date", day, month, year: year.value }, next: year.next };
  return { value: { kind: "date", day, month }, next };
}

/** Days that have a name every year. */
const holidays: readonly (readonly [month: number, day: number, phrases: readonly string[]])[] = [
  [12, 25, ["noel", "christmas day", "christmas", "xmas", "jour de noel"]],
  [12, 24, ["veille de noel", "reveillon de noel", "christmas eve"]],
  [12, 31, ["saint sylvestre", "reveillon du nouvel an", "new years eve", "new year eve", "veille du nouvel an"]],
  [1, 1, ["jour de l an", "nouvel an", "new years day", "new year day", "new years", "new year"]],
  [11, 1, ["toussaint"]],
  [11, 11, ["armistice"]],
];

export function holiday(tokens: Tokens, index: number): Read<DayLike> | undefined {
  for (const [month, day, phrases] of holidays) {
    const next = phrase(tokens, index, ...phrases);
    if (next !== undefined) return withYear(tokens, next, day, month);
  }
  return undefined;
}

const countable = words(
  "premier derniere pires plus moins top most worst first last derniers slowest longest principaux principales meilleurs meilleures",
);

/** A number that counts something, as in "les 12 pipelines" or "the 5 last runs". */
export function isCount(tokens: Tokens, next: number): boolean {
  const word = wordAt(tokens, next);
  const token = tokens[next];
  return (
    unitOf(word) !== undefined || countable.has(word) || token?.kind === "opaque" || (token?.kind === "number" && token.text.length !== 4)
  );
}

export const afterDay = words(
  "et and au to a jusqu until till through entre ou or dans vers around at pour sur de du of en y dernier qui que qu which what combien how quels quelles quel quelle pourquoi why did est ont ai y il avant apres before after matin soir apresmidi nuit ce cette in by par s inclus compris included only seulement uniquement svp stp please",
);

/** False for a noun that the number would count. */
export const canFollowDay = (tokens: Tokens, index: number): boolean =>
  tokens[index]?.kind !== "word" || afterDay.has(wordAt(tokens, index));

/** A year said by its relation to now belongs to the date before it: "le 12 novembre de l'année dernière". */
export function withRelativeYear(tokens: Tokens, read: Read<DayLike>, clock: LocalClock): Read<DayLike> {
  if (read.value.kind !== "date" || read.value.month === undefined || read.value.year !== undefined) return read;
  const relative = relativeYear(tokens, read.next);
  if (!relative) return read;
  return { value: { ...read.value, year: partsOf(addMonths(clock.today, 12 * relative.value)).year }, next: relative.next };
}

/** A bare month is one only where it cannot be another word: "may" and "mars" need a preposition. */
export const isSureMonth = (tokens: Tokens, index: number, marked: boolean): boolean =>
  monthOf(wordAt(tokens, index)) !== undefined &&
  (marked ||
    tokens.length === 1 ||
    (tokens[index + 1]?.kind === "hyphen" && monthOf(wordAt(tokens, index + 2)) !== undefined) ||
    !isUncertainMonth(wordAt(tokens, index)));
