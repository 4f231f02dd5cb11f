import type { Language } from "@flow-rag/contracts";
import { localReading } from "@flow-rag/kernel";
import { createFormat, type Format } from "./number-format.js";
import type { WindowName } from "./time/time-ref.js";

type Named = Extract<WindowName, string>;
const names: Record<Language, Partial<Record<Named, string>>> = {
  fr: {
    today: "aujourd’hui",
    yesterday: "hier",
    dayBefore: "avant-hier",
    tomorrow: "demain",
    morning: "ce matin",
    afternoon: "cet après-midi",
    evening: "ce soir",
    night: "cette nuit",
    weekend: "le week-end",
    thisWeek: "cette semaine",
    lastWeek: "la semaine dernière",
    thisMonth: "ce mois-ci",
    lastMonth: "le mois dernier",
    thisQuarter: "ce trimestre",
    lastQuarter: "le trimestre dernier",
    thisYear: "cette année",
    lastYear: "l’année dernière",
    allTime: "depuis le début des données",
  },
  en: {
    today: "today",
    yesterday: "yesterday",
    dayBefore: "the day before yesterday",
    tomorrow: "tomorrow",
    morning: "this morning",
    afternoon: "this afternoon",
    evening: "this evening",
    night: "last night",
    weekend: "the weekend",
    thisWeek: "this week",
    lastWeek: "last week",
    thisMonth: "this month",
    lastMonth: "last month",
    thisQuarter: "this quarter",
    lastQuarter: "last quarter",
    thisYear: "this year",
    lastYear: "last year",
    allTime: "since the data begin",
  },
};
const units: Record<Language, Record<string, readonly [one: string, many: string]>> = {
  fr: {
    minutes: ["la dernière minute", "dernières minutes"],
    hours: ["la dernière heure", "dernières heures"],
    days: ["le dernier jour", "derniers jours"],
    weeks: ["la dernière semaine", "dernières semaines"],
    months: ["le dernier mois", "derniers mois"],
    quarters: ["les trois derniers mois", "derniers trimestres"],
    halves: ["les six derniers mois", "derniers semestres"],
    years: ["la dernière année", "dernières années"],
  },
  en: {
    minutes: ["the last minute", "minutes"],
    hours: ["the last hour", "hours"],
    days: ["the last day", "days"],
    weeks: ["the last week", "weeks"],
    months: ["the last month", "months"],
    quarters: ["the last three months", "quarters"],
    halves: ["the last six months", "half-years"],
    years: ["the last year", "years"],
  },
};

/** From six in the evening on, the night that has begun is this one, and the one before it the last. */
const nightNamed = (language: Language, from: Date, now: Date, format: Format): string => {
  const begun = format.day(from) === format.day(now);
  if (language === "en") return begun ? "tonight" : "last night";
  return !begun && format.time(now) >= "18:00" ? "la nuit dernière" : "cette nuit";
};

/** What a window is called in an answer, with the dates that make it sure: `hier (mar. 5 mai)`, `du 3 mai au 7 mai`, `depuis le lun. 4 mai 08:00`. */
export function windowLabel(
  language: Language,
  { from, to, name }: { from: Date | null; to: Date; name: WindowName },
  zone: string,
  now: Date,
): string {
  const format = createFormat(language, zone);
  const french = language === "fr";
  const midnight = (instant: Date) => format.time(instant) === "00:00";
  const lastDay = new Date(to.getTime() - 1);
  const at = (instant: Date) => `${format.dayOfYear(instant, now)}${midnight(instant) ? "" : ` ${format.time(instant)}`}`;
  if (typeof name === "object") {
    const [one = "", many = ""] = units[language][name.unit] ?? [];
    if (name.last === 1) return one;
    return french ? `ces ${format.number(name.last)} ${many}` : `the last ${format.number(name.last)} ${many}`;
  }
  if (from === null) {
    if (name === "allTime") return names[language].allTime ?? "";
    return `${french ? "avant" : "before"} ${french ? "le " : ""}${at(to)}`;
  }
  const known = names[language][name];
  if (known !== undefined) {
    if (name === "today" || name === "yesterday" || name === "dayBefore" || name === "tomorrow") return `${known} (${format.day(from)})`;
    if (name === "night")
      return `${nightNamed(language, from, now, format)} (${format.date(from)} ${format.time(from)} → ${format.time(to)})`;
    if (name === "morning" || name === "afternoon" || name === "evening") return `${known} (${format.time(from)} → ${format.time(to)})`;
    return `${known} (${format.date(from)} → ${format.date(lastDay)})`;
  }
  if (name === "since") return french ? `depuis le ${at(from)}` : `since ${at(from)}`;
  // A local day has 23 to 25 hours.
  const sameDay = format.day(from) === format.day(lastDay) && format.year(from) === format.year(lastDay);
  if (sameDay) {
    const whole = midnight(from) && midnight(to);
    const day = `${french ? "le " : "on "}${format.dayOfYear(from, now)}`;
    const end = midnight(to) ? "24:00" : format.time(to);
    return whole ? day : french ? `${day} de ${format.time(from)} à ${end}` : `${day} from ${format.time(from)} to ${end}`;
  }
  const year = wholeYear(from, to, zone);
  if (year !== undefined) return french ? `en ${year}` : `in ${year}`;
  const month = wholeMonth(from, to, zone);
  if (month) return french ? `en ${format.month(from)}` : `in ${format.month(from)}`;
  if (midnight(from) && midnight(to))
    return french
      ? `du ${format.dayOfYear(from, now)} au ${format.dayOfYear(lastDay, now)}`
      : `from ${format.dayOfYear(from, now)} to ${format.dayOfYear(lastDay, now)}`;
  return french ? `du ${at(from)} au ${at(to)}` : `from ${at(from)} to ${at(to)}`;
}

function wholeYear(from: Date, to: Date, zone: string): number | undefined {
  const [start, end] = [localReading(from, zone), localReading(to, zone)];
  const year = Number(start.slice(0, 4));
  return start.endsWith("-01-01 00:00") && end === `${year + 1}-01-01 00:00` ? year : undefined;
}

function wholeMonth(from: Date, to: Date, zone: string): boolean {
  const [start, end] = [localReading(from, zone), localReading(to, zone)];
  const [year, month] = [Number(start.slice(0, 4)), Number(start.slice(5, 7))];
  const next = `${month === 12 ? year + 1 : year}-${String((month % 12) + 1).padStart(2, "0")}-01 00:00`;
  return start.endsWith("-01 00:00") && end === next;
}
