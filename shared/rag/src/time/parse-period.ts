import { isSureMonth, parseDay, withRelativeYear, yearAt } from "./parse-day.js";
import { dayPartAt, parseClockEnd, parseTimeOfDay } from "./parse-clock.js";
import {
  dayOf,
  sliced,
  timeOn,
  untilNow,
  type DayLike,
  type DayPart,
  type Ref,
  type Slice,
  type Span,
  type TimeRef,
  type WindowName,
} from "./time-ref.js";
import { phrase, skip, wordAt, words, type Read } from "./token-reader.js";
import { spokenNumber, type ClockTime, type Token } from "./tokenize.js";
import { monthOf, ordinalNamed, unitOf, type Unit } from "./vocabulary.js";
import { dayMs, hourMs, isoWeek, minuteMs, startOfMonths, startOfWeek, wallOf, type LocalClock, type Wall } from "./wall-time.js";

type Tokens = readonly Token[];
const span = (value: Span, next: number): Read<Ref> => ({ value: { kind: "span", span: value }, next });

/** The longest period that begins at a token: a day with or without a time, a month, a week, a quarter, a year, a night, a time alone. */
export function parseRef(tokens: Tokens, index: number, clock: LocalClock): Read<Ref> | undefined {
  const parsers = [
    stamp,
    night,
    dayAndTime,
    timeAndDay,
    weekOf,
    calendar,
    weekend,
    month,
    quarterOrWeek,
    yearAlone,
    ago,
    partOfToday,
    timeAlone,
  ];
  let best: Read<Ref> | undefined;
  for (const parser of parsers) {
    const read = parser(tokens, index, clock);
    if (read && read.next > (best?.next ?? 0)) best = read;
  }
  return best;
}

/** `2026-11-12T08:30:00Z`: a minute, in the zone it names. */
function stamp(tokens: Tokens, index: number, clock: LocalClock): Read<Ref> | undefined {
  const at = skip(tokens, index, words("le on the du de"), 2);
  const token = tokens[at];
  if (token?.kind !== "date" || token.time === undefined || token.day === undefined || token.year === undefined) return undefined;
  const match = /^(\d{2}):?(\d{2})(?::?(\d{2})(?:\.\d+)?)?(z|[+-]\d{2}:?\d{2})?$/.exec(token.time);
  if (!match) return undefined;
  const [, hour = "", minute = "", second = "0", offset] = match;
  const wall = wallOf(token.year, token.month, token.day) + Number(hour) * hourMs + Number(minute) * minuteMs + Number(second) * 1_000;
  const start = offset === undefined ? clock.instant(wall) : new Date(wall - offsetMs(offset));
  return span({ from: start, to: new Date(start.getTime() + minuteMs), name: "span" }, at + 1);
}

function offsetMs(text: string): number {
  if (text === "z") return 0;
  const digits = text.slice(1).replace(":", "");
  return (text.startsWith("-") ? -1 : 1) * (Number(digits.slice(0, 2)) * hourMs + Number(digits.slice(2)) * minuteMs);
}

function dayAndTime(tokens: Tokens, index: number, clock: LocalClock): Read<Ref> | undefined {
  const plain = parseDay(tokens, index, clock);
  if (!plain) return undefined;
  const day = withRelativeYear(tokens, plain, clock);
  const time = parseTimeOfDay(tokens, day.next);
  // "hier depuis 18h" and "hier après 18h" stay within the day; a second day may follow a range's first end.
  if (!time) return day;
  const closer = time.value.kind === "part" ? timeInPart(tokens, time.next, time.value.part) : undefined;
  if (closer && time.value.kind === "part" && time.value.part === "night") {
    const evening = dayOf(day.value, clock);
    return evening === undefined ? day : timeInNight(tokens, { value: day.value, next: time.next }, evening);
  }
  return { value: { ...day.value, time: closer?.value ?? time.value }, next: closer?.next ?? time.next };
}

