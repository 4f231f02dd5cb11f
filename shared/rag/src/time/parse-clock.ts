import { addMinutes, minutesBefore, minutesBehind } from "./parse-minutes.js";
import type { DayPart, TimeRef } from "./time-ref.js";
import { phrase, skip, wordAt, words, type Read } from "./token-reader.js";
import { type ClockTime, type Token, spokenNumber } from "./tokenize.js";
import { monthOf, unitOf } from "./vocabulary.js";

type Tokens = readonly Token[];
const valid = ({ hour, minute }: ClockTime): boolean => (hour < 24 && minute < 60) || (hour === 24 && minute === 0);

/** A clock reading that is still without "am" or "heures": only the other end of a range can show that it is one. */
export type ClockEnd = { readonly clock: ClockTime; readonly half: "am" | "pm" | undefined; readonly sure: boolean };

const toHalf = (clock: ClockTime, half: "am" | "pm" | undefined): ClockTime =>
  half === undefined || clock.hour > 12 ? clock : { ...clock, hour: (clock.hour % 12) + (half === "pm" ? 12 : 0) };

/** `8h`, `8h30`, `08:30`, `8 heures 30`, `8 h`, `8 am`, `8 o'clock`, `midi`, `minuit`, `8h du soir`, and a bare 8 as an unsure one. */
export function parseClockEnd(tokens: Tokens, index: number): Read<ClockEnd> | undefined {
  const token = tokens[index];
  const name = wordAt(tokens, index);
  if (name === "midi" || name === "noon" || name === "midday") return named(tokens, index, 12);
  if (name === "minuit" || name === "midnight") return named(tokens, index, 0);
  const past = minutesBefore(tokens, index);
  const hour = past && parseClockEnd(tokens, past.next);
  if (past && hour) return { value: { ...hour.value, clock: addMinutes(hour.value.clock, past.value), sure: true }, next: hour.next };
  if (token?.kind === "clock") {
    const following = tokens[index + 1];
    const split = token.bare && token.text.endsWith("h") && following?.kind === "number" && /^\d{2}$/.test(following.text);
    if (split) return withHalf(tokens, index + 2, { ...token.clock, minute: following.value, exact: true }, token.half, true);
    const minutes = token.bare && token.half === undefined ? minutesBehind(tokens, index + 1, token.clock) : undefined;
    return withHalf(tokens, minutes?.next ?? index + 1, minutes?.value ?? token.clock, token.half, true);
  }
  const value = spokenNumber(token);
  if (value === undefined) return undefined;
  const spoken = wordAt(tokens, index + 1);
  const clock = { hour: value, minute: 0, exact: false };
  if (unitOf(spoken) === "hours" && !/^hours?|hrs?$/.test(spoken)) {
    const minutes = spokenMinutes(tokens[index + 2]);
    if (minutes !== undefined) return withHalf(tokens, index + 3, { ...clock, minute: minutes, exact: true }, undefined, true);
    const behind = minutesBehind(tokens, index + 2, clock);
    return withHalf(tokens, behind.next, behind.value, undefined, true);
  }
  if (/^(a|an|un|une)$/.test(token?.text ?? "")) return undefined;
  if (spoken === "oclock") return withHalf(tokens, index + 2, clock, undefined, true);
  return withHalf(tokens, index + 1, clock, undefined, false);
}

/** "midi et demi", "minuit moins le quart" */
function named(tokens: Tokens, index: number, hour: number): Read<ClockEnd> {
  const { value, next } = minutesBehind(tokens, index + 1, { hour, minute: 0, exact: false });
  return sure(value, next);
}

/** Two digits, or a number in words: "8 heures 05", "huit heures trente". */
const spokenMinutes = (token: Token | undefined): number | undefined => {
  const value = token?.kind === "number" && !/^\d{2}$/.test(token.text) ? undefined : spokenNumber(token);
  return value !== undefined && value < 60 && (token?.kind === "number" || value >= 5) ? value : undefined;
};

const sure = (clock: ClockTime, next: number): Read<ClockEnd> => ({ value: { clock, half: undefined, sure: true }, next });

function withHalf(
  tokens: Tokens,
  next: number,
  clock: ClockTime,
  half: "am" | "pm" | undefined,
  isSure: boolean,
): Read<ClockEnd> | undefined {
  const forms = [
    ["am", "am", "a m", "du matin", "in the matin", "de la matin"],
    ["pm", "pm", "p m", "du soir", "de l apresmidi", "in the apresmidi", "in the soir", "at nuit"],
  ] as const;
  let [found, after, known] = [half, next, isSure || half !== undefined];
  for (const [name, ...texts] of forms) {
    const end = half === undefined && clock.hour <= 12 ? phrase(tokens, next, ...texts) : undefined;
    if (end === undefined) continue;
    [found, after, known] = [name, end, true];
  }
  return valid(clock) ? { value: { clock: toHalf(clock, found), half: found, sure: known }, next: after } : undefined;
}

const joiners = words("a to au until till jusqu et and");

