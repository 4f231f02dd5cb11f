import { DateTime } from "@flow-rag/kernel";
import { habitOf, type RunHabit } from "./detect-missing-runs.js";
import type { Finding } from "./finding.js";

export type Language = "fr" | "en";

const narrow = "\u202f";

/** 1 234,5 in French, 1,234.5 in English; at most `digits` decimals. */
export function numberText(value: number, language: Language, digits = 0): string {
  const [whole = "", part] = value
    .toFixed(digits)
    .replace(/\.?0+$/, digits > 0 ? "" : "$&")
    .split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, language === "fr" ? narrow : ",");
  return part === undefined ? grouped : `${grouped}${language === "fr" ? "," : "."}${part}`;
}

export const percentText = (share: number, language: Language): string =>
  `${numberText(share * 100, language, share < 0.1 ? 1 : 0)}${language === "fr" ? `${narrow}%` : "%"}`;

/** 437 ms · 12 s · 41 min · 3 h 05 min · 2 days. */
function durationText(ms: number, language: Language): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 600 && seconds % 60 !== 0) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 2_880)
    return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
  const days = Math.round(minutes / 1_440);
  return language === "fr" ? `${days} jours` : `${days} days`;
}

const instantText = (at: number, language: Language, zone: string): string =>
  DateTime.fromMillis(at, { zone, locale: language }).toFormat("ccc d MMM HH:mm");

const habits: Record<Language, Record<Exclude<RunHabit, "cadence">, string>> = {
  fr: { hours: "attendue à ces heures", weekday: "attendue ce jour de la semaine", daily: "attendue chaque jour" },
  en: { hours: "expected at these hours", weekday: "expected on this weekday", daily: "expected every day" },
};

/** Only a regular gap is told as one: of runs that come in pairs or by office hours, the median gap is nobody's habit. */
function habitText(rule: string | null, expectedMs: number, language: Language): string {
  const habit = habitOf({ rule });
  if (habit !== "cadence") return habits[language][habit];
  const gap = durationText(expectedMs, language);
  return language === "fr" ? `habituellement toutes les ${gap}` : `usually every ${gap}`;
}

const plural = (count: number, one: string, many: string): string => (count < 2 ? one : many);

/** What a finding says, as one sentence made of its numbers; the times are local to `zone`. */
export const findingText = (finding: Finding, zone: string): { fr: string; en: string } => ({
  fr: `${finding.pipeline}${narrow}: ${french(finding, zone)}.`,
  en: `${finding.pipeline}: ${english(finding, zone)}.`,
});

/** The same without the pipeline's name and the full stop. */
export const findingPhrase = (finding: Finding, language: Language, zone: string): string =>
  language === "fr" ? french(finding, zone) : english(finding, zone);

function french({ kind, observed, expected, facts, window, rule }: Finding, zone: string): string {
  const at = (instant: number | undefined): string => instantText(instant ?? window.from, "fr", zone);
  const count = (value: number | undefined, one: string, many: string): string =>
    `${numberText(value ?? 0, "fr")} ${plural(value ?? 0, one, many)}`;
  const since = at(facts["first"]);
  switch (kind) {
    case "failure_rate":
      return `${count(facts["failed"], "échec", "échecs")} sur ${count(facts["ended"], "exécution", "exécutions")} (${percentText(observed, "fr")}), habituellement ${percentText(expected, "fr")}`;
    case "consecutive_failures":
      return `${count(observed, "échec", "échecs")} de suite depuis ${since}${facts["recovered"] ? ", rétabli depuis" : ""}`;
    case "new_error":
      return `une erreur jamais vue, ${numberText(observed, "fr")} fois depuis ${since}`;
    case "regressed_error":
      return `une erreur revenue après ${count(facts["quietDays"], "jour", "jours")}, ${numberText(observed, "fr")} fois depuis ${since}`;
    case "duration":
      return `durée ${durationText(observed, "fr")} (habituellement ${durationText(facts["usualFrom"] ?? 0, "fr")} à ${durationText(facts["usualTo"] ?? 0, "fr")}), ${count(facts["slow"], "exécution lente", "exécutions lentes")} sur ${numberText(facts["runs"] ?? 0, "fr")}`;
    case "missing_run":
      return `${count(facts["missing"], "exécution manquante", "exécutions manquantes")}, dernière ${at(window.from)} (${habitText(rule, expected, "fr")})${facts["back"] ? `, reprise ${at(window.to)}` : ""}`;
    case "volume":
      return `${count(observed, "exécution", "exécutions")} dans la journée, habituellement ${numberText(expected, "fr", 1)} ce jour de la semaine`;
    case "not_enough_history":
      return `pas assez d'historique pour juger (${rule ?? ""})${narrow}: ${count(observed, "exécution passée", "exécutions passées")}`;
  }
}

function english({ kind, observed, expected, facts, window, rule }: Finding, zone: string): string {
  const at = (instant: number | undefined): string => instantText(instant ?? window.from, "en", zone);
  const count = (value: number | undefined, one: string, many: string): string =>
    `${numberText(value ?? 0, "en")} ${(value ?? 0) === 1 ? one : many}`;
  const since = at(facts["first"]);
  switch (kind) {
    case "failure_rate":
      return `${count(facts["failed"], "failure", "failures")} out of ${count(facts["ended"], "run", "runs")} (${percentText(observed, "en")}), usually ${percentText(expected, "en")}`;
    case "consecutive_failures":
      return `${count(observed, "failure", "failures")} in a row since ${since}${facts["recovered"] ? ", recovered since" : ""}`;
    case "new_error":
      return `an error never seen before, ${count(observed, "time", "times")} since ${since}`;
    case "regressed_error":
      return `an error that is back after ${count(facts["quietDays"], "day", "days")}, ${count(observed, "time", "times")} since ${since}`;
    case "duration":
      return `took ${durationText(observed, "en")} (usually ${durationText(facts["usualFrom"] ?? 0, "en")} to ${durationText(facts["usualTo"] ?? 0, "en")}), ${count(facts["slow"], "slow run", "slow runs")} out of ${numberText(facts["runs"] ?? 0, "en")}`;
    case "missing_run":
      return `${count(facts["missing"], "missing run", "missing runs")}, last one ${at(window.from)} (${habitText(rule, expected, "en")})${facts["back"] ? `, back ${at(window.to)}` : ""}`;
    case "volume":
      return `${count(observed, "run", "runs")} in the day, usually ${numberText(expected, "en", 1)} on this weekday`;
    case "not_enough_history":
      return `not enough history to judge (${rule ?? ""}): ${count(observed, "past run", "past runs")}`;
  }
}
