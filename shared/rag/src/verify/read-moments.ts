import type { Token } from "./tokens.js";
import type { Found } from "./read-numbers.js";

const months = [
  "janvier|janv|january|jan",
  "fevrier|fevr|fev|february|feb",
  "mars|march|mar",
  "avril|avr|april|apr",
  "mai|may",
  "juin|june|jun",
  "juillet|juil|july|jul",
  "aout|august|aug",
  "septembre|sept|september|sep",
  "octobre|oct|october",
  "novembre|nov|november",
  "decembre|dec|december",
];
const weekdays = [
  "dimanche|dim|sunday|sun",
  "lundi|lun|monday|mon",
  "mardi|mar|tuesday|tue",
  "mercredi|mer|wednesday|wed",
  "jeudi|jeu|thursday|thu",
  "vendredi|ven|friday|fri",
  "samedi|sam|saturday|sat",
];
const month = `(?<month>${months.join("|")})\\.?(?![a-z])`;
const weekday = `(?:(?<weekday>${weekdays.join("|")})\\.?,?\\s+(?:the |le )?)?`;
const year = "(?:,?\\s+(?<year>(?:19|20)\\d{2})(?![\\d:]))?";
const dates = [
  `(?<year>(?:19|20)\\d{2})-(?<monthNumber>\\d{2})-(?<day>\\d{2})(?!\\d)`,
  `${weekday}(?<day>\\d{1,2})\\s*(?:er|st|nd|rd|th)?(?: of)?\\s+${month}${year}`,
  `${weekday}${month}\\s+(?<day>\\d{1,2})(?:st|nd|rd|th)?(?![\\d:])${year}`,
  `${weekday}(?<day>\\d{1,2})/(?<monthNumber>\\d{1,2})/(?<year>(?:19|20)?\\d{2})(?![\\d/])`,
  `${weekday}(?<day>\\d{2})/(?<monthNumber>\\d{2})(?![\\d/])`,
].map((source) => new RegExp(source, "y"));
/** The first of two days that share their month: "3" in "du 3 au 5 mai". */
const sharedMonth = new RegExp(
  `(?<day>\\d{1,2})(?:er|st|nd|rd|th)?(?=\\s*(?:au|et|ou|a|to|and|or|-|–|,)\\s*(?:${weekdays.join("|")})?\\.?\\s*\\d{1,2}(?:er|st|nd|rd|th)?\\s+${month})`,
  "y",
);
const monthAlone = new RegExp(`${month}(?:\\s+(?<year>(?:19|20)\\d{2})(?!\\d))?`, "y");
const weekdayAlone = new RegExp(
  `(?<weekday>${weekdays
    .map((names) =>
      names
        .split("|")
        .filter((name) => name.length > 3)
        .join("|"),
    )
    .join("|")})s?(?![a-z])`,
  "y",
);
const yearAlone = /(?<=\b(?:en|in|annee|year|l'annee)\s)(?<year>(?:19|20)\d{2})(?![\d-])/y;

const clocks = [
  /(?<hour>[01]?\d|2[0-4]):(?<minute>[0-5]\d)(?::[0-5]\d)?(?!\d|:\d)(?:\s*(?<half>am|pm))?/y,
  /(?<hour>\d{1,2})\s?(?<half>am|pm|a\.m\.|p\.m\.)(?![a-z])/y,
  /(?<hour>[01]?\d|2[0-4])h(?<minute>[0-5]\d)(?![\d\p{L}])/uy,
  /(?<named>midi|minuit|noon|midnight)(?![\p{L}-])/uy,
];
const unitMs: readonly (readonly [RegExp, number])[] = [
  [/^(?:ms|millisecondes?|milliseconds?|msec)$/, 1],
  [/^(?:s|sec|secs|secondes?|seconds?)$/, 1_000],
  [/^(?:m|min|mn|mins|minutes?)$/, 60_000],
  [/^(?:h|hr|hrs|heures?|hours?)$/, 3_600_000],
  [/^(?:j|jours?|d|days?)$/, 86_400_000],
  [/^(?:semaines?|weeks?)$/, 7 * 86_400_000],
  [/^(?:mois|months?)$/, 30 * 86_400_000],
];
const spaces = "[ \\u00a0\\u202f]*";
const durationPart = new RegExp(
  `(\\d+(?:[.,]\\d+)?)${spaces}(millisecondes?|milliseconds?|ms|secondes?|seconds?|secs?|minutes?|mins?|mn|heures?|hours?|hrs?|jours?|days?|semaines?|weeks?|mois|months?|[smhj])(?![\\p{L}\\d])`,
  "uy",
);
const afterHours = new RegExp(`${spaces}(\\d{2})(?![\\d\\p{L}:])`, "uy");
const joint = new RegExp(`(?:${spaces}|${spaces}(?:et|and)${spaces})(?=\\d)`, "y");

const indexOf = (list: readonly string[], name: string): number => list.findIndex((names) => names.split("|").includes(name));
const two = (value: number): string => String(value).padStart(2, "0");

/** A date at a place of a folded text: `mar. 5 mai`, `05/05/2026` (day first), `May 5, 2026`, `2026-05-05`. */
export function readDate(text: string, at: number): Found<Token> | undefined {
  for (const pattern of [...dates, sharedMonth]) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) continue;
    const { day = "", month: named, monthNumber, year: said, weekday: dayName } = match.groups ?? {};
    const number = named === undefined ? Number(monthNumber) : indexOf(months, named) + 1;
    if (number < 1 || number > 12 || Number(day) < 1 || Number(day) > 31) continue;
    const yearNumber = said === undefined ? null : said.length === 2 ? 2_000 + Number(said) : Number(said);
    return {
      value: {
        is: "date",
        day: `${two(number)}-${two(Number(day))}`,
        year: yearNumber,
        weekday: dayName === undefined ? null : indexOf(weekdays, dayName),
      },
      length: match[0].length,
    };
  }
  return undefined;
}

