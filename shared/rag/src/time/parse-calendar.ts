import { bareDay } from "./bare-number.js";
import { yearAt } from "./parse-date.js";
import { parseDay } from "./parse-day.js";
import { parseSlice } from "./parse-slice.js";
import { span } from "./time-expression.js";
import { type Ref, type WindowName, dayOf, sliced, untilNow } from "./time-ref.js";
import { type Read, phrase, skip, wordAt, words } from "./token-reader.js";
import { type Token, spokenNumber } from "./tokenize.js";
import { type Unit, monthOf, unitOf } from "./vocabulary.js";
import { type LocalClock, type Wall, dayMs, startOfMonths, startOfWeek } from "./wall-time.js";

type Tokens = readonly Token[];
/** How many periods from now a word in front of one means. */
const relativeWords = new Map(
  Object.entries({
    ce: 0,
    cet: 0,
    cette: 0,
    this: 0,
    current: 0,
    last: -1,
    precedent: -1,
    prochain: 1,
    derniere: -1,
    avantderniere: -2,
  }),
);
const sizes: Partial<Record<Unit, number>> = { months: 1, quarters: 3, halves: 6, years: 12 };

export function calendarSpan(unit: Unit, offset: number, clock: LocalClock): { from: Wall; to: Wall } | undefined {
  if (unit === "days") return { from: clock.today + offset * dayMs, to: clock.today + (offset + 1) * dayMs };
  if (unit === "weeks") {
    const monday = startOfWeek(clock.today) + offset * 7 * dayMs;
    return { from: monday, to: monday + 7 * dayMs };
  }
  const months = sizes[unit];
  return months === undefined
    ? undefined
    : { from: startOfMonths(clock.today, months, offset), to: startOfMonths(clock.today, months, offset + 1) };
}

const names: Partial<Record<Unit, readonly [current: WindowName, last: WindowName]>> = {
  days: ["today", "yesterday"],
  weeks: ["thisWeek", "lastWeek"],
  months: ["thisMonth", "lastMonth"],
  quarters: ["thisQuarter", "lastQuarter"],
  years: ["thisYear", "lastYear"],
};

const lastAfter = words("derniere passe precedent last avant");

/** `cette semaine`, `le mois dernier`, `last quarter`, `l'année en cours`, `fin du mois dernier`, `du jour`, `year to date`. */
export function calendar(tokens: Tokens, index: number, clock: LocalClock): Read<Ref> | undefined {
  const toDate = phrase(tokens, skip(tokens, index, words("the"), 1), "month to date", "mtd");
  if (toDate !== undefined) return span({ from: startOfMonths(clock.today, 1), to: clock.now, name: "thisMonth" }, toDate);
  const weekToDate = phrase(tokens, skip(tokens, index, words("the"), 1), "week to date", "wtd");
  if (weekToDate !== undefined) return span({ from: startOfWeek(clock.today), to: clock.now, name: "thisWeek" }, weekToDate);
  const quarterToDate = phrase(tokens, skip(tokens, index, words("the"), 1), "quarter to date", "qtd");
  if (quarterToDate !== undefined) return span({ from: startOfMonths(clock.today, 3), to: clock.now, name: "thisQuarter" }, quarterToDate);
  const yearToDate = phrase(tokens, index, "year to date", "ytd");
  if (yearToDate !== undefined) return span({ from: startOfMonths(clock.today, 12), to: clock.now, name: "thisYear" }, yearToDate);
  const slice = parseSlice(tokens, index);
  const begin = slice ? slice.next : index;
  const read = calendarUnit(tokens, begin, slice !== undefined);
  if (!read) return undefined;
  const { unit, offset, following } = read.value;
  const whole = calendarSpan(unit, offset, clock);
  if (!whole) return undefined;
  const [current, last] = names[unit] ?? ["span", "span"];
  const part = slice ? sliced(whole.from, whole.to, slice.value) : whole;
  const name = slice ? "span" : offset === 0 ? current : offset === -1 ? last : "span";
  return span(untilNow({ ...part, name }, clock, offset === 0), read.next + following);
}