/** "lundi matin à 8h", "cet après-midi à 3h": the reading that stands behind a part of the day, in that part. */
function timeInPart(tokens: Tokens, index: number, part: DayPart): Read<TimeRef> | undefined {
  const read = parseTimeOfDay(tokens, index);
  if (!read || read.value.kind === "part") return undefined;
  const late = part === "afternoon" || part === "evening";
  const moved = (clock: ClockTime): ClockTime => (late && clock.hour < 12 && clock.hour > 0 ? { ...clock, hour: clock.hour + 12 } : clock);
  const { value, next } = read;
  return {
    value: value.kind === "range" ? { ...value, from: moved(value.from), to: moved(value.to) } : { ...value, clock: moved(value.clock) },
    next,
  };
}

const links = words("de d du of on le la l the ce cette this");

/** `8h lundi`, `le matin du 12`, `entre 2h et 6h hier`, `noon yesterday`, `la soirée d'hier`. */
function timeAndDay(tokens: Tokens, index: number, clock: LocalClock): Read<Ref> | undefined {
  const time = parseTimeOfDay(tokens, index) ?? noonAlone(tokens, index);
  if (!time || (/^(depuis|since|from)$/.test(wordAt(tokens, index)) && time.value.kind === "after")) return undefined;
  const day = parseDay(tokens, skip(tokens, time.next, links, 2), clock) ?? parseDay(tokens, time.next, clock);
  if (!day || dayOf(day.value, clock) === undefined) return undefined;
  return { value: { ...day.value, time: time.value }, next: day.next };
}

function noonAlone(tokens: Tokens, index: number): Read<TimeRef> | undefined {
  const read = parseClockEnd(tokens, index);
  return read?.value.sure ? { value: { kind: "clock", clock: read.value.clock, around: false }, next: read.next } : undefined;
}

/** "cette nuit à 3h", "last night between 1 and 3am": the hours before noon belong to the morning. */
function timeInNight(tokens: Tokens, read: Read<Ref>, evening: Wall): Read<Ref> {
  const time = parseTimeOfDay(tokens, read.next);
  if (!time || time.value.kind === "part") return read;
  const hour = time.value.kind === "range" ? time.value.from.hour : time.value.clock.hour;
  if (time.value.kind === "before" || time.value.kind === "after") return read;
  return { value: { kind: "day", day: hour < 12 ? evening + dayMs : evening, name: "span", time: time.value }, next: time.next };
}

const nightOf = (clock: LocalClock, evening: Wall, name: WindowName): Span =>
  untilNow({ ...timeOn(evening, { kind: "part", part: "night" }), name }, clock);

