import { bareHours, fourDigits, hourBeforeDay } from "./parse-bare-hours.js";
import { amount } from "./parse-amount.js";
import { calendar, calendarSpan, weekOf, weekend } from "./parse-calendar.js";
import { dayPartAt, parseClockEnd, parseTimeOfDay } from "./parse-clock.js";
import { withRelativeYear } from "./parse-date.js";
import { parseDay } from "./parse-day.js";
import { month, quarterOrWeek, yearAlone } from "./parse-month.js";
import { night, timeInNight } from "./parse-night.js";
import { span } from "./time-expression.js";
import { inPart, timeInPart } from "./time-in-part.js";
import { type DayLike, type Ref, type TimeRef, dayOf, untilNow, timeOn } from "./time-ref.js";
import { type Read, phrase, skip, wordAt, words } from "./token-reader.js";
import { type Token, spokenNumber } from "./tokenize.js";
import { type LocalClock, dayMs, hourMs, minuteMs, startOfWeek, wallOf } from "./wall-time.js";

type Tokens = readonly Token[];
/** Every kind of expression looks for periods at the same places: what begins at a token is read once a question. */
const readAlready = new WeakMap<Tokens, Map<number, Read<Ref> | undefined>>();

/** The longest period that begins at a token: a day with or without a time, a month, a week, a quarter, a year, a night, a time alone. */
export function parseRef(tokens: Tokens, index: number, clock: LocalClock): Read<Ref> | undefined {
  const known = readAlready.get(tokens) ?? new Map<number, Read<Ref> | undefined>();
  readAlready.set(tokens, known);
  if (!known.has(index)) known.set(index, longestRef(tokens, index, clock));
  return known.get(index);
}

function longestRef(tokens: Tokens, index: number, clock: LocalClock): Read<Ref> | undefined {
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
  const time = parseTimeOfDay(tokens, day.next) ?? bareHours(tokens, day.next) ?? fourDigits(tokens, day.next);
  // "hier depuis 18h" and "hier après 18h" stay within the day; a second day may follow a range's first end.
  if (!time) return day;
  const closer = time.value.kind === "part" ? timeInPart(tokens, time.next, time.value.part) : undefined;
  if (closer && time.value.kind === "part" && time.value.part === "night") {
    const evening = dayOf(day.value, clock);
    return evening === undefined ? day : timeInNight(tokens, { value: day.value, next: time.next }, evening, clock);
  }
  return { value: { ...day.value, time: closer?.value ?? time.value }, next: closer?.next ?? time.next };
}

const links = words("de d du of on le la l the ce cette this");

/** `8h lundi`, `le matin du 12`, `entre 2h et 6h hier`, `noon yesterday`, `la soirée d'hier`. */
function timeAndDay(tokens: Tokens, index: number, clock: LocalClock): Read<Ref> | undefined {
  const sure = parseTimeOfDay(tokens, index) ?? noonAlone(tokens, index);
  const time = sure ?? hourBeforeDay(tokens, index);
  if (!time || (/^(depuis|since|from)$/.test(wordAt(tokens, index)) && time.value.kind === "after")) return undefined;
  const day =
    parseDay(tokens, skip(tokens, time.next, links, 2), clock) ?? parseDay(tokens, time.next, clock) ?? todayPart(tokens, time.next, clock);
  if (!day || dayOf(day.value, clock) === undefined) return undefined;
  // "at 6 yesterday evening", "à 8h lundi soir": the part says which half of the day.
  const partAt = skip(tokens, day.next, words("in the au dans la l"), 2);
  const part = time.value.kind === "part" ? undefined : dayPartAt(tokens, partAt);
  const within = part && part !== "noon" && part !== "midnight" && part !== "night" ? inPart(time, part) : undefined;
  return { value: { ...day.value, time: within?.value ?? time.value }, next: within ? partAt + 1 : day.next };
}

/** The day of "ce matin" and "this evening", which a reading of the clock before it belongs to. */
function todayPart(tokens: Tokens, index: number, clock: LocalClock): Read<DayLike> | undefined {
  const start = skip(tokens, index, words("in du de"), 1);
  const part = /^(ce|cet|cette|this)$/.test(wordAt(tokens, start)) ? dayPartAt(tokens, start + 1) : undefined;
  return part === "morning" || part === "afternoon" || part === "evening"
    ? { value: { kind: "day", day: clock.today, name: "span" }, next: start + 1 }
    : undefined;
}

function noonAlone(tokens: Tokens, index: number): Read<TimeRef> | undefined {
  const read = parseClockEnd(tokens, index);
  return read?.value.sure ? { value: { kind: "clock", clock: read.value.clock, around: false }, next: read.next } : undefined;
}

/** `il y a deux semaines`, `2 hours ago`, `a month ago`: the unit that was current then. Days are read elsewhere. */
function ago(tokens: Tokens, index: number, clock: LocalClock): Read<Ref> | undefined {
  const french = phrase(tokens, index, "il y a", "y a", "voici", "voila");
  const start = skip(tokens, french ?? index, words("about environ around the"), 1);
  const some = amount(tokens, start);
  if (!some) return weekendsAgo(tokens, french, start, clock);
  const { count, unit } = some.value;
  if (french === undefined && wordAt(tokens, some.next) !== "ago") return undefined;
  const end = french === undefined ? some.next + 1 : some.next;
  if (unit === "hours" || unit === "minutes") {
    const size = unit === "minutes" ? minuteMs : hourMs;
    const from = clock.now.getTime() - count * size;
    return span({ from: new Date(from), to: new Date(Math.min(from + size, clock.now.getTime())), name: "span" }, end);
  }
  // "a week ago" is a day, "two weeks ago" a week.
  if (unit === "weeks" && count === 1) return span({ from: clock.today - 7 * dayMs, to: clock.today - 6 * dayMs, name: "span" }, end);
  const whole = calendarSpan(unit, -count, clock);
  return whole && span({ ...whole, name: "span" }, end);
}

/** `il y a deux week-ends`, `two weekends ago` */
function weekendsAgo(tokens: Tokens, french: number | undefined, start: number, clock: LocalClock): Read<Ref> | undefined {
  const count = spokenNumber(tokens[start]);
  if (count === undefined || wordAt(tokens, start + 1) !== "weekend") return undefined;
  if (french === undefined && wordAt(tokens, start + 2) !== "ago") return undefined;
  const saturday = startOfWeek(clock.today) + 5 * dayMs;
  const last = clock.today > saturday + dayMs ? saturday : saturday - 7 * dayMs;
  const from = last - (count - 1) * 7 * dayMs;
  return span({ from, to: from + 2 * dayMs, name: "span" }, start + (french === undefined ? 3 : 2));
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
