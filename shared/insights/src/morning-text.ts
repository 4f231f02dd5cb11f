import { findingText } from "./finding-text.js";
import type { Morning } from "./list-morning.js";

const marks = { new: "nouveau", regressed: "revenu", ongoing: "en cours" } as const;
const failuresText = (count: number): string => `${count} ${count < 2 ? "échec" : "échecs"}`;

/** A morning as lines of French for a terminal: the verdict, the incidents, what is resolved, what could not be judged. */
export function morningLines(morning: Morning): string[] {
  const { date, runs, failures, incidents, resolved, unjudged, zone } = morning;
  if (runs === 0) return [`${date}\u202f: aucune exécution enregistrée. Ce n'est pas la même chose que « 0 échec ».`];
  const verdict = `${runs} exécutions de ${morning.pipelines} pipelines, ${failuresText(failures.length)}`;
  const notJudged = unjudged.length > 0 ? [`Pas assez d'historique pour ${unjudged.length} pipelines.`] : [];
  if (morning.allClear) return [`${date}\u202f: RAS. ${verdict}.`, ...notJudged];
  return [
    `${date}\u202f: ${incidents.length === 0 ? "rien d'inhabituel" : `${incidents.length} ${incidents.length < 2 ? "incident" : "incidents"}`}. ${verdict}.`,
    ...incidents.flatMap(({ tech, severity, state, findings }) => [
      `[${marks[state]}, ${severity}] ${tech}`,
      ...findings.map((finding) => `  ${findingText(finding, zone).fr}`),
    ]),
    ...resolved.map((finding) => `[résolu] ${finding.pipeline} (${finding.kind})`),
    ...notJudged,
  ];
}
