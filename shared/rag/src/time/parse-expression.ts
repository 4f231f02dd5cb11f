import { parseClockEnd, parseClockRange } from "./parse-clock.js";
import { canFollowDay } from "./parse-day.js";
import { bareDay, parseRef } from "./parse-period.js";
import { clockMs, dayOf, spanOf, timeOn, type Anchor, type Bound, type DayLike, type Ref, type Span } from "./time-ref.js";
import { phrase, skip, wordAt, words, type Read } from "./token-reader.js";
import { spokenNumber, type Token } from "./tokenize.js";
import { unitOf, type Unit } from "./vocabulary.js";
import { addMonths, dayMs, hourMs, minuteMs, type LocalClock, type Wall } from "./wall-time.js";

type Tokens = readonly Token[];
/** A window as the question says it. `ends` are the two periods of "between A and B", which a comparison looks at one by one. */
export type TimeExpression =
  | { readonly kind: "span"; readonly span: Span; readonly ends?: readonly [Span, Span] }
  | { readonly kind: "ref"; readonly ref: Ref }
  /** Speaks of time, and is none: 31 February. */
  | { readonly kind: "impossible" };

/** The longest expression that begins at a token. */
export function parseExpression(tokens: Tokens, index: number, clock: LocalClock): Read<TimeExpression> | undefined {
  if (comparesDuration(tokens, index) || /^(chaque|every|each)$/.test(wordAt(tokens, index - 1))) return undefined;
  let best: Read<TimeExpression> | undefined;
  for (const parser of [allTime, rolling, range, single, since, before]) {
    const read = parser(tokens, index, clock);
    if (read && read.next > (best?.next ?? 0)) best = read;
  }
  return best;
}

/** "plus de 2 heures", "longer than 10 minutes": how long something took, and no time. */
const comparesDuration = (tokens: Tokens, index: number): boolean => {
  const previous = wordAt(tokens, index - 1);
  const word = wordAt(tokens, index);
  const than =
    /^(plus|moins|more|less|longer|shorter|greater|slower|faster|superieur|superieure|superieures|inferieur|inferieure|depasse|depassant|exceeding)$/;
  const joins = /^(de|than|a|d)$/;
  return (
    (than.test(previous) && joins.test(word)) ||
    (than.test(wordAt(tokens, index - 2)) && joins.test(previous)) ||
    /^(depasse|depassant|exceeding|exceed)$/.test(previous)
  );
};

const asSpan = (span: Span | undefined, next: number, ends?: readonly [Span, Span]): Read<TimeExpression> => ({
  value: span ? { kind: "span", span, ...(ends && { ends }) } : { kind: "impossible" },
  next,
});

function single(tokens: Tokens, index: number, clock: LocalClock): Read<TimeExpression> | undefined {
  const read = parseRef(tokens, index, clock);
  return read && { value: { kind: "ref", ref: read.value }, next: read.next };
}

function allTime(tokens: Tokens, index: number, clock: LocalClock): Read<TimeExpression> | undefined {
  const next =
    phrase(
      tokens,
      index,
      "depuis toujours",
      "of all time",
      "all time",
      "de tout temps",
      "de tous les temps",
      "tous temps",
      "depuis l origine",
      "since ever",
      "since forever",
    ) ??
    ending(
      tokens,
      phrase(
        tokens,
        index,
        "depuis le debut",
        "since the beginning",
        "since the start",
        "from the beginning",
        "from the start",
        "depuis le depart",
      ),
    );
  return next === undefined ? undefined : asSpan({ from: undefined, to: clock.now, name: "allTime" }, next);
}

