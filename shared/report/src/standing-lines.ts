import { isAboutFailures } from "./incident-phrases.js";
import type { Report, ReportIncident, ReportPart } from "./report.js";
import { isNews, namesOf } from "./verdict.js";
import { code, joined, type Inline, type Voice } from "./voice.js";

const namesShown = 5;
const incidentsNamed = 3;
const failingNamed = 3;

/** `En échec : fx-rates (5), crm-export (2) et 3 autres ; 4 rétablis depuis`: those that no incident names. Undefined when every one is. */
export function failingLine({ failing, incidents }: ReportPart, voice: Voice): Inline[] | undefined {
  const { line, number, text, count } = voice;
  const told = new Set(incidents.filter(isAboutFailures).flatMap(({ pipelines }) => pipelines));
  const rest = failing.filter(({ pipeline }) => !told.has(pipeline));
  if (rest.length === 0) return undefined;
  const label = told.size > 0 ? text("Autres échecs : ", "Other failures: ") : text("En échec : ", "Failing: ");
  const shown = rest.slice(0, failingNamed).map(({ pipeline, failures }) => line`${code(pipeline)} (${number(failures)})`);
  const left = rest.length - shown.length;
  const more = left > 0 ? ` ${text("et", "and")} ${count(left, "other")}` : "";
  return line`${label}${joined(shown, ", ")}${more}${recoveryText(rest, voice)}.`;
}

function recoveryText(failing: ReportPart["failing"], { number, text }: Voice): string {
  const recovered = failing.filter(({ stillFailing }) => !stillFailing).length;
  if (failing.length === 1)
    return recovered === 1 ? text(" ; rétabli depuis", "; recovered since") : text(" ; pas encore rétabli", "; not recovered yet");
  if (recovered === failing.length) return text(" ; tous rétablis depuis", "; all recovered since");
  if (recovered === 0) return text(" ; aucun n’est rétabli", "; none has recovered");
  return text(` ; ${number(recovered)} ${recovered > 1 ? "rétablis" : "rétabli"} depuis`, `; ${number(recovered)} recovered since`);
}

/** `En cours : fx-rates depuis 2 jours · Résolu : crm-export` on one line; undefined when there is neither. */
export function standingLine({ incidents, resolved }: ReportPart, { window }: Report, voice: Voice): Inline[] | undefined {
  const { line, number, text, age } = voice;
  const ongoing = incidents.filter((incident) => !isNews(incident)).sort((a, b) => (a.since < b.since ? -1 : Number(a.since > b.since)));
  const [oldest] = ongoing;
  const aged = ({ pipelines, since }: ReportIncident): Inline[] =>
    line`${namesOf(pipelines, voice, 1)} ${text("depuis ", "for ")}${age(Date.parse(window.to) - Date.parse(since))}`;
  const parts = [
    ongoing.length > incidentsNamed && oldest
      ? line`${text("En cours : ", "Ongoing: ")}${number(ongoing.length)}${text(", le plus ancien ", ", the oldest ")}${aged(oldest)}`
      : ongoing.length > 0
        ? line`${text("En cours : ", "Ongoing: ")}${joined(ongoing.map(aged), ", ")}`
        : [],
    resolved.length > 0
      ? line`${text("Résolu : ", "Resolved: ")}${namesOf(distinct(resolved.map(({ pipeline }) => pipeline)), voice, namesShown)}`
      : [],
  ];
  return parts.some((part) => part.length > 0) ? joined(parts) : undefined;
}

const distinct = (names: readonly string[]): string[] => [...new Set(names)];
