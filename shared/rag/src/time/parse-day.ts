import { amount } from "./parse-amount.js";
import { dayPartAt, parseClockEnd } from "./parse-clock.js";
import { afterDay, canFollowDay, dateToken, dayNumber, holiday, isCount, monthDate, yearAt } from "./parse-date.js";
import type { DayLike, WindowName } from "./time-ref.js";
import { type Read, phrase, skip, wordAt, words } from "./token-reader.js";
import type { Token } from "./tokenize.js";
import { isPluralDay, isShortDay, monthOf, ordinalNamed, weekdayNamed } from "./vocabulary.js";
import { type LocalClock, dayMs, partsOf, startOfMonths, startOfWeek, wallOf, weekdayOf } from "./wall-time.js";

type Tokens = readonly Token[];
const articles = words("le la les l the ce cet cette this that on du de d of au aux dans en in pour sur for during pendant journee date c");

const lastWords = words("derniere passe last past precedent");

/** One day: a name, a weekday, a date, a day of the month; the date may be one that does not exist. */
export function parseDay(tokens: Tokens, index: number, clock: LocalClock): Read<DayLike> | undefined {
  const start = skip(tokens, index, articles, 4);
  return (
    offsetDay(tokens, start, clock) ??
    nthWeekday(tokens, start, clock) ??
    weekday(tokens, start, clock) ??
    dateToken(tokens, start, start > index) ??
    monthDate(tokens, start) ??
    holiday(tokens, start) ??
    dayOfMonth(tokens, start, index, clock)
  );
}

const named = (clock: LocalClock, days: number, next: number, name?: WindowName): Read<DayLike> => ({
  value: { kind: "day", day: clock.today + days * dayMs, name: name ?? nameOf(days) },
  next,
});

const nameOf = (days: number): WindowName =>
  days === 0 ? "today" : days === -1 ? "yesterday" : days === -2 ? "dayBefore" : days === 1 ? "tomorrow" : "span";

function offsetDay(tokens: Tokens, index: number, clock: LocalClock): Read<DayLike> | undefined {
  const token = tokens[index];
  if (token?.kind === "offset") return named(clock, token.days, index + 1);
  const before = phrase(tokens, index, "day before yesterday", "before yesterday", "jour avant hier");
  if (before !== undefined && wordAt(tokens, index) !== "before") return named(clock, -2, before);
  const working = phrase(
    tokens,
    index,
    "derniere jour ouvre",
    "jour ouvre precedent",
    "veille ouvree",
    "last business day",
    "last working day",
    "precedent business day",
    "precedent working day",
  );
  if (working !== undefined)
    return named(clock, weekdayOf(clock.today) === 1 ? -3 : weekdayOf(clock.today) === 7 ? -2 : -1, working, "span");
  const after = phrase(tokens, index, "day after tomorrow");
  if (after !== undefined) return named(clock, 2, after);
  switch (wordAt(tokens, index)) {
    case "aujourdhui":
    case "today":
      return named(clock, 0, index + 1);
    case "hier":
    case "yesterday":
    case "veille":
      return named(clock, -1, index + 1);
    case "avanthier":
    case "ereyesterday":
      return named(clock, -2, index + 1);
    case "demain":
    case "tomorrow":
      return named(clock, 1, index + 1);
    case "apresdemain":
      return named(clock, 2, index + 1);
    case "": // "il y a 3 jours" has no name for its day
      break;
  }
  const ago = daysAgo(tokens, index);
  return ago && named(clock, -ago.value, ago.next);
}

/** `il y a 3 jours`, `3 days ago`, `a week ago today`. */
function daysAgo(tokens: Tokens, index: number): Read<number> | undefined {
  const french = phrase(tokens, index, "il y a", "y a", "voici", "voila");
  const some = amount(tokens, french ?? index);
  if (some?.value.unit !== "days") return undefined;
  if (french !== undefined) return { value: some.value.count, next: some.next };
  return wordAt(tokens, some.next) === "ago" ? { value: some.value.count, next: some.next + 1 } : undefined;
}

