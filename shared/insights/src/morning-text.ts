import { DateTime } from "@flow-rag/kernel";
import { findingText, numberText, type Language } from "./finding-text.js";
import type { Morning } from "./list-morning.js";
import type { Severity } from "./finding.js";

const narrow = "\u202f";

const words = {
  fr: {
    marks: { new: "nouveau", regressed: "revenu", ongoing: "en cours", resolved: "résolu" },
    severities: { critical: "critique", warning: "avertissement", info: "information" } satisfies Record<Severity, string>,
    runs: ["exécution", "exécutions"],
    pipelines: ["pipeline", "pipelines"],
    failures: ["échec", "échecs"],
    incidents: ["incident", "incidents"],
    of: "de",
    colon: `${narrow}:`,
    noRun: "aucune exécution enregistrée. Ce n'est pas la même chose que « 0 échec ».",
    allClear: "RAS.",
    nothingUnusual: "rien d'inhabituel",
    notJudged: "Pas assez d'historique pour",
    unread: ["exécution au statut non lu", "exécutions au statut non lu"],
    withError: (count: string) => `, dont ${count} avec un texte d'erreur : à regarder`,
    neither: "ni succès ni échec ; flow-rag status nomme les mots",
    blocked: ["exécution bloquée (amont)", "exécutions bloquées (amont)"],
    resting: ["pipeline de jours ouvrés n'a pas tourné", "pipelines de jours ouvrés n'ont pas tourné"],
    dayOff: "jour férié, ou quelque chose les arrête tous",
    until: "jusqu'à",
  },
  en: {
    marks: { new: "new", regressed: "back", ongoing: "ongoing", resolved: "resolved" },
    severities: { critical: "critical", warning: "warning", info: "info" } satisfies Record<Severity, string>,
    runs: ["run", "runs"],
    pipelines: ["pipeline", "pipelines"],
    failures: ["failure", "failures"],
    incidents: ["incident", "incidents"],
    of: "of",
    colon: ":",
    noRun: "no run was recorded. That is not the same as 0 failures.",
    allClear: "all clear.",
    nothingUnusual: "nothing unusual",
    notJudged: "Not enough history for",
    unread: ["run whose status was not read", "runs whose status was not read"],
    withError: (count: string) => `, ${count} of them with an error text: look at them`,
    neither: "neither success nor failure; flow-rag status names the words",
    blocked: ["run blocked upstream", "runs blocked upstream"],
    resting: ["pipeline of working days did not run", "pipelines of working days did not run"],
    dayOff: "a holiday, or something stops them all",
    until: "until",
  },
} as const;

/** A morning as lines for a terminal: the verdict, the incidents, what is resolved, what could not be judged. */
export function morningLines(morning: Morning, language: Language = "fr"): string[] {
  const { date, runs, failures, incidents, resolved, unjudged, zone, notTold } = morning;
  const say = words[language];
  const count = (value: number, [one, many]: readonly [string, string]): string =>
    `${numberText(value, language)} ${(language === "fr" ? value < 2 : value === 1) ? one : many}`;
  const until = morning.isOver ? "" : `, ${say.until} ${DateTime.fromMillis(morning.to, { zone }).toFormat("HH:mm")}`;
  const head = `${date}${until}${say.colon}`;
  if (runs === 0) return [`${head} ${say.noRun}`];
  const verdict = `${count(runs, say.runs)} ${say.of} ${count(morning.pipelines, say.pipelines)}, ${count(failures.length, say.failures)}`;
  const notJudged = unjudged.length > 0 ? [`${say.notJudged} ${count(unjudged.length, say.pipelines)}.`] : [];
  if (morning.allClear) return [`${head} ${say.allClear} ${verdict}.`, ...notJudged];
  return [
    `${head} ${incidents.length === 0 ? say.nothingUnusual : count(incidents.length, say.incidents)}. ${verdict}.`,
    ...incidents.flatMap(({ techs, severity, state, findings }) => [
      `[${say.marks[state]}, ${say.severities[severity]}] ${techs.join(", ")}`,
      ...findings.map((finding) => `  ${findingText(finding, zone)[language]}`),
    ]),
    ...(notTold.unread > 0
      ? [
          `${count(notTold.unread, say.unread)}${notTold.withError > 0 ? say.withError(numberText(notTold.withError, language)) : ""} (${say.neither}).`,
        ]
      : []),
    ...(notTold.dayOff > 0 ? [`${count(notTold.dayOff, say.resting)} (${say.dayOff}).`] : []),
    ...(notTold.blocked > 0 ? [`${count(notTold.blocked, say.blocked)}.`] : []),
    ...resolved.map((finding) => `[${say.marks.resolved}] ${finding.pipeline} (${finding.kind})`),
    ...notJudged,
  ];
}