/** `entre 2h et 6h`, `de 22h à 6h`, `8h-10h`, `between 2 and 6 am`, `from 10pm to 6am`, `midi et deux`. */
export function parseClockRange(tokens: Tokens, index: number): Read<TimeRef> | undefined {
  const opener = wordAt(tokens, index);
  const between = opener === "entre" || opener === "between";
  const from = opener === "de" || opener === "from" || opener === "des";
  const start = between || from ? skip(tokens, index + 1, words("les le the"), 1) : index;
  const first = parseClockEnd(tokens, start);
  if (!first) return undefined;
  const hyphen = tokens[first.next]?.kind === "hyphen";
  const joiner = wordAt(tokens, first.next);
  const fits =
    hyphen ||
    (between ? joiner === "et" || joiner === "and" || joiner === "a" : joiners.has(joiner) && joiner !== "et" && joiner !== "and");
  if (!fits) return undefined;
  const second = lunchEnd(tokens, first) ?? parseClockEnd(tokens, skip(tokens, first.next + 1, words("a les le the"), 2));
  if (!second) return undefined;
  const [a, b] = [first.value, second.value];
  if (!a.sure && !b.sure) return undefined;
  if (!b.sure && monthOf(wordAt(tokens, second.next)) !== undefined) return undefined; // "22h - 4 novembre"
  if (!between && !from && !hyphen && !(a.sure && b.sure)) return undefined;
  // "between 2 and 6 pm": the half of the day belongs to both, unless that turns the range round.
  const shared = a.half === undefined && !a.sure && b.half !== undefined ? toHalf(a.clock, b.half) : a.clock;
  const start24 = shared.hour > b.clock.hour && a.half === undefined && !a.sure && b.half !== undefined ? a.clock : shared;
  return { value: { kind: "range", from: start24, to: b.clock }, next: second.next };
}

/** "entre midi et deux" is until 14:00. */
function lunchEnd(tokens: Tokens, first: Read<ClockEnd>): Read<ClockEnd> | undefined {
  const noon = first.value.clock.hour === 12 && wordAt(tokens, first.next - 1) === "midi";
  return noon && wordAt(tokens, first.next + 1) === "deux" ? sure({ hour: 14, minute: 0, exact: false }, first.next + 2) : undefined;
}

const parts = new Map<string, DayPart>(
  Object.entries<DayPart>({
    matin: "morning",
    apresmidi: "afternoon",
    soir: "evening",
    nuit: "night",
    midi: "noon",
    noon: "noon",
    minuit: "midnight",
    midnight: "midnight",
  }),
);
export const dayPartAt = (tokens: Tokens, index: number): DayPart | undefined => parts.get(wordAt(tokens, index));

const around = words("vers around about circa approximately environ autour alentours alentour");
const before = words("avant before until till jusqu jusque");
const after = words("apres after depuis since");

/** A time of the day as it stands after a day: `à 8h`, `vers 14h`, `entre 2h et 6h`, `avant 8h`, `au soir`, `dans la matinée`. */
export function parseTimeOfDay(tokens: Tokens, index: number): Read<TimeRef> | undefined {
  const range = parseClockRange(tokens, index);
  if (range) return range;
  const word = wordAt(tokens, index);
  const bound = before.has(word)
    ? { kind: "before" as const, next: skip(tokens, index + 1, words("a au"), 1) }
    : after.has(word)
      ? { kind: "after" as const, next: index + 1 }
      : fromPhrase(tokens, index);
  if (bound) {
    const end = parseClockEnd(tokens, bound.next);
    return end?.value.sure ? { value: { kind: bound.kind, clock: end.value.clock }, next: end.next } : undefined;
  }
  const start = skip(tokens, index, words("a at au aux dans en in the le la l de du d pendant during par on"), 3);
  const about = around.has(wordAt(tokens, start));
  const at = about ? skip(tokens, start + 1, words("de les d l"), 2) : start;
  const part = dayPartAt(tokens, at);
  const isClock = (part === "noon" || part === "midnight") && (about || /^(a|at)$/.test(wordAt(tokens, at - 1)));
  // "midi et demi" is a reading of the clock whatever stands before it.
  const precise = (part === "noon" || part === "midnight") && (parseClockEnd(tokens, at)?.next ?? 0) > at + 1;
  if (part && !isClock && !precise) return { value: { kind: "part", part }, next: at + 1 };
  const end = parseClockEnd(tokens, at);
  if (!end) return undefined;
  // "duré 3 heures" and "3h" say how long; "à 3 heures" says when.
  const isLength = spokenNumber(tokens[at]) !== undefined && end.value.half === undefined && wordAt(tokens, at + 1) !== "oclock";
  const marked = precise || about || /^(a|at)$/.test(wordAt(tokens, at - 1)) || !isLength;
  return marked && end.value.sure ? { value: { kind: "clock", clock: end.value.clock, around: about }, next: end.next } : undefined;
}

function fromPhrase(tokens: Tokens, index: number): { kind: "after"; next: number } | undefined {
  const next = phrase(tokens, index, "a partir de", "a compter de", "starting at", "from");
  return next === undefined ? undefined : { kind: "after", next };
}