function calendarUnit(
  tokens: Tokens,
  index: number,
  slicedUnit: boolean,
): Read<{ unit: Unit; offset: number; following: number }> | undefined {
  const start = skip(
    tokens,
    index,
    words("de d du of in en dans sur pour over for during pendant au cours des au l la le the tout toute whole all pour"),
    5,
  );
  const article = /^(la|le|l|du|the|of|au|de)$/.test(wordAt(tokens, start - 1)) && start > index;
  const lead = wordAt(tokens, start);
  const leadOffset = relativeWords.get(lead);
  const at = leadOffset === undefined ? start : start + 1;
  const word = wordAt(tokens, at);
  const unit = unitOf(word);
  if (unit === undefined || word.length === 1 || (/s$/.test(word) && word !== "mois")) return undefined;
  const done = (offset: number, following: number) => ({ value: { unit, offset, following }, next: at + 1 });
  if (leadOffset !== undefined) {
    // "la dernière semaine" and "the last day" are counted back from now, elsewhere; a quarter is one of the calendar.
    if (lead === "derniere" && unit !== "quarters" && unit !== "halves") return undefined;
    if (
      lead === "last" &&
      wordAt(tokens, start - 1) === "the" &&
      unit !== "quarters" &&
      unit !== "halves" &&
      start > index &&
      wordAt(tokens, start - 2) !== "of"
    )
      return undefined;
    if (lead === "last" && unit === "days") return undefined;
    if (unit === "hours" || unit === "minutes") return undefined;
    if (offsetOfYear(tokens, lead, unit, at + 1)) return undefined;
    const hyphen = tokens[at + 1]?.kind === "hyphen" ? 1 : 0;
    const ci = /^(ci|la)$/.test(wordAt(tokens, at + 1 + hyphen)) && (hyphen === 1 || wordAt(tokens, at + 1) === "ci") ? 1 + hyphen : 0;
    const soFar = phrase(tokens, at + 1, "so far", "en cours") === undefined ? 0 : 2;
    return done(leadOffset, ci || soFar);
  }
  const after = wordAt(tokens, at + 1);
  if (phrase(tokens, at + 1, "before last") !== undefined) return done(-2, 2);
  if (after === "avantderniere") return done(-2, 1);
  if (after === "d" && wordAt(tokens, at + 2) === "avant") return done(-1, 2);
  if (after === "before" && wordAt(tokens, start - 1) === "the" && tokens[at + 2] === undefined) return done(-2, 1);
  if (phrase(tokens, at + 1, "en cours") !== undefined) return done(0, 2);
  if (/^(courant|courante|actuel|actuelle)$/.test(after)) return done(0, 1);
  // "semaine dernière", but "by day last week": English puts the word before.
  if (after !== "last" && lastAfter.has(after)) return done(-1, 1);
  if (after === "prochain") return done(1, 1);
  if (unit === "hours" || unit === "minutes") return undefined;
  const everyBit =
    unit !== "days" && [1, 2].some((step) => start - step >= index && /^(toute|tout|all|whole)$/.test(wordAt(tokens, start - step)));
  const whole =
    /^(du|de|of|sur|dans|pour)$/.test(wordAt(tokens, start - 1)) ||
    /^(du|de|of|sur|dans|pour|over)$/.test(wordAt(tokens, start - 2)) ||
    slicedUnit ||
    everyBit;
  const grouped = !slicedUnit && /^(jour|day|heure|hour|par|per|by|each|chaque)$/.test(wordAt(tokens, index - 1));
  const namedAfter = tokens[at + 1]?.kind === "number" || monthOf(after) !== undefined || /^(du|de|of)$/.test(after);
  return (article || slicedUnit || everyBit) && whole && !grouped && !(namedAfter && !slicedUnit) ? done(0, 0) : undefined;
}

