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

const back = (clock: LocalClock, count: number, unit: Unit): Span | undefined =>
  count >= 1 && count <= mostOf[unit] ? { from: rollingUnits[unit](clock, count), to: clock.now, name: { last: count, unit } } : undefined;

/** A count of units: `3 jours`, `24h`, `deux semaines`, `une heure`, `half an hour`. */
function amount(tokens: Tokens, index: number): Read<{ count: number; unit: Unit }> | undefined {
  const half = phrase(tokens, index, "une demiheure", "demiheure", "half an hour", "half hour");
  if (half !== undefined) return { value: { count: 30, unit: "minutes" }, next: half };
  const couple = phrase(tokens, index, "couple of", "couple");
  const token = tokens[index];
  if (token?.kind === "clock" && token.bare && token.half === undefined && token.text.endsWith("h"))
    return { value: { count: token.clock.hour, unit: "hours" }, next: index + 1 };
  const count = couple === undefined ? spokenNumber(token) : 2;
  const at = couple ?? index + 1;
  const unit = unitOf(wordAt(tokens, at));
  return count === undefined || unit === undefined ? undefined : { value: { count, unit }, next: at + 1 };
}

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
  const fortnight = phrase(tokens, start, "derniere quinzaine", "quinzaine", "last fortnight", "past fortnight");
  if (fortnight !== undefined) {
    const read = wordAt(tokens, fortnight);
    return wordAt(tokens, fortnight - 2) === "derniere" || /^(derniere|passe)$/.test(read) || start > index
      ? asSpan(back(clock, 15, "days"), fortnight + (/^(derniere|passe)$/.test(read) ? 1 : 0))
      : undefined;
  }
  if (lastWords.has(wordAt(tokens, start))) {
    const counted = amount(tokens, start + 1);
    if (counted) return asSpan(back(clock, counted.value.count, counted.value.unit), counted.next);
    return lastOne(tokens, start, index, clock);
  }
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

/** `3 derniers jours`, `24 dernières heures`. */
function countedBefore(tokens: Tokens, index: number): Read<{ count: number; unit: Unit }> | undefined {
  const count = spokenNumber(tokens[index]);
  const unit = lastWords.has(wordAt(tokens, index + 1)) ? unitOf(wordAt(tokens, index + 2)) : undefined;
  return count === undefined || unit === undefined ? undefined : { value: { count, unit }, next: index + 3 };
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
  return asSpan(back(clock, 1, unit), start + 2);
}