/** A night begins at 18:00 and ends at noon: `cette nuit`, `last night`, `la nuit de lundi à mardi`, `la nuit du 3 au 4 mai`. */
function night(tokens: Tokens, index: number, clock: LocalClock): Read<Ref> | undefined {
  const { today, wall } = clock;
  const start = skip(tokens, index, words("la l the dans in pendant during au cours de du d of sur for over pour"), 4);
  const before = phrase(tokens, start, "nuit before last", "avantderniere nuit", "nuit precedent");
  if (before !== undefined) return span(nightOf(clock, today - 2 * dayMs, "span"), before);
  const last = phrase(
    tokens,
    start,
    "nuit derniere",
    "nuit passe",
    "derniere nuit",
    "last nuit",
    "precedent nuit",
    "overnight",
    "yesterday nuit",
    "hier nuit",
  );
  if (last !== undefined) return timeInNight(tokens, span(nightOf(clock, today - dayMs, "night"), last), today - dayMs);
  const evening = wall - today >= 18 * hourMs ? today : today - dayMs;
  const tonight = phrase(tokens, start, "tonight");
  if (tonight !== undefined) return span(nightOf(clock, wall - today < 6 * hourMs ? today - dayMs : today, "night"), tonight);
  const this_ = phrase(tokens, start, "cette nuit", "this nuit", "ce nuit");
  if (this_ !== undefined) return timeInNight(tokens, span(nightOf(clock, evening, "night"), this_), evening);
  const word = phrase(tokens, start, "nuit");
  if (word === undefined) return undefined;
  const opener = skip(tokens, word, words("de du d of from le the entre between"), 2);
  const first = opener > word ? parseDay(tokens, opener, clock) : undefined;
  if (first) {
    const joiner = tokens[first.next]?.kind === "hyphen" || /^(a|au|to|et|and)$/.test(wordAt(tokens, first.next));
    const second = joiner
      ? (parseDay(tokens, skip(tokens, first.next + 1, words("le the"), 1), clock) ?? bareDay(tokens, first.next + 1))
      : undefined;
    const morning = second && dayOf(second.value, clock);
    if (second && morning !== undefined) return span(nightOf(clock, morning - dayMs, "span"), second.next);
    const day = dayOf(first.value, clock);
    if (day !== undefined) return span(nightOf(clock, day, "span"), first.next);
  }
  const bare = bareDay(tokens, opener);
  if (bare && opener > word) {
    const second = /^(a|au|to|et|and)$/.test(wordAt(tokens, bare.next))
      ? (parseDay(tokens, bare.next + 1, clock) ?? bareDay(tokens, bare.next + 1))
      : undefined;
    const morning = second && dayOf(second.value, clock);
    if (second && morning !== undefined) return span(nightOf(clock, morning - dayMs, "span"), second.next);
  }
  const said = skip(tokens, index, words("la the de dans during in pendant"), 3) > index && /^(la|the)$/.test(wordAt(tokens, word - 2));
  return said ? span(nightOf(clock, evening, "night"), word) : undefined;
}

/** The 3 of "la nuit du 3 au 4". */
export function bareDay(tokens: Tokens, index: number): Read<DayLike> | undefined {
  const at = skip(tokens, index, words("le the"), 1);
  const token = tokens[at];
  return token?.kind === "number" && token.value >= 1 && token.value <= 31
    ? { value: { kind: "date", day: token.value }, next: at + 1 }
    : undefined;
}

