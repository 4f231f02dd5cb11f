import { amount, type Amount } from "./parse-amount.js";
import { parseClockEnd } from "./parse-clock.js";
import { parseRef } from "./parse-period.js";
import { back } from "./parse-rolling.js";
import { type TimeExpression, asSpan, isDay } from "./time-expression.js";
import { dayOf } from "./time-ref.js";
import { type Read, phrase, skip, wordAt, words } from "./token-reader.js";
import type { Token } from "./tokenize.js";
import { type LocalClock, addMonths, dayMs } from "./wall-time.js";

type Tokens = readonly Token[];

/** `il y a moins d'une heure`, `depuis moins de 24 h`, `less than 2 days ago`: back from now; `il y a plus d'une semaine`: before that. */
export function withinAgo(tokens: Tokens, index: number, clock: LocalClock): Read<TimeExpression> | undefined {
  const word = wordAt(tokens, index);
  if (!/^(il|depuis|less|more)$/.test(word)) return undefined;
  const french = phrase(tokens, index, "il y a moins de", "il y a moins d", "depuis moins de", "depuis moins d");
  const older = phrase(tokens, index, "il y a plus de", "il y a plus d", "more than");
  const start = french ?? older ?? phrase(tokens, index, "less than");
  const some = start === undefined ? undefined : amount(tokens, start);
  if (!some) return undefined;
  const english = word === "less" || word === "more";
  if (english && wordAt(tokens, some.next) !== "ago") return undefined;
  const rolling = back(clock, some.value.count, some.value.unit);
  const next = english ? some.next + 1 : some.next;
  if (older === undefined || rolling?.from === undefined) return asSpan(rolling, next);
  return asSpan({ from: undefined, to: rolling.from, name: "before" }, next);
}

const movers = words("avant before apres after");

/** `two days before yesterday`, `une semaine avant le 5 août`, `the day after Monday`: a day; hours from a time are no one period. */
export function offsetFrom(tokens: Tokens, index: number, clock: LocalClock): Read<TimeExpression> | undefined {
  const start = skip(tokens, index, words("le la the"), 1);
  const some = amount(tokens, start) ?? oneUnit(tokens, start, start > index);
  if (!some) return undefined;
  const joined = wordAt(tokens, some.next) === "avanthier"; // "3 jours avant hier"
  const mover = joined ? "avant" : wordAt(tokens, some.next);
  if (!joined && !movers.has(mover)) return undefined;
  const base = joined ? undefined : parseRef(tokens, some.next + 1, clock);
  const clockAt = joined || base ? undefined : parseClockEnd(tokens, some.next + 1);
  if (!joined && !base && !clockAt?.value.sure) return undefined;
  const next = base?.next ?? clockAt?.next ?? some.next + 1;
  const day = joined ? clock.today - dayMs : base && isDay(base.value) && !base.value.time ? dayOf(base.value, clock) : undefined;
  const moved = day === undefined ? undefined : shift(day, some.value, mover === "avant" || mover === "before" ? -1 : 1);
  return asSpan(moved === undefined ? undefined : { from: moved, to: moved + dayMs, name: "span" }, next);
}

/** "the day after Monday" */
const oneUnit = (tokens: Tokens, index: number, articled: boolean): Read<Amount> | undefined =>
  articled && /^(jour|day)$/.test(wordAt(tokens, index)) ? { value: { count: 1, unit: "days" }, next: index + 1 } : undefined;

function shift(day: number, { count, unit }: Amount, sign: number): number | undefined {
  if (unit === "days") return day + sign * count * dayMs;
  if (unit === "weeks") return day + sign * count * 7 * dayMs;
  return unit === "months" ? addMonths(day, sign * count) : undefined;
}
