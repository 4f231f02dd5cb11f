import { type Read, phrase, skip, wordAt, words } from "./token-reader.js";
import { type Token, spokenNumber } from "./tokenize.js";
import { type Unit, numberNamed, unitOf } from "./vocabulary.js";

type Tokens = readonly Token[];
export type Amount = { readonly count: number; readonly unit: Unit };

/** "une dizaine de jours", "a dozen hours", and how many days such a word is by itself. */
const rough = new Map<string, readonly [count: number, days?: number]>([
  ["huitaine", [8, 8]],
  ["dizaine", [10]],
  ["douzaine", [12]],
  ["dozen", [12]],
  ["quinzaine", [15, 15]],
  ["vingtaine", [20]],
  ["trentaine", [30]],
  ["fortnight", [14, 14]],
]);
const parts: readonly (readonly [minutes: number, phrases: readonly string[]])[] = [
  [30, ["une demiheure", "demiheure", "half an hour", "half hour", "half a hour"]],
  [45, ["trois quarts d heure", "three quarters of an hour"]],
  [15, ["un quart d heure", "quart d heure", "a quarter of an hour", "quarter of an hour", "quarter hour"]],
];
const partWords = new Set(parts.flatMap(([, phrases]) => phrases.map((text) => text.split(" ")[0])));
const halves = [["et demie", "et demi", "and a half"], ["et quart"]] as const;

/** A count of units: `3 jours`, `24h`, `deux semaines`, `une heure et demie`, `2.5 hours`, `half an hour`, `une dizaine de jours`. */
export function amount(tokens: Tokens, index: number): Read<Amount> | undefined {
  const token = tokens[index];
  if (!token || token.kind === "hyphen") return undefined;
  for (const [minutes, phrases] of partWords.has(token.text) ? parts : []) {
    const next = phrase(tokens, index, ...phrases);
    if (next !== undefined) return { value: { count: minutes, unit: "minutes" }, next };
  }
  if (token?.kind === "clock" && token.bare && token.half === undefined && token.text.endsWith("h"))
    return andHalf(tokens, index + 1, token.clock.hour, "hours");
  // "les 2h30 dernières"
  if (token?.kind === "clock" && token.text.includes("h") && token.clock.exact && /^(derniere|passe)$/.test(wordAt(tokens, index + 1)))
    return { value: { count: token.clock.hour * 60 + token.clock.minute, unit: "minutes" }, next: index + 1 };
  const collective = roughAmount(tokens, index);
  if (collective) return collective;
  if (token.kind === "word" && !startsAmount(token.text)) return undefined;
  const couple = phrase(tokens, index, "a couple of", "couple of", "couple");
  const half = tokens[index + 1];
  if (half?.kind === "date" && half.text === "1/2" && token?.kind === "number") return fraction(tokens, index + 2, token.value + 0.5);
  const decimal = token?.kind === "opaque" ? /^(\d{1,3})[.,](\d{1,2})$/.exec(token.text) : null;
  if (decimal) return fraction(tokens, index + 1, Number(`${decimal[1]}.${decimal[2]}`));
  const count = couple === undefined ? spokenNumber(token) : 2;
  const at = couple ?? index + 1;
  // "two and a half hours"
  const before = phrase(tokens, at, ...halves[0]);
  if (before !== undefined && count !== undefined) return fraction(tokens, before, count + 0.5);
  const unit = unitOf(wordAt(tokens, at));
  return count === undefined || unit === undefined ? undefined : andHalf(tokens, at + 1, count, unit);
}

/** What stands behind the unit: "une heure et demie", "2 jours et demi". */
export function andHalf(tokens: Tokens, next: number, count: number, unit: Unit): Read<Amount> {
  const half = phrase(tokens, next, ...halves[0]);
  const quarter = unit === "hours" ? phrase(tokens, next, ...halves[1]) : undefined;
  const more = half === undefined ? (quarter === undefined ? 0 : 0.25) : 0.5;
  return (more === 0 ? undefined : whole(count + more, unit, half ?? quarter ?? next)) ?? { value: { count, unit }, next };
}

const startsAmount = (word: string): boolean => word === "couple" || numberNamed(word) !== undefined;

const fraction = (tokens: Tokens, index: number, count: number): Read<Amount> | undefined => {
  const unit = unitOf(wordAt(tokens, index));
  return unit && whole(count, unit, index + 1);
};

const smaller: Partial<Record<Unit, readonly [size: number, unit: Unit]>> = {
  hours: [60, "minutes"],
  days: [24, "hours"],
  years: [12, "months"],
};

/** A broken count in the next smaller unit, where there is one of fixed size. */
function whole(count: number, unit: Unit, next: number): Read<Amount> | undefined {
  if (Number.isInteger(count)) return { value: { count, unit }, next };
  const [size, into] = smaller[unit] ?? [];
  const counted = size === undefined ? undefined : Math.round(count * size);
  return counted === undefined || into === undefined ? undefined : { value: { count: counted, unit: into }, next };
}

const determiners = words("une un a one la the");

function roughAmount(tokens: Tokens, index: number): Read<Amount> | undefined {
  const at = skip(tokens, index, determiners, 1);
  const [count, days] = rough.get(wordAt(tokens, at)) ?? [];
  if (count === undefined) return undefined;
  const unitAt = skip(tokens, at + 1, words("de d"), 1);
  const unit = unitOf(wordAt(tokens, unitAt));
  if (unit !== undefined) return { value: { count, unit }, next: unitAt + 1 };
  return days === undefined ? undefined : { value: { count: days, unit: "days" }, next: at + 1 };
}