/** `lundi`, `lundi dernier`, `last Monday`, `mar. 10 nov.`, `mardi de la semaine dernière`, `next Friday`. */
function weekday(tokens: Tokens, index: number, clock: LocalClock): Read<DayLike> | undefined {
  const weekFirst = weekAround(tokens, index);
  const dayInWeek = weekFirst && weekdayNamed(wordAt(tokens, weekFirst.next));
  if (weekFirst && dayInWeek !== undefined) {
    const monday = startOfWeek(clock.today) + weekFirst.value * 7 * dayMs;
    return { value: { kind: "day", day: monday + (dayInWeek - 1) * dayMs, name: "span" }, next: weekFirst.next + 1 };
  }
  const lead =
    lastWords.has(wordAt(tokens, index)) || wordAt(tokens, index) === "prochain" || wordAt(tokens, index) === "this" ? index + 1 : index;
  const word = wordAt(tokens, lead);
  const day = weekdayNamed(word);
  if (day === undefined || isPluralDay(word)) return undefined;
  const following = skip(tokens, lead + 1, words("le the du of"), 2);
  const date = dateToken(tokens, following, true) ?? monthDate(tokens, following) ?? plainDayOfMonth(tokens, following, lead + 1);
  if (date?.value.kind === "date") return { value: { ...date.value, weekday: day }, next: date.next };
  if (isShortDay(word) && !isSureShortDay(tokens, lead)) return undefined;
  const week = weekAround(tokens, lead + 1);
  if (week)
    return { value: { kind: "day", day: startOfWeek(clock.today) + (week.value * 7 + day - 1) * dayMs, name: "span" }, next: week.next };
  const after = wordAt(tokens, lead + 1);
  if (wordAt(tokens, index) === "prochain" || after === "prochain") {
    const ahead = (day - weekdayOf(clock.today) + 7) % 7 || 7;
    return { value: { kind: "day", day: clock.today + ahead * dayMs, name: "span" }, next: lead + (after === "prochain" ? 2 : 1) };
  }
  // "lundi en huit" is the Monday after the next one.
  const eight = wordAt(tokens, lead + 1) === "en" ? ["huit", "quinze"].indexOf(wordAt(tokens, lead + 2)) : -1;
  if (eight >= 0) {
    const ahead = ((day - weekdayOf(clock.today) + 7) % 7 || 7) + 7 * (eight + 1);
    return { value: { kind: "day", day: clock.today + ahead * dayMs, name: "span" }, next: lead + 3 };
  }
  // "the Friday before last", "le mardi d'avant": a week before the latest one.
  const earlier = phrase(tokens, lead + 1, "before last", "d avant", "avant derniere", "avantderniere");
  if (earlier !== undefined || wordAt(tokens, index - 1) === "avantderniere") {
    const latest = clock.today - dayMs - ((weekdayOf(clock.today - dayMs) - day + 7) % 7) * dayMs;
    return { value: { kind: "day", day: latest - 7 * dayMs, name: "span" }, next: earlier ?? lead + 1 };
  }
  // "ce vendredi" said on a Friday is today.
  if (/^(ce|this)$/.test(wordAt(tokens, lead - 1)) && day === weekdayOf(clock.today))
    return { value: { kind: "day", day: clock.today, name: "today" }, next: lead + 1 };
  return { value: { kind: "weekday", weekday: day }, next: lead + (lastWords.has(after) && after !== "past" ? 2 : 1) };
}

const dayJoiners = words("et and au a to through until till ou or jusqu");
const englishDays = words("mon tue tues wed thu thur thurs fri sat sun");

/** "lun.", "Mon-Wed", "Tue night", "since Fri", "last Thu": a short form that cannot be another word there. */
function isSureShortDay(tokens: Tokens, index: number): boolean {
  const token = tokens[index];
  const [previous, next] = [wordAt(tokens, index - 1), wordAt(tokens, index + 1)];
  if ((token?.kind === "word" && token.dotted) || /^thu(rs?)?$/.test(wordAt(tokens, index))) return true;
  if (lastWords.has(next) || next === "prochain" || lastWords.has(previous)) return true;
  if (dayPartAt(tokens, index + 1) !== undefined && wordAt(tokens, index) !== "mon") return true;
  if (parseClockEnd(tokens, index + 1)?.value.sure) return true;
  const joins = (at: number) => tokens[at]?.kind === "hyphen" || dayJoiners.has(wordAt(tokens, at));
  const isDay = (at: number) => weekdayNamed(wordAt(tokens, at)) !== undefined;
  if ((joins(index + 1) && isDay(index + 2)) || (joins(index - 1) && isDay(index - 2))) return true;
  return englishDays.has(wordAt(tokens, index)) && /^(on|since|until|before|after|this)$/.test(previous) && canFollowDay(tokens, index + 1);
}

/** `de la semaine dernière`, `last week`, `of this week`, `d'avant`: weeks from the current one. */
export function weekAround(tokens: Tokens, index: number): Read<number> | undefined {
  const start = skip(tokens, index, words("de la of the in en"), 3);
  const forms: [number, readonly string[]][] = [
    [0, ["cette semaine", "this week", "ce week", "semaine en cours", "current week"]],
    [-1, ["semaine derniere", "semaine passe", "semaine precedent", "derniere semaine", "last week", "precedent week", "past week"]],
    [-2, ["week before last", "semaine avant derniere"]],
    [1, ["semaine prochain", "prochain week", "prochain semaine"]],
  ];
  for (const [value, phrases] of forms) {
    const next = phrase(tokens, start, ...phrases);
    if (next !== undefined) return { value, next };
  }
  return undefined;
}