/** A month, a year or a day of the week by itself. */
export function readNamedPeriod(text: string, at: number): Found<Token> | undefined {
  weekdayAlone.lastIndex = at;
  const day = weekdayAlone.exec(text);
  if (day) return { value: { is: "period", key: `weekday:${indexOf(weekdays, day.groups?.["weekday"] ?? "")}` }, length: day[0].length };
  monthAlone.lastIndex = at;
  const found = monthAlone.exec(text);
  const name = found?.groups?.["month"] ?? "";
  // "may" is a verb, "mar" and "sept" are other words: alone, only long names are months, or any with a year.
  if (found && ((name.length > 3 && name !== "sept" && name !== "mars") || /^(?:mai|mars|juin|aout)$/.test(name) || found.groups?.["year"]))
    return {
      value: { is: "period", key: `month:${found.groups?.["year"] ? `${found.groups["year"]}-` : ""}${two(indexOf(months, name) + 1)}` },
      length: found[0].length,
    };
  yearAlone.lastIndex = at;
  const year = yearAlone.exec(text);
  return year ? { value: { is: "period", key: `year:${year[0]}` }, length: year[0].length } : undefined;
}

/** A time of day: `07:25`, `8h15`, `8 pm`, `midi`. */
export function readClock(text: string, at: number): Found<Token> | undefined {
  for (const pattern of clocks) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) continue;
    const { hour = "", minute = "0", half = "", named } = match.groups ?? {};
    if (named !== undefined) return { value: { is: "clock", minute: /^mi(?:di)$|^noon$/.test(named) ? 720 : 0 }, length: match[0].length };
    const pm = half.startsWith("p") && Number(hour) < 12 ? 12 : half.startsWith("a") && Number(hour) === 12 ? -12 : 0;
    return { value: { is: "clock", minute: ((Number(hour) + pm) * 60 + Number(minute)) % 1_440 }, length: match[0].length };
  }
  return undefined;
}

/** A length of time: `41 s`, `3 min 20 s`, `1 h 05`, `90 secondes`, `2 days`. */
export function readDuration(text: string, at: number): Found<Token> | undefined {
  let position = at;
  let ms = 0;
  let parts = 0;
  let unit = 0;
  let clock: number | null = null;
  for (;;) {
    durationPart.lastIndex = position;
    const match = durationPart.exec(text);
    if (!match) break;
    const [all, digits = "", name = ""] = match;
    const size = unitMs.find(([pattern]) => pattern.test(name))?.[1] ?? 0;
    if (parts > 0 && size >= unit) break;
    ms += Number(digits.replace(",", ".")) * size;
    unit = size;
    parts += 1;
    position += all.length;
    if (size === 3_600_000) {
      clock = parts === 1 && Number(digits) <= 24 ? Number(digits) * 60 : null;
      afterHours.lastIndex = position;
      const minutes = afterHours.exec(text);
      // "2 h 28 s" has a unit of its own, and is no time of day.
      durationPart.lastIndex = position + (minutes?.[0].search(/\d/) ?? 0);
      if (minutes && Number(minutes[1]) < 60 && !durationPart.test(text)) {
        ms += Number(minutes[1]) * 60_000;
        if (clock !== null) clock += Number(minutes[1]);
        position += minutes[0].length;
        break;
      }
    }
    joint.lastIndex = position;
    const gap = joint.exec(text)?.[0] ?? "";
    durationPart.lastIndex = position + gap.length;
    const more = durationPart.exec(text);
    if (!more || (unitMs.find(([pattern]) => pattern.test(more[2] ?? ""))?.[1] ?? 0) >= unit) break;
    clock = null;
    position += gap.length;
  }
  return parts === 0
    ? undefined
    : { value: { is: "duration", ms: Math.round(ms), clock: clock === null ? null : clock % 1_440 }, length: position - at };
}