const sizes: Partial<Record<Unit, number>> = { months: 1, quarters: 3, halves: 6, years: 12 };
function calendarSpan(unit: Unit, offset: number, clock: LocalClock): { from: Wall; to: Wall } | undefined {
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
const sliceWords: Readonly<Record<string, Slice>> = {
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
};

/** `début`, `fin de`, `mi-`, `end of`, `la première semaine de`, `seconde quinzaine`: which part of what follows. */
function parseSlice(tokens: Tokens, index: number): Read<Slice> | undefined {
  const start = skip(tokens, index, words("le la les the au a en in at l du"), 2);
  const hyphen = (next: number) => (tokens[next]?.kind === "hyphen" ? next + 1 : next);
  const slice = sliceWords[wordAt(tokens, start)];
  if (slice) return { value: slice, next: hyphen(start + 1) };
  const counted = firstDays(tokens, start);
  if (counted) return counted;
  const token = tokens[start];
  const isLast = wordAt(tokens, start) === "derniere" || wordAt(tokens, start) === "last";
  const nth = isLast ? -1 : token?.kind === "number" && token.ordinal ? token.value : ordinalNamed(wordAt(tokens, start));
  const days = { semaine: 7, week: 7, quinzaine: 15, fortnight: 15, moitie: 15, half: 15 }[wordAt(tokens, start + 1)];
  const joined = /^(de|d|du|of)$/.test(wordAt(tokens, start + 2));
  return nth !== undefined && days !== undefined && joined && nth <= 5 ? { value: { days, nth }, next: start + 2 } : undefined;
}

/** `les 3 premiers jours de`, `the first 10 days of`, `les 5 derniers jours d'`: of a month that follows. */
function firstDays(tokens: Tokens, index: number): Read<Slice> | undefined {
  const isNumber = tokens[index]?.kind === "number";
  const count = spokenNumber(tokens[isNumber ? index : index + 1]);
  const order = wordAt(tokens, isNumber ? index + 1 : index);
  const first = /^(premiers?|premieres?|first)$/.test(order);
  const last = /^(derniere|last)$/.test(order);
  if (count === undefined || (!first && !last) || unitOf(wordAt(tokens, index + 2)) !== "days") return undefined;
  return /^(de|d|du|of)$/.test(wordAt(tokens, index + 3)) ? { value: { days: count, nth: first ? 1 : -1 }, next: index + 3 } : undefined;
}

/** `cette semaine`, `le mois dernier`, `last quarter`, `l'année en cours`, `fin du mois dernier`, `du jour`, `year to date`. */
function calendar(tokens: Tokens, index: number, clock: LocalClock): Read<Ref> | undefined {
  const toDate = phrase(tokens, skip(tokens, index, words("the"), 1), "month to date", "mtd");
  if (toDate !== undefined) return span({ from: startOfMonths(clock.today, 1), to: clock.now, name: "thisMonth" }, toDate);
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
  const relative: Readonly<Record<string, number>> = {
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
  };
  const lead = wordAt(tokens, start);
  const leadOffset = relative[lead];
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
    const hyphen = tokens[at + 1]?.kind === "hyphen" ? 1 : 0;
    const ci = /^(ci|la)$/.test(wordAt(tokens, at + 1 + hyphen)) && (hyphen === 1 || wordAt(tokens, at + 1) === "ci") ? 1 + hyphen : 0;
    const soFar = phrase(tokens, at + 1, "so far", "en cours") === undefined ? 0 : 2;
    return done(leadOffset, ci || soFar);
  }
  const after = wordAt(tokens, at + 1);
  if (phrase(tokens, at + 1, "before last") !== undefined) return done(-2, 2);
  if (after === "avantderniere") return done(-2, 1);
  if (after === "d" && wordAt(tokens, at + 2) === "avant") return done(-1, 2);
  if (phrase(tokens, at + 1, "en cours") !== undefined) return done(0, 2);
  if (/^(courant|courante|actuel|actuelle)$/.test(after)) return done(0, 1);
  if (lastAfter.has(after)) return done(-1, 1);
  if (after === "prochain") return done(1, 1);
  if (unit === "hours" || unit === "minutes") return undefined;
  const everyBit =
    unit !== "days" && [1, 2].some((step) => start - step >= index && /^(toute|tout|all|whole)$/.test(wordAt(tokens, start - step)));
  const whole =
    /^(du|de|of|sur|dans|pour)$/.test(wordAt(tokens, start - 1)) ||
    /^(du|de|of|sur|dans|pour|over)$/.test(wordAt(tokens, start - 2)) ||
    slicedUnit ||
    everyBit;
  const grouped = /^(jour|day|heure|hour|par|per|by|each|chaque)$/.test(wordAt(tokens, index - 1));
  const namedAfter = tokens[at + 1]?.kind === "number" || monthOf(after) !== undefined || /^(du|de|of)$/.test(after);
  return (article || slicedUnit || everyBit) && whole && !grouped && !(namedAfter && !slicedUnit) ? done(0, 0) : undefined;
}

/** `ce week-end`, `le week-end dernier`, `le week-end du 14`, `last weekend`. */
function weekend(tokens: Tokens, index: number, clock: LocalClock): Read<Ref> | undefined {
  const start = skip(tokens, index, words("le the du de of on over during pendant sur ce this dans au l"), 3);
  const lead = wordAt(tokens, start);
  const at =
    lead === "last" || lead === "past" || lead === "passe" || lead === "derniere" || lead === "precedent" || lead === "prochain"
      ? start + 1
      : start;
  const abbreviated = wordAt(tokens, at) === "we" && /^(ce|le|du)$/.test(wordAt(tokens, at - 1));
  if (wordAt(tokens, at) !== "weekend" && !abbreviated) return undefined;
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
  const hyphen = tokens[at + 1]?.kind === "hyphen" && wordAt(tokens, at + 2) === "ci" ? 2 : 0;
  const next = at + 1 + (/^(derniere|passe|precedent|prochain)$/.test(after) ? 1 : hyphen);
  const current = saturday(clock.today);
  const begun = clock.today >= current;
  const from = isNext ? current + (begun ? 7 * dayMs : 0) : isLast || !begun ? current - 7 * dayMs : current;
  return span(untilNow({ from, to: from + 2 * dayMs, name: isNext ? "span" : "weekend" }, clock), next);
}