const countMax = 5;

/** `premier lundi de novembre`, `the last Friday of October`, `dernier vendredi du mois dernier`. */
function nthWeekday(tokens: Tokens, index: number, clock: LocalClock): Read<DayLike> | undefined {
  const token = tokens[index];
  const isLast = lastWords.has(wordAt(tokens, index));
  const nth = isLast ? -1 : token?.kind === "number" && token.ordinal ? token.value : ordinalNamed(wordAt(tokens, index));
  const day = weekdayNamed(wordAt(tokens, index + 1));
  if (nth === undefined || nth > countMax || day === undefined) return undefined;
  const month = monthAround(tokens, index + 2, clock);
  if (!month) return undefined;
  const first = month.value;
  const length = Math.round((startOfMonths(first, 1, 1) - first) / dayMs);
  const firstSuch = 1 + ((day - weekdayOf(first) + 7) % 7);
  const wanted = nth > 0 ? firstSuch + (nth - 1) * 7 : firstSuch + Math.floor((length - firstSuch) / 7) * 7;
  const { year, month: number } = partsOf(first);
  return { value: { kind: "date", day: wanted, month: number, year }, next: month.next };
}

/** `du mois dernier`, `of this month`, `de novembre (2025)`: the first day of that month. */
function monthAround(tokens: Tokens, index: number, clock: LocalClock): Read<number> | undefined {
  const start = skip(tokens, index, words("du de d of the le l ce this in en au"), 3);
  const relative: [number, readonly string[]][] = [
    [-1, ["mois derniere", "mois passe", "mois precedent", "derniere mois", "last month", "precedent month"]],
    [1, ["mois prochain", "prochain month", "prochain mois"]],
    [0, ["mois en cours", "mois ci", "mois courant", "current month", "this month", "ce mois", "mois", "month"]],
  ];
  for (const [offset, phrases] of relative) {
    const next = phrase(tokens, start, ...phrases);
    if (next !== undefined && start > index) return { value: startOfMonths(clock.today, 1, offset), next };
  }
  const month = monthOf(wordAt(tokens, start));
  if (month === undefined || start === index) return undefined;
  const year = yearAt(tokens, start + 1);
  if (year) return { value: wallOf(year.value, month, 1), next: year.next };
  const { year: thisYear, month: thisMonth } = partsOf(clock.today);
  return { value: wallOf(month > thisMonth ? thisYear - 1 : thisYear, month, 1), next: start + 1 };
}

const dayArticles = words("le on du au");

/** `le 12`, `the 12th`, `on the 3rd`, `le 12 du mois dernier`. A plain number needs an article and no noun behind it. */
function dayOfMonth(tokens: Tokens, index: number, begin: number, clock: LocalClock): Read<DayLike> | undefined {
  const token = tokens[index];
  const day = dayNumber(tokens, index);
  if (day === undefined) return undefined;
  const month = monthAround(tokens, index + 1, clock);
  // "top 3 en juillet" counts; "le 12 en novembre" is a day.
  const loose = /^(en|in|ce|this|au)$/.test(wordAt(tokens, index + 1)) && !dayArticles.has(wordAt(tokens, index - 1));
  if (month && !loose) {
    const { year, month: number } = partsOf(month.value);
    return { value: { kind: "date", day, month: number, year }, next: month.next };
  }
  if (token?.kind !== "number" || token.value > 99 || isCount(tokens, index + 1)) return undefined;
  const article = wordAt(tokens, index - 1);
  const articled = index > begin && (dayArticles.has(article) || (token.ordinal && article === "the"));
  const following = tokens[index + 1];
  const free = following === undefined || canFollowDay(tokens, index + 1);
  return articled && free ? { value: { kind: "date", day }, next: index + 1 } : undefined;
}

/** The number after a weekday: "lundi 16", "Monday the 16th". */
function plainDayOfMonth(tokens: Tokens, index: number, begin: number): Read<DayLike> | undefined {
  const token = tokens[index];
  if (token?.kind !== "number" || token.value > 99 || token.value === 0 || isCount(tokens, index + 1)) return undefined;
  const following = tokens[index + 1];
  const free = following === undefined || following.kind !== "word" || afterDay.has(following.text);
  return free || index > begin ? { value: { kind: "date", day: token.value }, next: index + 1 } : undefined;
}
