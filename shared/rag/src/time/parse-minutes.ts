import { type Read, phrase, wordAt } from "./token-reader.js";
import { type ClockTime, type Token, spokenNumber } from "./tokenize.js";

type Tokens = readonly Token[];
const hourMinutes = 60;

const shifted = (clock: ClockTime, minutes: number): ClockTime => {
  const total = (((clock.hour * hourMinutes + minutes) % 1_440) + 1_440) % 1_440;
  return { hour: Math.floor(total / hourMinutes), minute: total % hourMinutes, exact: true };
};

/** The minutes that are said behind a full hour: `8 heures 30`, `huit heures trente`, `et quart`, `et demie`, `moins le quart`, `moins dix`. */
export function minutesBehind(tokens: Tokens, next: number, clock: ClockTime): Read<ClockTime> {
  if (!/^(et|moins)$/.test(wordAt(tokens, next))) return { value: clock, next };
  const quarter = phrase(tokens, next, "et quart");
  if (quarter !== undefined) return { value: shifted(clock, 15), next: quarter };
  const half = phrase(tokens, next, "et demie", "et demi");
  if (half !== undefined) return { value: shifted(clock, 30), next: half };
  const less = phrase(tokens, next, "moins le quart", "moins quart", "moins un quart");
  if (less !== undefined) return { value: shifted(clock, -15), next: less };
  const fewer = wordAt(tokens, next) === "moins" ? spokenNumber(tokens[next + 1]) : undefined;
  if (fewer !== undefined && fewer % 5 === 0 && fewer < hourMinutes / 2) return { value: shifted(clock, -fewer), next: next + 2 };
  return { value: clock, next };
}

const parts: readonly (readonly [minutes: number, phrases: readonly string[]])[] = [
  [30, ["half past", "half after"]],
  [15, ["quarter past", "a quarter past", "quarter after", "a quarter after"]],
  [-15, ["quarter to", "a quarter to", "quarter of"]],
];

const openers = new Set(["half", "quarter", "a"]);

/** `half past`, `quarter to`, `ten past`, `twenty to`: the minutes that are said before the hour in English. */
export function minutesBefore(tokens: Tokens, index: number): Read<number> | undefined {
  const word = wordAt(tokens, index);
  if (word === "" || !(openers.has(word) || wordAt(tokens, index + 1) === "past")) return undefined;
  for (const [value, phrases] of parts) {
    const next = phrase(tokens, index, ...phrases);
    if (next !== undefined) return { value, next };
  }
  const count = spokenNumber(tokens[index]);
  const joiner = wordAt(tokens, index + 1);
  if (count === undefined || count % 5 !== 0 || count >= hourMinutes / 2 || tokens[index]?.kind !== "word") return undefined;
  return joiner === "past" ? { value: count, next: index + 2 } : undefined;
}

export const addMinutes = shifted;