/** `la semaine du 9 novembre`, `the week of November 9`. */
function weekOf(tokens: Tokens, index: number, clock: LocalClock): Read<Ref> | undefined {
  const start = skip(tokens, index, words("la the de of in dans sur pour during pendant"), 3);
  if (unitOf(wordAt(tokens, start)) !== "weeks") return undefined;
  const opener = skip(tokens, start + 1, words("du of the de le starting beginning commencant"), 2);
  const day = opener > start + 1 ? (parseDay(tokens, opener, clock) ?? bareDay(tokens, opener)) : undefined;
  const wall = day && dayOf(day.value, clock);
  return day && wall !== undefined
    ? span({ from: startOfWeek(wall), to: startOfWeek(wall) + 7 * dayMs, name: "span" }, day.next)
    : undefined;
}

const monthMarks = words(
  "en in de du d of depuis since mois le la l the au for pour sur mid mi fin debut early late entre between last month until before avant during pendant jusqu et courant a to through",
);

/** `en octobre`, `octobre 2025`, `fin octobre`, `mi-octobre`, `11/2025`, `last October`. */
function month(tokens: Tokens, index: number, clock: LocalClock): Read<Ref> | undefined {
  const slice = parseSlice(tokens, index);
  const begin = slice ? slice.next : index;
  const start = skip(
    tokens,
    begin,
    words("en in de du d of mois le the au for pour sur l courant during pendant month tout all last derniere"),
    4,
  );
  const token = tokens[start];
  if (token?.kind === "date" && token.day === undefined && token.month >= 1 && token.month <= 12) {
    return {
      value: {
        kind: "month",
        month: token.month,
        ...(token.year !== undefined && { year: token.year }),
        ...(slice && { slice: slice.value }),
      },
      next: start + 1,
    };
  }
  const number = monthOf(wordAt(tokens, start));
  const marked =
    slice !== undefined ||
    monthMarks.has(wordAt(tokens, start - 1)) ||
    tokens[start - 1]?.kind === "hyphen" ||
    yearAt(tokens, start + 1) !== undefined;
  if (number === undefined || !isSureMonth(tokens, start, marked)) return undefined;
  const year = yearAt(tokens, start + 1);
  const lastOne = phrase(tokens, start + 1, "derniere", "passe");
  const relative = year
    ? undefined
    : phrase(tokens, skip(tokens, start + 1, words("de l d of"), 2), "annee derniere", "an derniere", "last year", "annee passe");
  const lastYear = relative === undefined ? undefined : new Date(clock.wall).getUTCFullYear() - 1;
  const value: Ref = {
    kind: "month",
    month: number,
    ...(year ? { year: year.value } : lastYear !== undefined ? { year: lastYear } : {}),
    ...(slice && { slice: slice.value }),
  };
  return { value, next: year?.next ?? relative ?? lastOne ?? start + 1 };
}

