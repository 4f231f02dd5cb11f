import { bareDay, bareEnd } from "./bare-number.js";
import { parseClockEnd } from "./parse-clock.js";
import { parseRef } from "./parse-period.js";
import { atNoon } from "./parse-range.js";
import { type TimeExpression, asSpan, instantOf, isDay } from "./time-expression.js";
import { type Bound, type Ref, clockMs, spanOf } from "./time-ref.js";
import { type Read, phrase, skip, wordAt, words } from "./token-reader.js";
import type { Token } from "./tokenize.js";
import { type LocalClock, dayMs } from "./wall-time.js";

type Tokens = readonly Token[];
const sinceWords = words("depuis since");

const closed = new Set<string>(["yesterday", "dayBefore", "night", "weekend", "lastWeek", "lastMonth", "lastQuarter", "lastYear"]);

/** `depuis lundi`, `since Nov 3`, `à partir du 12`, `après le 12`, `after 8am`, `from Monday on`. */
export function since(tokens: Tokens, index: number, clock: LocalClock): Read<TimeExpression> | undefined {
  const word = wordAt(tokens, index);
  const inclusive =
    phrase(
      tokens,
      index,
      "a partir de",
      "a partir du",
      "a partir d",
      "a compter de",
      "a compter du",
      "starting from",
      "starting on",
      "starting",
      "des le",
      "as of",
    ) ?? (sinceWords.has(word) || (word === "from" && tokens.length > index + 1) ? index + 1 : undefined);
  const exclusive = word === "apres" || word === "after" ? index + 1 : undefined;
  const start = inclusive ?? exclusive;
  if (start === undefined) return undefined;
  const opener = skip(tokens, start, words("jusqu que"), 0);
  const clockFirst = parseClockEnd(tokens, skip(tokens, opener, words("a at"), 1));
  const ref = parseRef(tokens, opener, clock) ?? articled(tokens, opener);
  const sureClock = clockFirst?.value.sure ? clockFirst : undefined;
  if (sureClock && sureClock.next >= (ref?.next ?? 0)) {
    const at = clock.today + clockMs(sureClock.value.clock);
    return asSpan({ from: at <= clock.wall ? at : at - dayMs, to: clock.now, name: "since" }, sureClock.next);
  }
  if (!ref || hasRange(ref.value)) return undefined;
  const span = spanOf(exclusive === undefined ? ref.value : afterNoon(ref.value), clock);
  if (!span) return asSpan(undefined, ref.next);
  // "errors from yesterday", "failures from last week": of it, and not since.
  const isWhole =
    word === "from" && typeof span.name === "string" && closed.has(span.name) && !/^on(wards?)?$/.test(wordAt(tokens, ref.next));
  if (isWhole && !(isDay(ref.value) && ref.value.time)) return { value: { kind: "ref", ref: ref.value }, next: ref.next };
  const atClock =
    (isDay(ref.value) && (ref.value.time?.kind === "clock" || isNoon(ref.value))) ||
    (ref.value.kind === "time" && ref.value.time.kind === "clock");
  const from = exclusive !== undefined && !atClock ? (span.whole ?? span.to) : span.from;
  const on = word === "from" && wordAt(tokens, ref.next) === "on" ? 1 : 0;
  const onwards = word === "from" && /^onwards?$/.test(wordAt(tokens, ref.next)) ? 1 : on;
  if (from === undefined) return asSpan(undefined, ref.next);
  const ahead = instantOf(from, clock) >= clock.now.getTime();
  return asSpan({ from, to: ahead ? laterOf(span.to, from, clock) : clock.now, name: "since" }, ref.next + onwards);
}

/** "après lundi midi" begins at 12:00, "jusqu'à hier midi" ends then. */
const isNoon = (ref: Ref): boolean => "time" in ref && ref.time?.kind === "part" && ref.time.part === "noon";
const afterNoon = (ref: Ref): Ref => (isNoon(ref) ? atNoon(ref) : ref);

const hasRange = (ref: Ref): boolean => "time" in ref && ref.time !== undefined && ref.time.kind !== "clock" && ref.time.kind !== "part";

/** Where what is to come ends: with its period, else after a day. */
const laterOf = (a: Bound, b: Bound, clock: LocalClock): Bound => (instantOf(a, clock) > instantOf(b, clock) ? a : dayAfter(b));

const dayAfter = (bound: Bound): Bound => (typeof bound === "number" ? bound + dayMs : new Date(bound.getTime() + dayMs));

/** A day of the month behind "du" or "le" that was taken with the preposition. */
function articled(tokens: Tokens, index: number): Read<Ref> | undefined {
  const before = wordAt(tokens, index - 1);
  return before === "du" || before === "le" ? bareDay(tokens, index) : undefined;
}

/** `avant lundi`, `before 8am`, `jusqu'au 12`, `until yesterday`. Until holds the period it names, before does not. */
export function before(tokens: Tokens, index: number, clock: LocalClock): Read<TimeExpression> | undefined {
  const word = wordAt(tokens, index);
  const until = phrase(tokens, index, "jusqu au", "jusqu a", "jusqu en", "jusqu", "jusque", "up to", "until", "till", "through");
  const by = word === "by" ? byEnd(tokens, index + 1) : undefined;
  const start = word === "avant" || word === "before" ? index + 1 : (until ?? by ?? phrase(tokens, index, "prior to"));
  if (start === undefined) return undefined;
  const clockFirst = parseClockEnd(tokens, start);
  const ref =
    parseRef(tokens, start, clock) ??
    (until !== undefined && wordAt(tokens, start - 1) === "au" ? bareDay(tokens, start) : undefined) ??
    markedYear(tokens, start);
  if (clockFirst?.value.sure && clockFirst.next >= (ref?.next ?? 0)) {
    return asSpan({ from: clock.today, to: clock.today + clockMs(clockFirst.value.clock), name: "span" }, clockFirst.next);
  }
  if (!ref) return undefined;
  const value = (until ?? by) === undefined ? ref.value : atNoon(ref.value);
  const span = spanOf(value, clock);
  if (!span || span.from === undefined) return asSpan(undefined, ref.next);
  const atClock = isDay(value) && value.time?.kind === "clock";
  return asSpan({ from: undefined, to: (until ?? by) !== undefined && !atClock ? span.to : span.from, name: "before" }, ref.next);
}

/** "by 6 a.m.", "by the end of October"; "by day" and "by pipeline" are no times. */
const byEnd = (tokens: Tokens, index: number): number | undefined =>
  parseClockEnd(tokens, index)?.value.sure || phrase(tokens, index, "the end of", "end of") !== undefined ? index : undefined;

function markedYear(tokens: Tokens, index: number): Read<Ref> | undefined {
  const token = tokens[index];
  return token?.kind === "number" && token.text.length === 4 ? bareEnd(tokens, index, true) : undefined;
}
