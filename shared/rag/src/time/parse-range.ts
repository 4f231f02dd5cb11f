import { bareEnd } from "./bare-number.js";
import { join } from "./join-periods.js";
import { parseClockEnd, parseClockRange } from "./parse-clock.js";
import { canFollowDay } from "./parse-date.js";
import { parseRef } from "./parse-period.js";
import { type TimeExpression, asSpan, instantOf } from "./time-expression.js";
import { type Ref, spanOf } from "./time-ref.js";
import { type Read, phrase, skip, wordAt, words } from "./token-reader.js";
import type { Token } from "./tokenize.js";
import { type LocalClock, dayMs } from "./wall-time.js";

type Tokens = readonly Token[];
const fromWords = words("du de d des from since");

const toWords = words("au a to until till through thru jusqu jusque");

/**
 * A range that begins at a token, where `here` is the period that was read: `entre lundi et mercredi`, `du 3 au 7 novembre`, `from Monday to Wednesday`, `3-7 November`, `de lundi 8h à mardi 10h`.
 */
export function range(tokens: Tokens, index: number, here: Read<Ref> | undefined, clock: LocalClock): Read<TimeExpression> | undefined {
  const opener = wordAt(tokens, index);
  const between = opener === "entre" || opener === "between";
  const from = fromWords.has(opener) || phrase(tokens, index, "a partir de", "depuis") !== undefined;
  const opened = between || from;
  const start = opened ? skip(tokens, index + (opener === "a" ? 3 : 1), words("le la les the l"), 1) : index;
  const clockOnly = parseClockRange(tokens, index);
  const articled = opener === "du" || start > index + 1;
  const firsts = [opened ? parseRef(tokens, index + (opener === "a" ? 3 : 1), clock) : here, bareEnd(tokens, start, opened)];
  let best: Read<TimeExpression> | undefined;
  for (const first of firsts) {
    if (!first) continue;
    const joiner = wordAt(tokens, first.next);
    const hyphen = tokens[first.next]?.kind === "hyphen";
    const months = !opened && first.value.kind === "month" && !first.value.slice && (joiner === "et" || joiner === "and");
    const fits = hyphen || months || (between ? joiner === "et" || joiner === "and" : toWords.has(joiner));
    if (!fits || (first.value.kind === "time" && !opened)) continue;
    let at = first.next + 1;
    if (joiner === "jusqu" || joiner === "jusque") at = skip(tokens, at, words("a au en"), 1);
    if (joiner === "until" || joiner === "till") at = skip(tokens, at, words("to"), 1);
    const present = presentAt(tokens, at);
    if (present && (first.value.kind !== "month" || opened)) {
      const from = spanOf(first.value, clock)?.from;
      if (from !== undefined && instantOf(from, clock) < clock.now.getTime())
        best = asSpan({ from, to: clock.now, name: "since" }, present);
      continue;
    }
    for (const second of [
      parseRef(tokens, at, clock),
      bareEnd(tokens, skip(tokens, at, words("le la the l"), 1), true),
      clockEnd(tokens, at),
    ]) {
      if (!second || second.next <= (best?.next ?? 0)) continue;
      if (months && second.value.kind !== "month") continue;
      // "de 8 à 10h hier" says two hours of a day, and no day of the month.
      if (opened && !articled && isBare(first.value) && tokens[at]?.kind === "clock") continue;
      if (isBare(first.value) && isBare(second.value) && !(isFree(tokens, second.next) && (articled || isOrdinal(tokens[second.next - 1]))))
        continue;
      const joined =
        join(first.value, atNoon(second.value), clock, between ? "between" : opened ? "from" : "none") ??
        (opened || hyphen ? undefined : "unrelated");
      // "avril et mars" are two months, and not eleven of them.
      if (months && joined !== "unrelated" && joined !== undefined && instantOf(joined.span.to, clock) > clock.today + 31 * dayMs) continue;
      if (joined !== "unrelated" && !(clockOnly && joined === undefined)) best = asSpan(joined?.span, second.next, joined?.ends);
    }
  }
  return best;
}

/** "du 10 novembre à maintenant", "from 8am to now", "jusqu'à présent" */
const presentAt = (tokens: Tokens, index: number): number | undefined =>
  phrase(tokens, skip(tokens, index, words("a"), 1), "maintenant", "present", "now", "ce moment", "l instant");

/** Two plain numbers are days only behind an article and with no noun behind them: "between 5 and 10 failures" is a count. */
const isBare = (ref: Ref): boolean => ref.kind === "date" && ref.month === undefined && ref.weekday === undefined;

/** "until Tuesday noon": as an end it is an instant, and not the hours around it; "dimanche minuit" ends the Sunday. */
export function atNoon(ref: Ref): Ref {
  const part = "time" in ref && typeof ref.time === "object" && ref.time.kind === "part" ? ref.time.part : undefined;
  const hour = part === "noon" ? 12 : part === "midnight" ? 24 : undefined;
  return hour === undefined || !("time" in ref)
    ? ref
    : { ...ref, time: { kind: "clock", clock: { hour, minute: 0, exact: false }, around: false } };
}

const isOrdinal = (token: Token | undefined): boolean => token?.kind === "number" && token.ordinal;

const isFree = (tokens: Tokens, next: number): boolean => tokens[next] === undefined || canFollowDay(tokens, next);

function clockEnd(tokens: Tokens, index: number): Read<Ref> | undefined {
  const read = parseClockEnd(tokens, index);
  return read?.value.sure
    ? { value: { kind: "time", time: { kind: "clock", clock: read.value.clock, around: false } }, next: read.next }
    : undefined;
}