/** `T3 2026`, `Q3`, `3e trimestre 2025`, `premier semestre`, `semaine 46`, `week 46 of 2026`, `2026-W46`. */
function quarterOrWeek(tokens: Tokens, index: number, clock: LocalClock): Read<Ref> | undefined {
  const start = skip(tokens, index, words("le la l the au en in du de of pour sur for during pendant a"), 3);
  const token = tokens[start];
  const thisYear = new Date(clock.wall).getUTCFullYear();
  if (token?.kind === "week") return weekSpan(token.year, token.week, start + 1);
  const short = token?.kind === "opaque" ? /^([tqshw])(\d{1,2})$/.exec(token.text) : null;
  if (short) {
    const [, letter = "", digits = ""] = short;
    const year = yearAt(tokens, start + 1);
    const marked = start > index || year !== undefined;
    if (letter === "w" || (letter === "s" && Number(digits) > 2))
      return marked || letter === "w"
        ? weekSpan(year?.value ?? weekYear(Number(digits), clock), Number(digits), year?.next ?? start + 1)
        : undefined;
    const months = letter === "t" || letter === "q" ? 3 : 6;
    if ((months === 6 && !marked) || Number(digits) < 1 || Number(digits) > 12 / months) return undefined;
    return nthPeriod(months, Number(digits), year, start + 1, clock);
  }
  if (unitOf(wordAt(tokens, start)) === "weeks") {
    const at = skip(tokens, start + 1, words("numero number n no iso"), 1);
    const number = tokens[at];
    if (number?.kind !== "number" || number.text.length > 2) return undefined;
    const year = yearAt(tokens, at + 1);
    return weekSpan(year?.value ?? weekYear(number.value, clock), number.value, year?.next ?? at + 1);
  }
  const nth = token?.kind === "number" && token.ordinal ? token.value : ordinalNamed(wordAt(tokens, start));
  const at = start + 1;
  const unit = unitOf(wordAt(tokens, at));
  const halfOf = wordAt(tokens, at) === "half" && /^(of)$/.test(wordAt(tokens, at + 1)) && yearAt(tokens, at + 1) !== undefined;
  if (nth === undefined || nth < 1 || (unit !== "quarters" && unit !== "halves" && !halfOf)) return undefined;
  const months = unit === "quarters" ? 3 : 6;
  const current = phrase(tokens, skip(tokens, at + 1, words("de l d of"), 2), "cette annee", "this year", "annee");
  const lastYear = phrase(tokens, skip(tokens, at + 1, words("de l d of"), 2), "annee derniere", "last year", "annee passe");
  const year =
    yearAt(tokens, at + 1) ??
    (lastYear !== undefined
      ? { value: thisYear - 1, next: lastYear }
      : current !== undefined
        ? { value: thisYear, next: current }
        : undefined);
  return nth > 12 / months ? undefined : nthPeriod(months, nth, year, at + 1, clock);
}

function nthPeriod(months: number, nth: number, year: Read<number> | undefined, next: number, clock: LocalClock): Read<Ref> {
  const thisYear = new Date(clock.wall).getUTCFullYear();
  const inYear = (wanted: number) => startOfMonths(wallOf(wanted, 1, 1), months, nth - 1);
  const from = inYear(year?.value ?? (inYear(thisYear) <= clock.today ? thisYear : thisYear - 1));
  return span({ from, to: startOfMonths(from, months, 1), name: "span" }, year?.next ?? next);
}

function weekYear(week: number, clock: LocalClock): number {
  const year = new Date(startOfWeek(clock.today) + 3 * dayMs).getUTCFullYear();
  return (isoWeek(year, week) ?? Infinity) <= clock.today || isoWeek(year - 1, week) === undefined ? year : year - 1;
}

function weekSpan(year: number, week: number, next: number): Read<Ref> | undefined {
  const monday = isoWeek(year, week);
  return monday === undefined ? undefined : span({ from: monday, to: monday + 7 * dayMs, name: "span" }, next);
}

const yearMarks = words(
  "en in annee year depuis since de of pour for l avant before apres after jusqu until an entre between during pendant sur over",
);
const yearNouns =
  /^(runs?|echecs?|failures?|executions?|fichiers?|files?|records?|enregistrements?|lignes?|rows?|jobs?|pipelines?|flux|erreurs?|errors?|ms|kb|mb|go)$/;