/** `ce week-end`, `le week-end dernier`, `le week-end du 14`, `last weekend`. */
export function weekend(tokens: Tokens, index: number, clock: LocalClock): Read<Ref> | undefined {
  const start = skip(tokens, index, words("le the du de of on over during pendant sur ce this dans au l"), 3);
  const lead = wordAt(tokens, start);
  const at = /^(last|past|passe|derniere|precedent|prochain|avantderniere)$/.test(lead) ? start + 1 : start;
  const abbreviated = wordAt(tokens, at) === "we" && /^(ce|le|du)$/.test(wordAt(tokens, at - 1));
  if (wordAt(tokens, at) !== "weekend" && !abbreviated) return undefined;
  // "ces deux derniers week-ends" are several.
  if (lastAfter.has(wordAt(tokens, at - 1)) && spokenNumber(tokens[at - 2]) !== undefined) return undefined;
  const opener = skip(tokens, at + 1, words("du de of the le"), 2);
  const day = parseDay(tokens, opener, clock) ?? (opener > at + 1 ? bareDay(tokens, opener) : undefined);
  const wall = opener > at + 1 && day ? dayOf(day.value, clock) : undefined;
  const saturday = (wall0: Wall) => startOfWeek(wall0) + 5 * dayMs;
  if (day && wall !== undefined) {
    const range = tokens[day.next]?.kind === "hyphen" || /^(et|and|au)$/.test(wordAt(tokens, day.next));
    const second = range ? (parseDay(tokens, day.next + 1, clock) ?? bareDay(tokens, day.next + 1)) : undefined;
    const anchor = second ? dayOf(second.value, clock) : wall;
    const from = saturday(anchor ?? wall);
    return span({ from, to: from + 2 * dayMs, name: "span" }, second?.next ?? day.next);
  }
  const after = wordAt(tokens, at + 1);
  const isLast = /^(derniere|passe|precedent)$/.test(after) || (at > start && lead !== "prochain");
  const isNext = after === "prochain" || lead === "prochain";
  const beforeLast = phrase(tokens, at + 1, "before last", "avantderniere", "d avant");
  const hyphen = tokens[at + 1]?.kind === "hyphen" && wordAt(tokens, at + 2) === "ci" ? 2 : 0;
  const next = beforeLast ?? at + 1 + (/^(derniere|passe|precedent|prochain)$/.test(after) ? 1 : hyphen);
  const current = saturday(clock.today);
  const begun = clock.today >= current;
  const back = lead === "avantderniere" || beforeLast !== undefined ? 7 * dayMs : 0;
  const from =
    back > 0 ? current - 7 * dayMs - back : isNext ? current + (begun ? 7 * dayMs : 0) : isLast || !begun ? current - 7 * dayMs : current;
  return span(untilNow({ from, to: from + 2 * dayMs, name: isNext ? "span" : "weekend" }, clock), next);
}

/** `la semaine du 9 novembre`, `the week of November 9`. */
export function weekOf(tokens: Tokens, index: number, clock: LocalClock): Read<Ref> | undefined {
  const start = skip(tokens, index, words("la the de of in dans sur pour during pendant"), 3);
  if (unitOf(wordAt(tokens, start)) !== "weeks") return undefined;
  const opener = skip(tokens, start + 1, words("du of the de le starting beginning commencing commencant debutant"), 2);
  const day = opener > start + 1 ? (parseDay(tokens, opener, clock) ?? bareDay(tokens, opener)) : undefined;
  const wall = day && dayOf(day.value, clock);
  return day && wall !== undefined
    ? span({ from: startOfWeek(wall), to: startOfWeek(wall) + 7 * dayMs, name: "span" }, day.next)
    : undefined;
}

/** "le dernier trimestre 2025" is the fourth one of that year, and read elsewhere. */
const offsetOfYear = (tokens: Tokens, lead: string, unit: Unit, next: number): boolean =>
  (lead === "derniere" || lead === "last") && (unit === "quarters" || unit === "halves") && yearAt(tokens, next) !== undefined;
