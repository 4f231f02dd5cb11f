import { canFollowDay, isSureMonth, yearAt } from "./parse-date.js";
import { parseSlice } from "./parse-slice.js";
import { span } from "./time-expression.js";
import { type Ref, sliced } from "./time-ref.js";
import { type Read, phrase, skip, wordAt, words } from "./token-reader.js";
import type { Token } from "./tokenize.js";
import { monthOf, ordinalNamed, unitOf } from "./vocabulary.js";
import { type LocalClock, dayMs, isoWeek, startOfMonths, startOfWeek, wallOf } from "./wall-time.js";

type Tokens = readonly Token[];
const monthMarks = words(
  "en in de du d of depuis since mois le la l the au for pour sur mid mi fin debut early late entre between last this ce cet month until before avant during pendant jusqu et courant a to through contre vs versus against",
);

/** `en octobre`, `octobre 2025`, `fin octobre`, `mi-octobre`, `11/2025`, `last October`. */
export function month(tokens: Tokens, index: number, clock: LocalClock): Read<Ref> | undefined {
  const slice = parseSlice(tokens, index);
  const begin = slice ? slice.next : index;
  const start = skip(
    tokens,
    begin,
    words("en in de du d of mois le the au for pour sur l courant during pendant month tout all last derniere this ce"),
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
  const today = new Date(clock.wall);
  // "juillet dernier" said in July is that of last year.
  const isLast = (lastOne !== undefined || /^(last|derniere)$/.test(wordAt(tokens, start - 1))) && number === today.getUTCMonth() + 1;
  const lastYear = relative === undefined && !isLast ? undefined : today.getUTCFullYear() - 1;
  const value: Ref = {
    kind: "month",
    month: number,
    ...(year ? { year: year.value } : lastYear !== undefined ? { year: lastYear } : {}),
    ...(slice && { slice: slice.value }),
  };
  return { value, next: year?.next ?? relative ?? lastOne ?? start + 1 };
}

/** `T3 2026`, `Q3`, `3e trimestre 2025`, `premier semestre`, `semaine 46`, `week 46 of 2026`, `2026-W46`. */
export function quarterOrWeek(tokens: Tokens, index: number, clock: LocalClock): Read<Ref> | undefined {
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
      return marked || letter === "w" || digits.length === 2
        ? weekSpan(year?.value ?? weekYear(Number(digits), clock), Number(digits), year?.next ?? start + 1)
        : undefined;
    const months = letter === "t" || letter === "q" ? 3 : 6;
    if ((months === 6 && !marked) || Number(digits) < 1 || Number(digits) > 12 / months) return undefined;
    return nthPeriod(months, Number(digits), year, start + 1, clock);
  }
  if (unitOf(wordAt(tokens, start)) === "weeks") {
    const at = skip(tokens, start + 1, words("numero number n no iso"), 1);
    return numberedWeek(tokens, at, clock);
  }
  // "S 46", and not the "s" of "s'est" or a size.
  const spaced = tokens[start + 1];
  if (
    wordAt(tokens, start) === "s" &&
    tokens[start - 1]?.kind !== "number" &&
    spaced?.kind === "number" &&
    /^\d\d$/.test(spaced.text) &&
    canFollowDay(tokens, start + 2)
  )
    return numberedWeek(tokens, start + 1, clock);
  const lastOfYear = /^(derniere|last)$/.test(wordAt(tokens, start)) && yearAt(tokens, start + 2) !== undefined;
  const lastNumber = unitOf(wordAt(tokens, start + 1)) === "quarters" ? 4 : 2;
  const nth = lastOfYear ? lastNumber : token?.kind === "number" && token.ordinal ? token.value : ordinalNamed(wordAt(tokens, start));
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

/** The 46 of "semaine 46", and the second one of "semaines 45 et 46". */
function numberedWeek(tokens: Tokens, index: number, clock: LocalClock): Read<Ref> | undefined {
  const first = tokens[index];
  if (first?.kind !== "number" || first.text.length > 2) return undefined;
  const joiner = wordAt(tokens, index + 1);
  const second = tokens[index + 2];
  const several = /^(et|and|a|au|to)$/.test(joiner) || tokens[index + 1]?.kind === "hyphen";
  if (several && second?.kind === "number" && second.text.length <= 2 && canFollowDay(tokens, index + 3)) {
    if (/^(et|and)$/.test(joiner) && second.value !== first.value + 1) return undefined;
    const year = yearAt(tokens, index + 3);
    const [from, to] = [first.value, second.value].map((week) => isoWeek(year?.value ?? weekYear(first.value, clock), week));
    return from !== undefined && to !== undefined && from <= to
      ? span({ from, to: to + 7 * dayMs, name: "span" }, year?.next ?? index + 3)
      : undefined;
  }
  const year = yearAt(tokens, index + 1);
  return weekSpan(year?.value ?? weekYear(first.value, clock), first.value, year?.next ?? index + 1);
}

function weekSpan(year: number, week: number, next: number): Read<Ref> | undefined {
  const monday = isoWeek(year, week);
  return monday === undefined ? undefined : span({ from: monday, to: monday + 7 * dayMs, name: "span" }, next);
}

const yearMarks = words(
  "en in annee year depuis since de of pour for l avant before apres after jusqu until an entre between during pendant sur over echecs erreurs failures errors plantages bilan",
);

const yearNouns =
  /^(runs?|echecs?|failures?|executions?|fichiers?|files?|records?|enregistrements?|lignes?|rows?|jobs?|pipelines?|flux|erreurs?|errors?|ms|kb|mb|go)$/;

/** `en 2025`, `l'année 2025`, `fin 2025`, `mi-2026`: four digits are a year after a word that says so, and nowhere else. */
export function yearAlone(tokens: Tokens, index: number): Read<Ref> | undefined {
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
  const next = tokens[start + 1];
  // "2015 échecs" counts them; "en 2015 : échecs par techno" does not.
  const beside = next !== undefined && next.start - token.end <= 1;
  if ((beside && yearNouns.test(wordAt(tokens, start + 1))) || next?.kind === "opaque") return undefined;
  const whole = { from: wallOf(token.value, 1, 1), to: wallOf(token.value + 1, 1, 1) };
  return span({ ...(slice ? sliced(whole.from, whole.to, slice.value) : whole), name: "span" }, start + 1);
}