/** `en 2025`, `l'année 2025`, `fin 2025`, `mi-2026`: four digits are a year after a word that says so, and nowhere else. */
function yearAlone(tokens: Tokens, index: number): Read<Ref> | undefined {
  const slice = parseSlice(tokens, index);
  const start = skip(
    tokens,
    slice?.next ?? index,
    words("en in l annee year de d of the pour for sur over during pendant toute all an"),
    4,
  );
  const token = tokens[start];
  if (token?.kind !== "number" || token.ordinal || token.text.length !== 4 || token.value < 1970 || token.value > 2099) return undefined;
  if (!slice && !yearMarks.has(wordAt(tokens, start - 1))) return undefined;
  if (yearNouns.test(wordAt(tokens, start + 1)) || tokens[start + 1]?.kind === "opaque") return undefined;
  const whole = { from: wallOf(token.value, 1, 1), to: wallOf(token.value + 1, 1, 1) };
  return span({ ...(slice ? sliced(whole.from, whole.to, slice.value) : whole), name: "span" }, start + 1);
}

/** `il y a deux semaines`, `2 hours ago`, `a month ago`: the unit that was current then. Days are read elsewhere. */
function ago(tokens: Tokens, index: number, clock: LocalClock): Read<Ref> | undefined {
  const french = phrase(tokens, index, "il y a", "y a", "voici", "voila");
  const start = skip(tokens, french ?? index, words("about environ around the"), 1);
  const half = phrase(tokens, start, "une demiheure", "half an hour");
  const token = tokens[start];
  const hours = token?.kind === "clock" && token.bare ? token.clock.hour : undefined;
  const count = hours ?? spokenNumber(token);
  const unit = hours === undefined ? unitOf(wordAt(tokens, start + 1)) : "hours";
  const next = half ?? start + (hours === undefined ? 2 : 1);
  if (half === undefined && (count === undefined || unit === undefined)) return undefined;
  if (french === undefined && wordAt(tokens, next) !== "ago") return undefined;
  const end = french === undefined ? next + 1 : next;
  if (half !== undefined || unit === "hours" || unit === "minutes") {
    const size = half !== undefined || unit === "minutes" ? minuteMs : hourMs;
    const from = clock.now.getTime() - (half !== undefined ? 30 : (count ?? 0)) * size;
    return span({ from: new Date(from), to: new Date(Math.min(from + size, clock.now.getTime())), name: "span" }, end);
  }
  const whole = calendarSpan(unit as Unit, -(count ?? 0), clock);
  return whole && span({ ...whole, name: "span" }, end);
}

/** `ce matin`, `cet après-midi`, `this evening`, `du matin`, `dans la matinée`. */
function partOfToday(tokens: Tokens, index: number, clock: LocalClock): Read<Ref> | undefined {
  const start = skip(tokens, index, words("dans in pendant during de d of earlier later en au cours plus tot"), 4);
  const earlier = phrase(tokens, index, "plus tot dans la journee", "dans la journee", "en journee", "earlier");
  if (earlier !== undefined && wordAt(tokens, index) !== "earlier")
    return span({ from: clock.today, to: clock.now, name: "today" }, earlier);
  const article = /^(ce|cet|cette|this|le|la|l|the|du)$/.test(wordAt(tokens, start));
  const part = article ? dayPartAt(tokens, start + 1) : undefined;
  if (!part || part === "night" || part === "midnight") return undefined;
  const closer = timeInPart(tokens, start + 2, part);
  if (closer) return { value: { kind: "day", day: clock.today, name: "span", time: closer.value }, next: closer.next };
  const name = part === "morning" || part === "afternoon" || part === "evening" ? part : "span";
  return span(untilNow({ ...timeOn(clock.today, { kind: "part", part }), name }, clock), start + 2);
}

function timeAlone(tokens: Tokens, index: number): Read<Ref> | undefined {
  const time = parseTimeOfDay(tokens, index);
  const bare = tokens[time ? time.next - 1 : index];
  const duration =
    time?.value.kind === "clock" &&
    bare?.kind === "clock" &&
    bare.bare &&
    wordAt(tokens, time.next - 2) !== "a" &&
    wordAt(tokens, time.next - 2) !== "at" &&
    !time.value.around;
  if (!time || duration || time.value.kind === "part" || time.value.kind === "after" || time.value.kind === "before") return undefined;
  return { value: { kind: "time", time: time.value }, next: time.next };
}
