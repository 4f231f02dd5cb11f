import { canFollowDay, isCount, monthDate } from "./parse-date.js";
import { type TimeExpression, asSpan } from "./time-expression.js";
import { type DayLike, type Span, dayOf } from "./time-ref.js";
import { type Read, skip, wordAt, words } from "./token-reader.js";
import { type Token, spokenNumber } from "./tokenize.js";
import { weekAround } from "./parse-day.js";
import { monthOf, weekdayNamed } from "./vocabulary.js";
import { type LocalClock, type Wall, dayMs, startOfWeek } from "./wall-time.js";

type Tokens = readonly Token[];
const articles = words("le les the on des du au aux in of pendant during");
const joiners = words("et and ou or");
const daysMost = 31;

/** `les 3 et 4 mai`, `le 3 ou le 4`, `the 3rd and 4th of May`, `May 3 and 4`: days in a row of one month; days that lie apart are no one time. */
export function dayList(tokens: Tokens, index: number, clock: LocalClock): Read<TimeExpression> | undefined {
  const start = skip(tokens, index, articles, 2);
  const opener = tokens[start];
  if (opener?.kind !== "number" && (opener?.kind !== "word" || (spokenNumber(opener) === undefined && monthOf(opener.text) === undefined)))
    return undefined;
  const read = monthFirst(tokens, start) ?? monthLast(tokens, start, start > index);
  if (!read) return undefined;
  const { days, last } = read.value;
  const end = dayOf(last, clock);
  if (end === undefined || days.some((day, at) => at > 0 && day !== (days[at - 1] ?? 0) + 1)) return asSpan(undefined, read.next);
  const from: Wall = end - (days.length - 1) * dayMs;
  const day = (wall: Wall): Span => ({ from: wall, to: wall + dayMs, name: "span" });
  return asSpan({ from, to: end + dayMs, name: "span" }, read.next, days.length === 2 ? [day(from), day(end)] : undefined);
}

/** `mardi ou mercredi de la semaine dernière`: the week belongs to both. */
export function weekdayList(tokens: Tokens, index: number, clock: LocalClock): Read<TimeExpression> | undefined {
  const start = skip(tokens, index, articles, 2);
  const first = weekdayNamed(wordAt(tokens, start));
  if (first === undefined || !joiners.has(wordAt(tokens, start + 1))) return undefined;
  const at = skip(tokens, start + 2, words("le the"), 1);
  const second = weekdayNamed(wordAt(tokens, at));
  const week = second === undefined ? undefined : weekAround(tokens, at + 1);
  if (second === undefined || !week) return undefined;
  const monday = startOfWeek(clock.today) + week.value * 7 * dayMs;
  const day = (weekday: number): Span => ({ from: monday + (weekday - 1) * dayMs, to: monday + weekday * dayMs, name: "span" });
  return asSpan(second === first + 1 ? { ...day(first), to: day(second).to } : undefined, week.next, [day(first), day(second)]);
}

type List = Read<{ readonly days: readonly number[]; readonly last: DayLike }>;

function monthLast(tokens: Tokens, start: number, articled: boolean): List | undefined {
  const days: number[] = [];
  let at = start;
  for (;;) {
    const day = dayAt(tokens, at);
    if (day === undefined) return undefined;
    const joined = joiners.has(wordAt(tokens, at + 1));
    const next = joined ? skip(tokens, at + 2, words("le the"), 1) : at + 1;
    days.push(day);
    if (!joined && dayAt(tokens, next) !== undefined) at = next;
    else if (joined) {
      const last = dayAt(tokens, next);
      if (last === undefined) return undefined;
      days.push(last);
      const dated = monthDate(tokens, next);
      if (dated) return { value: { days, last: dated.value }, next: dated.next };
      const plural =
        articled && (/^(les|des|aux)$/.test(wordAt(tokens, start - 1)) || isOrdinal(tokens[next])) && canFollowDay(tokens, next + 1);
      return plural && !isCount(tokens, next + 1) ? { value: { days, last: { kind: "date", day: last } }, next: next + 1 } : undefined;
    } else return undefined;
  }
}

const isOrdinal = (token: Token | undefined): boolean => token?.kind === "number" && token.ordinal;

function monthFirst(tokens: Tokens, start: number): List | undefined {
  if (spokenNumber(tokens[start]) !== undefined) return undefined;
  const dated = monthDate(tokens, start);
  if (dated?.value.kind !== "date" || !joiners.has(wordAt(tokens, dated.next))) return undefined;
  const next = skip(tokens, dated.next + 1, words("the"), 1);
  const day = dayAt(tokens, next);
  if (day === undefined || tokens[next]?.kind !== "number" || !canFollowDay(tokens, next + 1) || monthDate(tokens, next)) return undefined;
  return { value: { days: [dated.value.day, day], last: { ...dated.value, day } }, next: next + 1 };
}

function dayAt(tokens: Tokens, index: number): number | undefined {
  const token = tokens[index];
  const value = token?.kind === "number" ? token.value : spokenNumber(token);
  return value !== undefined && value >= 1 && value <= daysMost && !/^(a|an|un|une)$/.test(token?.text ?? "") ? value : undefined;
}
