import { amount, andHalf, type Amount } from "./parse-amount.js";
import { type TimeExpression, asSpan } from "./time-expression.js";
import type { Bound, Span } from "./time-ref.js";
import { type Read, phrase, skip, wordAt, words } from "./token-reader.js";
import { type Token, spokenNumber } from "./tokenize.js";
import { type Unit, unitOf } from "./vocabulary.js";
import { type LocalClock, addMonths, dayMs, hourMs, minuteMs } from "./wall-time.js";

type Tokens = readonly Token[];
const rollingUnits: Record<Unit, (clock: LocalClock, count: number) => Bound> = {
  minutes: ({ now }, count) => new Date(now.getTime() - count * minuteMs),
  hours: ({ now }, count) => new Date(now.getTime() - count * hourMs),
  days: ({ wall }, count) => wall - count * dayMs,
  weeks: ({ wall }, count) => wall - count * 7 * dayMs,
  months: ({ wall }, count) => addMonths(wall, -count),
  quarters: ({ wall }, count) => addMonths(wall, -3 * count),
  halves: ({ wall }, count) => addMonths(wall, -6 * count),
  years: ({ wall }, count) => addMonths(wall, -12 * count),
};

const mostOf: Record<Unit, number> = {
  minutes: 1_000_000,
  hours: 100_000,
  days: 20_000,
  weeks: 3_000,
  months: 600,
  quarters: 200,
  halves: 100,
  years: 50,
};

export const back = (clock: LocalClock, count: number, unit: Unit): Span | undefined =>
  count >= 1 && count <= mostOf[unit] ? { from: rollingUnits[unit](clock, count), to: clock.now, name: { last: count, unit } } : undefined;

const lastWords = words("derniere last past passe precedent");

const opening = words(
  "les la le l the ces ce cette sur dans pendant durant au cours des de d en in over during within for pour depuis since on du a of",
);

/** `les 3 derniers jours`, `last 24h`, `ces 2 dernières semaines`, `past week`, `depuis 3 jours`, `sur 7 jours`, `la dernière heure`. */
export function rolling(tokens: Tokens, index: number, clock: LocalClock): Read<TimeExpression> | undefined {
  const start = skip(tokens, index, opening, 5);
  const thisHour = phrase(tokens, index, "dans l heure", "within the hour", "in the hour");
  if (thisHour !== undefined && !/^(qui|suivant|ecoule)$/.test(wordAt(tokens, thisHour))) return asSpan(back(clock, 1, "hours"), thisHour);
  const token = tokens[start];
  // "à 25h" is no hour of a day, and not 25 of them either.
  if (token?.kind === "clock" && /^(a|at)$/.test(wordAt(tokens, start - 1))) return undefined;
  // "les 24 à 48 dernières heures": neither of them.
  if (/^(a|to|ou|or)$/.test(wordAt(tokens, start - 1)) && tokens[start - 2]?.kind === "number" && countedBefore(tokens, start))
    return asSpan(undefined, start + 3);
  const fortnight = fortnightBack(tokens, index, start, clock);
  if (fortnight) return fortnight;
  if (lastWords.has(wordAt(tokens, start))) {
    const counted = amount(tokens, start + 1);
    if (counted) return asSpan(back(clock, counted.value.count, counted.value.unit), counted.next);
    return lastOne(tokens, start, index, clock);
  }
  const elapsed = unitOf(wordAt(tokens, start));
  if ((elapsed === "hours" || elapsed === "minutes") && start > index && /^(passe|derniere|precedent)$/.test(wordAt(tokens, start + 1)))
    return asSpan(back(clock, 1, elapsed), start + 2);
  const counted = amount(tokens, start);
  const middle = countedBefore(tokens, start);
  if (middle) return asSpan(back(clock, middle.value.count, middle.value.unit), middle.next);
  if (!counted) return undefined;
  const { count, unit } = counted.value;
  const tail = wordAt(tokens, counted.next);
  if (/^(derniere|passe|precedent)$/.test(tail)) return asSpan(back(clock, count, unit), counted.next + 1);
  const lead = tokens.slice(index, start).map(({ text }) => text);
  // "depuis 6 h ce matin" names an hour of the clock, "depuis 6 h" six hours.
  const ofDay = phrase(
    tokens,
    counted.next,
    "ce matin",
    "du matin",
    "this matin",
    "du soir",
    "hier",
    "yesterday",
    "cette nuit",
    "today",
    "aujourdhui",
  );
  if (unit === "hours" && ofDay !== undefined) return undefined;
  const sinceHour = tokens[start]?.kind === "clock" && count < 24 && /^(depuis|since)$/.test(lead.at(-1) ?? "");
  const glued = tokens[start]?.end === tokens[counted.next - 1]?.start || (tokens[start]?.kind === "clock" && count >= 24);
  if (glued && (unit === "days" || unit === "hours" || unit === "weeks")) return asSpan(back(clock, count, unit), counted.next);
  const marked = /^(depuis|sur|over|within|pendant|durant|ces|for|since|en|in)$/.test(lead.find((word) => word !== "les") ?? "");
  if (sinceHour || !marked || tail === "ago") return undefined;
  // "for 3 days" and "sur 3 mois" count back from now; "pour" never does.
  return asSpan(back(clock, count, unit), counted.next);
}

/** `la dernière quinzaine`, `la quinzaine écoulée`, `the last fortnight`, and not "la dernière quinzaine d'août". */
function fortnightBack(tokens: Tokens, index: number, start: number, clock: LocalClock): Read<TimeExpression> | undefined {
  const at = skip(tokens, start, lastWords, 1);
  const word = wordAt(tokens, at);
  if (word !== "quinzaine" && word !== "fortnight") return undefined;
  const closed = /^(derniere|passe)$/.test(wordAt(tokens, at + 1));
  const next = at + (closed ? 2 : 1);
  if ((at === start && !closed && start === index) || isOf(tokens, next)) return undefined;
  return asSpan(back(clock, word === "fortnight" ? 14 : 15, "days"), next);
}

const isOf = (tokens: Tokens, index: number): boolean => /^(de|d|du|of)$/.test(wordAt(tokens, index));

/** `3 derniers jours`, `24 dernières heures`. */
function countedBefore(tokens: Tokens, index: number): Read<Amount> | undefined {
  const count = spokenNumber(tokens[index]);
  const unit = lastWords.has(wordAt(tokens, index + 1)) ? unitOf(wordAt(tokens, index + 2)) : undefined;
  return count === undefined || unit === undefined ? undefined : andHalf(tokens, index + 3, count, unit);
}

/** `la dernière heure`, `the last hour`, `past week`: one unit back from now. `last week` is the calendar's. */
function lastOne(tokens: Tokens, start: number, index: number, clock: LocalClock): Read<TimeExpression> | undefined {
  const lead = wordAt(tokens, start);
  const word = wordAt(tokens, start + 1);
  const unit = unitOf(word);
  if (unit === undefined || word.length === 1 || (/s$/.test(word) && word !== "mois")) return undefined;
  const short = unit === "hours" || unit === "minutes" || unit === "days";
  const counted =
    lead === "past" ||
    lead === "derniere" ||
    short ||
    (start > index && wordAt(tokens, start - 1) === "the" && wordAt(tokens, start - 2) !== "of");
  if (!counted || lead === "precedent" || lead === "passe" || unit === "quarters" || unit === "halves") return undefined;
  const whole = andHalf(tokens, start + 2, 1, unit);
  return asSpan(back(clock, whole.value.count, whole.value.unit), whole.next);
}
