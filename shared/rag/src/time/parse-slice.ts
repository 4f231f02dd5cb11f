import type { Slice } from "./time-ref.js";
import { type Read, phrase, skip, wordAt, words } from "./token-reader.js";
import { type Token, spokenNumber } from "./tokenize.js";
import { ordinalNamed, unitOf } from "./vocabulary.js";

type Tokens = readonly Token[];
const sliceWords = new Map<string, Slice>(
  Object.entries<Slice>({
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
  }),
);
/** Days of a slice that is counted from an end. */
const sliceDays = new Map(Object.entries({ semaine: 7, week: 7, quinzaine: 15, fortnight: 15, moitie: 15, half: 15 }));

/** `début`, `fin de`, `mi-`, `end of`, `la première semaine de`, `seconde quinzaine`: which part of what follows. */
export function parseSlice(tokens: Tokens, index: number): Read<Slice> | undefined {
  const start = skip(
    tokens,
    index,
    words("le la les the au aux a en in at l du des de d of sur over during pendant durant dans for pour"),
    3,
  );
  const hyphen = (next: number) => (tokens[next]?.kind === "hyphen" ? next + 1 : next);
  const slice = sliceWords.get(wordAt(tokens, start));
  if (slice) return { value: slice, next: hyphen(start + 1) };
  const counted = firstDays(tokens, start);
  if (counted) return counted;
  const token = tokens[start];
  const isLast = wordAt(tokens, start) === "derniere" || wordAt(tokens, start) === "last";
  const nth = isLast ? -1 : token?.kind === "number" && token.ordinal ? token.value : ordinalNamed(wordAt(tokens, start));
  const days = sliceDays.get(wordAt(tokens, start + 1));
  const joined = /^(de|d|du|of)$/.test(wordAt(tokens, start + 2));
  if (nth === undefined || days === undefined || !joined || nth > 5) return undefined;
  // The last half of a month is its second one.
  return { value: { days, nth: nth < 0 && days === 15 ? 2 : nth }, next: start + 2 };
}

/** `les 3 premiers jours de`, `the first 10 days of`, `les 5 derniers jours d'`: of a month that follows. */
function firstDays(tokens: Tokens, index: number): Read<Slice> | undefined {
  const one = phrase(tokens, index, "premier jour", "first day", "derniere jour", "last day");
  if (one !== undefined && /^(de|d|du|of)$/.test(wordAt(tokens, one)))
    return { value: { days: 1, nth: /^(premier|first)$/.test(wordAt(tokens, index)) ? 1 : -1 }, next: one };
  const isNumber = spokenNumber(tokens[index]) !== undefined;
  const count = spokenNumber(tokens[isNumber ? index : index + 1]);
  const order = wordAt(tokens, isNumber ? index + 1 : index);
  const first = /^(premiers?|premieres?|first)$/.test(order);
  const last = /^(derniere|last)$/.test(order);
  const unit = unitOf(wordAt(tokens, index + 2));
  if (count === undefined || (!first && !last) || (unit !== "days" && unit !== "weeks")) return undefined;
  const days = unit === "weeks" ? count * 7 : count;
  return /^(de|d|du|of)$/.test(wordAt(tokens, index + 3)) ? { value: { days, nth: first ? 1 : -1 }, next: index + 3 } : undefined;
}
