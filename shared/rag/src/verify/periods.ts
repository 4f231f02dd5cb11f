import type { Language } from "@flow-rag/contracts";
import type { Found } from "./read-numbers.js";

/** Stretches of time by their names in folded text; the first that matches is meant, so longer ones stand first. */
const named: Record<Language, readonly (readonly [RegExp, string])[]> = {
  fr: (
    [
      ["avant[- ]hier", "dayBefore"],
      ["hier soir", "evening"],
      ["la veille", "dayEarlier"],
      ["hier", "yesterday"],
      ["aujourd'hui|ce jour(?! de)", "today"],
      ["demain", "tomorrow"],
      ["ce matin", "morning"],
      ["cet apres-midi", "afternoon"],
      ["ce soir", "evening"],
      ["cette nuit|la nuit derniere", "night"],
      ["(?:ce|le|du|au) week-?end(?: dernier| passe)?", "weekend"],
      ["cette semaine|la semaine en cours", "thisWeek"],
      ["(?:la )?semaine (?:derniere|passee|precedente)", "lastWeek"],
      ["ce mois(?:-ci)?|le mois en cours", "thisMonth"],
      ["(?:le )?mois (?:dernier|passe|precedent)", "lastMonth"],
      ["ce trimestre|le trimestre en cours", "thisQuarter"],
      ["(?:le )?trimestre (?:dernier|passe|precedent)", "lastQuarter"],
      ["cette annee|l'annee en cours", "thisYear"],
      ["l'an(?:nee)? (?:derniere?|passee?|precedente?)", "lastYear"],
      [
        "(?:depuis le (?:debut|commencement)|sur toutes les donnees|sur l'ensemble des donnees|depuis toujours|toutes les donnees)(?: des donnees)?",
        "allTime",
      ],
    ] as const
  ).map(([source, key]) => [new RegExp(`(?:${source})(?![\\p{L}])`, "uy"), key] as const),
  en: (
    [
      ["the day before yesterday", "dayBefore"],
      ["the day before", "dayEarlier"],
      ["yesterday evening|last evening|this evening", "evening"],
      ["yesterday", "yesterday"],
      ["today", "today"],
      ["tomorrow", "tomorrow"],
      ["this morning", "morning"],
      ["this afternoon", "afternoon"],
      ["last night|tonight|overnight", "night"],
      ["(?:the|this|last|past) week-?end", "weekend"],
      ["this week", "thisWeek"],
      ["last week|the (?:past|previous) week", "lastWeek"],
      ["this month", "thisMonth"],
      ["last month|the (?:past|previous) month", "lastMonth"],
      ["this quarter", "thisQuarter"],
      ["last quarter|the (?:past|previous) quarter", "lastQuarter"],
      ["this year", "thisYear"],
      ["last year|the (?:past|previous) year", "lastYear"],
      ["since the data begin|over all (?:of )?the data|all (?:of )?the data|of all time", "allTime"],
    ] as const
  ).map(([source, key]) => [new RegExp(`(?:${source})(?![\\p{L}])`, "uy"), key] as const),
};

const unit = "(minutes?|heures?|hours?|jours?|days?|semaines?|weeks?|mois|months?|trimestres?|quarters?|annees?|years?)";
const counts =
  "(\\d{1,4}|deux|trois|quatre|cinq|six|sept|huit|dix|douze|quinze|trente|two|three|four|five|seven|eight|nine|ten|twelve|thirty)";
const last = [
  new RegExp(`(?:(?:ces|les|des|sur|au cours des) )?${counts} (?:dernieres?|derniers) ${unit}`, "y"),
  new RegExp(`(?:(?:ces|les|des) )?(?:dernieres?|derniers) ${counts} ${unit}`, "y"),
  new RegExp(`(?:the )?(?:last|past) ${counts} ${unit}`, "y"),
  new RegExp(`(?:la |le |the )?(?:derniere|dernier|last|past) ()${unit}(?= |[.,;:)]|$)`, "y"),
];
const words = "zero un deux trois quatre cinq six sept huit neuf dix onze douze".split(" ");
const english = "zero one two three four five six seven eight nine ten eleven twelve".split(" ");
const others: Readonly<Record<string, number>> = { quinze: 15, trente: 30, thirty: 30 };
const singular: readonly (readonly [RegExp, string])[] = [
  [/^minute/, "minute"],
  [/^(?:heure|hour)/, "hour"],
  [/^(?:jour|day)/, "day"],
  [/^(?:semaine|week)/, "week"],
  [/^(?:mois|month)/, "month"],
  [/^(?:trimestre|quarter)/, "quarter"],
  [/^(?:annee|year)/, "year"],
];

/** A named stretch of time at a place of a folded text, as a key that is the same in both languages: `yesterday`, `lastWeek`, `last:3:day`. */
export function readPeriod(language: Language, text: string, at: number): Found<string> | undefined {
  for (const [pattern, key] of named[language]) {
    pattern.lastIndex = at;
    const length = pattern.exec(text)?.[0].length;
    if (length !== undefined) return { value: key, length };
  }
  for (const pattern of last) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) continue;
    const [all, count = "", name = ""] = match;
    const number =
      count === "" ? 1 : /^\d/.test(count) ? Number(count) : (others[count] ?? Math.max(words.indexOf(count), english.indexOf(count)));
    return { value: `last:${number}:${singular.find(([start]) => start.test(name))?.[1] ?? name}`, length: all.length };
  }
  return undefined;
}