/** "depuis le début" of nothing else: "depuis le début du mois" is another phrase. */
const ending = (tokens: Tokens, next: number | undefined): number | undefined =>
  next !== undefined && /^(de|d|du|of)$/.test(wordAt(tokens, next)) ? undefined : next;

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
function rolling(tokens: Tokens, index: number, clock: LocalClock): Read<TimeExpression> | undefined {
  const start = skip(tokens, index, opening, 5);
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
  const sinceHour = tokens[start]?.kind === "clock" && count < 24 && /^(depuis|since)$/.test(lead.at(-1) ?? "");
  const glued = tokens[start]?.end === tokens[counted.next - 1]?.start || (tokens[start]?.kind === "clock" && count >= 24);
  if (glued && (unit === "days" || unit === "hours" || unit === "weeks")) return asSpan(back(clock, count, unit), counted.next);
  const marked = /^(depuis|sur|over|within|pendant|durant|ces|for|since)$/.test(lead.find((word) => word !== "les") ?? "");
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

const fromWords = words("du de d des from since");
const toWords = words("au a to until till through thru jusqu jusque");

/** `entre lundi et mercredi`, `du 3 au 7 novembre`, `from Monday to Wednesday`, `3-7 November`, `de lundi 8h à mardi 10h`. */
function range(tokens: Tokens, index: number, clock: LocalClock): Read<TimeExpression> | undefined {
  const opener = wordAt(tokens, index);
  const between = opener === "entre" || opener === "between";
  const from = fromWords.has(opener) || phrase(tokens, index, "a partir de", "depuis") !== undefined;
  const opened = between || from;
  const start = opened ? skip(tokens, index + (opener === "a" ? 3 : 1), words("le la les the l"), 1) : index;
  const clockOnly = parseClockRange(tokens, index);
  const articled = opener === "du" || start > index + 1;
  const firsts = [parseRef(tokens, opened ? index + (opener === "a" ? 3 : 1) : index, clock), bareEnd(tokens, start, opened)];
  let best: Read<TimeExpression> | undefined;
  for (const first of firsts) {
    if (!first) continue;
    const joiner = wordAt(tokens, first.next);
    const hyphen = tokens[first.next]?.kind === "hyphen";
    const months = !opened && first.value.kind === "month" && (joiner === "et" || joiner === "and");
    const fits = hyphen || months || (between ? joiner === "et" || joiner === "and" : toWords.has(joiner));
    if (!fits || (first.value.kind === "time" && !opened)) continue;
    let at = first.next + 1;
    if (joiner === "jusqu" || joiner === "jusque") at = skip(tokens, at, words("a au en"), 1);
    if (joiner === "until" || joiner === "till") at = skip(tokens, at, words("to"), 1);
    for (const second of [
      parseRef(tokens, at, clock),
      bareEnd(tokens, skip(tokens, at, words("le la the l"), 1), true),
      clockEnd(tokens, at),
    ]) {
      if (!second || second.next <= (best?.next ?? 0)) continue;
      if (months && second.value.kind !== "month") continue;
      if (isBare(first.value) && isBare(second.value) && !(isFree(tokens, second.next) && (articled || isOrdinal(tokens[second.next - 1]))))
        continue;
      const joined = join(first.value, second.value, clock, opened) ?? (opened || hyphen ? undefined : "unrelated");
      if (joined !== "unrelated" && !(clockOnly && joined === undefined)) best = asSpan(joined?.span, second.next, joined?.ends);
    }
  }
  return best;
}

/** Two plain numbers are days only behind an article and with no noun behind them: "between 5 and 10 failures" is a count. */
const isBare = (ref: Ref): boolean => ref.kind === "date" && ref.month === undefined && ref.weekday === undefined;
const isOrdinal = (token: Token | undefined): boolean => token?.kind === "number" && token.ordinal;
const isFree = (tokens: Tokens, next: number): boolean => tokens[next] === undefined || canFollowDay(tokens, next);

/** The 3 of "du 3 au 7 novembre", and the 2024 of "de 2024 à 2025". */
function bareEnd(tokens: Tokens, index: number, opened: boolean): Read<Ref> | undefined {
  const day = bareDay(tokens, index);
  const token = tokens[index];
  if (day && (opened || tokens[index + 1]?.kind === "hyphen")) return day;
  if (token?.kind === "number" && token.text.length === 4 && token.value >= 1970 && token.value <= 2099 && opened) {
    return {
      value: { kind: "span", span: { from: Date.UTC(token.value, 0, 1), to: Date.UTC(token.value + 1, 0, 1), name: "span" } },
      next: index + 1,
    };
  }
  return undefined;
}

function clockEnd(tokens: Tokens, index: number): Read<Ref> | undefined {
  const read = parseClockEnd(tokens, index);
  return read?.value.sure
    ? { value: { kind: "time", time: { kind: "clock", clock: read.value.clock, around: false } }, next: read.next }
    : undefined;
}

const isDay = (ref: Ref): ref is DayLike => ref.kind === "day" || ref.kind === "weekday" || ref.kind === "date";
type Joined = { readonly span: Span; readonly ends: readonly [Span, Span] };

/** From the beginning of one reference to the end of another; each lends the other what it lacks. */
function join(first: Ref, second: Ref, clock: LocalClock, opened: boolean): Joined | undefined | "unrelated" {
  if (first.kind === "time" && second.kind === "time") return "unrelated"; // hour ranges are read elsewhere
  if (first.kind === "time" && !isDay(second)) return "unrelated";
  if (first.kind === "date" && first.month === undefined && second.kind === "month") return "unrelated";
  if (second.kind === "date" && second.month === undefined && first.kind !== "date" && first.kind !== "weekday" && first.kind !== "day")
    return "unrelated";
  if (first.kind === "date" && first.month === undefined && !isDay(second)) return "unrelated";
  const [a, b] = lend(first, second);
  const found = anchored(a, b, clock);
  if (!found) return undefined;
  const [start, end] = found;
  if (start.from === undefined) return undefined;
  const { from } = start;
  const to = isDay(b) && b.time?.kind === "clock" ? b.time : undefined;
  const until = to && end.from !== undefined && typeof end.from === "number" ? end.from + (to.around ? hourMs / 2 : 0) : end.to;
  if (instantOf(until, clock) > instantOf(from, clock)) return { span: { from, to: until, name: "span" }, ends: [start, end] };
  // "entre cette semaine et la semaine dernière" names the later period first.
  const turned =
    opened &&
    (first.kind === "span" || first.kind === "day") &&
    (second.kind === "span" || second.kind === "day") &&
    end.from !== undefined;
  return turned ? { span: { from: end.from, to: start.to, name: "span" }, ends: [start, end] } : undefined;
}

/** Month, year and time that only one end says hold for both: "du 3 au 7 novembre 2025", "octobre à décembre 2025". */
function lend(a: Ref, b: Ref): [Ref, Ref] {
  if (a.kind === "date" && b.kind === "date") {
    if (a.month === undefined && b.month !== undefined) {
      const earlier = a.day > b.day;
      const month = earlier ? ((b.month + 10) % 12) + 1 : b.month;
      return [{ ...a, month, ...(b.year !== undefined && { year: earlier && b.month === 1 ? b.year - 1 : b.year }) }, b];
    }
    if (a.month !== undefined && a.year === undefined && b.year !== undefined && b.month !== undefined) {
      const before = a.month < b.month || (a.month === b.month && a.day <= b.day);
      return [{ ...a, year: before ? b.year : b.year - 1 }, b];
    }
  }
  if (a.kind === "month" && b.kind === "month" && a.year === undefined && b.year !== undefined) {
    return [{ ...a, year: a.month <= b.month ? b.year : b.year - 1 }, b];
  }
  return [a, b];
}

/** Both ends, the second the first after the first one; of weekdays the last such pair that has begun. */
function anchored(a: Ref, b: Ref, clock: LocalClock): [Span, Span] | undefined {
  const pair = (start: Span | undefined, end: Span | undefined): [Span, Span] | undefined => start && end && [start, end];
  if (a.kind === "time" && isDay(b)) {
    const day = dayOf(b, clock);
    if (day === undefined || a.time.kind !== "clock") return undefined;
    const from = day + clockMs(a.time.clock);
    return pair({ from, to: from + hourMs, name: "span" }, spanOf(b, clock));
  }
  if (b.kind === "time") {
    const start = spanOf(a, clock);
    if (!start || typeof start.from !== "number" || b.time.kind !== "clock") return undefined;
    const day = isDay(a) ? dayOf(a, clock) : undefined;
    if (day === undefined) return undefined;
    const at = timeOn(day, b.time).from;
    const to: Wall = at > start.from ? at : at + dayMs;
    return pair(start, { from: to, to, name: "span" });
  }
  if (a.kind === "weekday") {
    const anchor: Anchor = b.kind === "weekday" ? { notAfter: clock.today } : {};
    const endDay = isDay(b) ? dayOf(b, clock, b.kind === "weekday" ? anchor : {}) : undefined;
    const end = spanOf(b, clock, anchor);
    return endDay === undefined ? pair(spanOf(a, clock), end) : pair(spanOf(a, clock, { notAfter: endDay }), end);
  }
  const start = spanOf(a, clock);
  const day = isDay(a) ? dayOf(a, clock) : typeof start?.from === "number" ? start.from : undefined;
  return pair(start, spanOf(b, clock, day !== undefined && b.kind !== "day" && b.kind !== "span" ? { notBefore: day } : {}));
}

const sinceWords = words("depuis since");

/** `depuis lundi`, `since Nov 3`, `à partir du 12`, `après le 12`, `after 8am`, `from Monday on`. */
function since(tokens: Tokens, index: number, clock: LocalClock): Read<TimeExpression> | undefined {
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
  const span = spanOf(ref.value, clock);
  if (!span) return asSpan(undefined, ref.next);
  const atClock = (isDay(ref.value) && ref.value.time?.kind === "clock") || (ref.value.kind === "time" && ref.value.time.kind === "clock");
  const from = exclusive !== undefined && !atClock ? span.to : span.from;
  const on = word === "from" && wordAt(tokens, ref.next) === "on" ? 1 : 0;
  const onwards = word === "from" && /^onwards?$/.test(wordAt(tokens, ref.next)) ? 1 : on;
  if (from === undefined) return asSpan(undefined, ref.next);
  const ahead = instantOf(from, clock) >= clock.now.getTime();
  return asSpan({ from, to: ahead ? laterOf(span.to, from, clock) : clock.now, name: "since" }, ref.next + onwards);
}

const hasRange = (ref: Ref): boolean => "time" in ref && ref.time !== undefined && ref.time.kind !== "clock" && ref.time.kind !== "part";

const laterOf = (a: Bound, b: Bound, clock: LocalClock): Bound => (instantOf(a, clock) > instantOf(b, clock) ? a : (b as Wall) + dayMs);

/** A day of the month behind "du" or "le" that was taken with the preposition. */
function articled(tokens: Tokens, index: number): Read<Ref> | undefined {
  const before = wordAt(tokens, index - 1);
  return before === "du" || before === "le" ? bareDay(tokens, index) : undefined;
}

/** `avant lundi`, `before 8am`, `jusqu'au 12`, `until yesterday`. Until holds the period it names, before does not. */
function before(tokens: Tokens, index: number, clock: LocalClock): Read<TimeExpression> | undefined {
  const word = wordAt(tokens, index);
  const until = phrase(tokens, index, "jusqu au", "jusqu a", "jusqu en", "jusqu", "jusque", "up to", "until", "till", "through");
  const start = word === "avant" || word === "before" ? index + 1 : (until ?? phrase(tokens, index, "prior to"));
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
  const span = spanOf(ref.value, clock);
  if (!span || span.from === undefined) return asSpan(undefined, ref.next);
  const atClock = isDay(ref.value) && ref.value.time?.kind === "clock";
  return asSpan({ from: undefined, to: until !== undefined && !atClock ? span.to : span.from, name: "before" }, ref.next);
}

function markedYear(tokens: Tokens, index: number): Read<Ref> | undefined {
  const token = tokens[index];
  return token?.kind === "number" && token.text.length === 4 ? bareEnd(tokens, index, true) : undefined;
}

export const instantOf = (bound: Bound, clock: LocalClock): number => (typeof bound === "number" ? clock.instant(bound) : bound).getTime();
