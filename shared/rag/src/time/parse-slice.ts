import type { Slice } from "./time-ref.js";
import { type Read, skip, wordAt, words } from "./token-reader.js";
import { type Token, spokenNumber } from "./tokenize.js";
import { ordinalNamed, unitOf } from "./vocabulary.js";

type Tokens = readonly Token[];
const sliceWords: Readonly<Record<string, Slice>> = {
  debut: "early",
  beginning: "early",
  start: "early",
  early: "early",
  milieu: "middle",
  mi: "middle",
  mid: "middle",
  middle: "middle",
  fin: "late",
  end: "late",
  late: "late",
};

/** `début`, `fin de`, `mi-`, `end of`, `la première semaine de`, `seconde quinzaine`: which part of what follows. */
export function parseSlice(tokens: Tokens, index: number): Read<Slice> | undefined {
  const start = skip(tokens, index, words("le la les the au a en in at l du"), 2);
  const hyphen = (next: number) => (tokens[next]?.kind === "hyphen" ? next + 1 : next);
  const slice = sliceWords[wordAt(tokens, start)];
  if (slice) return { value: slice, next: hyphen(start + 1) };
  const counted = firstDays(tokens, start);
  if (counted) return counted;
  const token = tokens[start];
  const isLast = wordAt(tokens, start) === "derniere" || wordAt(tokens, start) === "last";
  const nth = isLast ? -1 : token?.kind === "number" && token.ordinal ? token.value : ordinalNamed(wordAt(tokens, start));
  const days = { semaine: 7, week: 7, quinzaine: 15, fortnight: 15, moitie: 15, half: 15 }[wordAt(tokens, start + 1)];
  const joined = /^(de|d|du|of)$/.test(wordAt(tokens, start + 2));
  return nth !== undefined && days !== undefined && joined && nth <= 5 ? { value: { days, nth }, next: start + 2 } : undefined;
}

/** `les 3 premiers jours de`, `the first 10 days of`, `les 5 derniers jours d'`: of a month that follows. */
function firstDays(tokens: Tokens, index: number): Read<Slice> | undefined {
  const isNumber = tokens[index]?.kind === "number";
  const count = spokenNumber(tokens[isNumber ? index : index + 1]);
  const order = wordAt(tokens, isNumber ? index + 1 : index);
  const first = /^(premiers?|premieres?|first)$/.test(order);
  const last = /^(derniere|last)$/.test(order);
  if (count === undefined || (!first && !last) || unitOf(wordAt(tokens, index + 2)) !== "days") return undefined;
  return /^(de|d|du|of)$/.test(wordAt(tokens, index + 3)) ? { value: { days: count, nth: first ? 1 : -1 }, next: index + 3 } : undefined;
}
