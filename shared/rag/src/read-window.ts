import { DateTime } from "@flow-rag/kernel";

/** Half-open [from, to). `name` says which phrase it was, for the wording. */
export type TimeWindow = { readonly from: Date; readonly to: Date; readonly name: WindowName };
type WindowName =
  | "today"
  | "yesterday"
  | "dayBefore"
  | "night"
  | "thisWeek"
  | "lastWeek"
  | "thisMonth"
  | "lastMonth"
  | "day"
  | { readonly last: number; readonly unit: Unit };
type Unit = "minutes" | "hours" | "days" | "weeks";

type Reader = (match: RegExpExecArray, now: DateTime) => TimeWindow | undefined;
const between = (name: WindowName, from: DateTime, to: DateTime): TimeWindow => ({ name, from: from.toJSDate(), to: to.toJSDate() });
const day = (name: WindowName, back: number) => (_match: RegExpExecArray, now: DateTime) =>
  between(name, now.startOf("day").minus({ days: back }), now.startOf("day").minus({ days: back - 1 }));

const units: readonly (readonly [RegExp, Unit])[] = [
  [/^(min|minutes?)$/, "minutes"],
  [/^(h|hours?|heures?)$/, "hours"],
  [/^(j|d|days?|jours?)$/, "days"],
  [/^(weeks?|semaines?)$/, "weeks"],
];
const lastUnits: Reader = (match, now) => {
  const last = Number(match.groups?.["n"] ?? 1);
  const unit = units.find(([pattern]) => pattern.test(match.groups?.["unit"] ?? ""))?.[1];
  return unit && last > 0 && last <= 10_000 ? between({ last, unit }, now.minus({ [unit]: last }), now) : undefined;
};

/** Tried in order on folded text; the longer phrase stands before the one it contains. */
const readers: readonly (readonly [RegExp, Reader])[] = [
  [/\b(avant[- ]hier|(the )?day before yesterday)\b/, day("dayBefore", 2)],
  [
    /\b(la nuit derniere|cette nuit|last night)\b/,
    (_match, now) => between("night", now.startOf("day").minus({ days: 1 }).set({ hour: 18 }), now),
  ],
  [/\b(hier|yesterday)\b/, day("yesterday", 1)],
  [/\b(aujourd'?hui|ce jour|ce matin|today|this morning)\b/, (_match, now) => between("today", now.startOf("day"), now)],
  [/\b(?<n>\d+) (dernier|derniere)s? (?<unit>[a-z]+)\b/, lastUnits],
  [/\b(dernier|derniere)s? (?<n>\d+) ?(?<unit>[a-z]+)\b/, lastUnits],
  [/\b(last|past) (?<n>\d+) ?(?<unit>[a-z]+)\b/, lastUnits],
  [/\b(cette semaine|this week)\b/, (_match, now) => between("thisWeek", now.startOf("week"), now)],
  [
    /\b(la semaine (derniere|passee)|last week)\b/,
    (_match, now) => between("lastWeek", now.startOf("week").minus({ weeks: 1 }), now.startOf("week")),
  ],
  [/\b(ce mois(-ci)?|this month)\b/, (_match, now) => between("thisMonth", now.startOf("month"), now)],
  [
    /\b(le mois (dernier|passe)|last month)\b/,
    (_match, now) => between("lastMonth", now.startOf("month").minus({ months: 1 }), now.startOf("month")),
  ],
  [
    /(?<![\w-])(?<iso>\d{4}-\d{2}-\d{2})(?![\w-])/,
    (match, now) => {
      const date = DateTime.fromISO(match.groups?.["iso"] ?? "", { zone: now.zone });
      return date.isValid ? between("day", date, date.plus({ days: 1 })) : undefined;
    },
  ],
];

/** Words that speak of time. Left over where no window was read, they make the question one we did not understand. */
const timeWords = new RegExp(
  [
    String.raw`\b(?:depuis|since|entre|between)\b[^?!.,;]*`,
    String.raw`\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b`,
    String.raw`\b(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)\b`,
    String.raw`\b(?:january|february|march|april|june|july|august|september|october|november|december)\b`,
    String.raw`\b(?:trimestre|quarter|week-?end|nuit|night|soir|evening|ago)\b`,
    String.raw`(?<![\w/])\d{1,2}/\d{1,2}(?![\w])`,
  ].join("|"),
);

/**
 * The time window a question names, in a business zone. `unread` holds the word that shows a time is meant which is not understood:
 * such a question must not be answered for another time in silence.
 */
export function readWindow(folded: string, now: Date, zone: string): { window: TimeWindow | undefined; unread: string | undefined } {
  const local = DateTime.fromJSDate(now, { zone });
  for (const [pattern, read] of readers) {
    const match = pattern.exec(folded);
    const window = match ? read(match, local) : undefined;
    if (window) return { window, unread: undefined };
  }
  return { window: undefined, unread: timeWords.exec(folded)?.[0].trim() };
}
