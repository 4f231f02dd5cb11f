import type { FollowedFinding } from "@flow-rag/insights";
import type { Mark, Row, Section } from "./document.js";
import type {
  Cause,
  FailingPipeline,
  MissingPipeline,
  Report,
  ReportIncident,
  ReportPart,
  ResolvedPipeline,
  TopSignature,
} from "./report.js";
import { isAboutFailures, phrasesOf } from "./incident-phrases.js";
import { errorMark, instantText, mentionsOf, ownerNames, plain, spanText } from "./row-pieces.js";
import { isNews, namesOf } from "./verdict.js";
import { code, data, joined, nameOf, quiet, quoted, type Inline, type Voice } from "./voice.js";

/** New and changed things, one row an incident; owners of what is new are mentioned. */
export function newsSection(part: ReportPart, report: Report, voice: Voice, most: number): Section {
  const rows = part.incidents.filter(isNews).map((incident) => incidentRow(incident, report, voice));
  return { kind: "rows", heading: voice.text("Nouveau ou changé", "New or changed"), rows, most };
}

export function ongoingSection(part: ReportPart, report: Report, voice: Voice): Section {
  const rows = part.incidents.filter((incident) => !isNews(incident)).map((incident) => incidentRow(incident, report, voice));
  return { kind: "rows", heading: voice.text("En cours", "Ongoing"), rows, most: Infinity };
}

export function missingSection(part: ReportPart, report: Report, voice: Voice, most: number): Section {
  const rows = part.missing.map((missing) => missingRow(missing, report, voice));
  return { kind: "rows", heading: voice.text("Absents ou en retard", "Missing or late"), rows, most };
}

export function failingSection({ failing }: ReportPart, report: Report, voice: Voice): Section {
  const rows = failing.map((pipeline) => failingRow(pipeline, report, voice));
  const brief = failing.map(({ pipeline, failures }) => `${nameOf(pipeline)} (${voice.number(failures)})`);
  return { kind: "rows", heading: voice.text("Tous les pipelines en échec", "Every failing pipeline"), rows, brief, most: Infinity };
}

export function techSection({ techs }: ReportPart, voice: Voice): Extract<Section, { kind: "rows" }> {
  const rows = techs.map(({ tech, failures, runs, pipelines }): Row => ({
    head: voice.line`${data(tech, 40)} · ${voice.count(pipelines, "pipeline")}`,
    figure: voice.text(
      `${voice.count(failures, "failure")} sur ${voice.number(runs)} (${voice.share(failures, runs)})`,
      `${voice.count(failures, "failure")} out of ${voice.number(runs)} (${voice.share(failures, runs)})`,
    ),
  }));
  return { kind: "rows", heading: voice.text("Technos touchées", "Technos concerned"), rows, most: Infinity };
}

export function signatureSection({ signatures }: ReportPart, report: Report, voice: Voice, most: number): Section {
  const rows = signatures.map((signature) => signatureRow(signature, report, voice));
  return { kind: "rows", heading: voice.text("Erreurs les plus fréquentes", "Most frequent errors"), rows, most };
}

export function resolvedSection({ resolved }: ReportPart, report: Report, voice: Voice): Section {
  const rows = resolved.map((one) => resolvedRow(one, report, voice));
  return { kind: "rows", heading: voice.text("Résolu", "Resolved"), rows, most: Infinity };
}

const namesShown = 5;

/** Pipelines that could not be judged: their failures are listed all the same. */
export function unjudgedLine({ unjudged }: ReportPart, voice: Voice): Inline[] | undefined {
  if (unjudged.length === 0) return undefined;
  const { text, count, line } = voice;
  const names = namesOf(unjudged, voice, namesShown);
  const many = unjudged.length > 1;
  return line`${count(unjudged.length, "pipeline")} ${text(
    `${many ? "ont" : "a"} trop peu d’exécutions en 28 jours pour qu’on y distingue l’inhabituel : `,
    `${many ? "have" : "has"} too few runs in 28 days to tell what is unusual there: `,
  )}${names}. ${text(`${many ? "Leurs" : "Ses"} échecs sont comptés comme les autres.`, `${many ? "Their" : "Its"} failures are counted like any other.`)}`;
}

const phrasesShown = 3;

function incidentRow(incident: ReportIncident, report: Report, voice: Voice): Row {
  const { pipelines, tech, techs = [tech], failures, first, last, findings, owners, example } = incident;
  const { line, count, text } = voice;
  const phrases = phrasesOf(findings, { isSingle: pipelines.length === 1, shownFrom: Date.parse(report.window.from) }, voice).slice(
    0,
    phrasesShown,
  );
  const when = first !== null && last !== null ? spanText(first, last, report, voice) : "";
  return {
    mark: incidentMark(incident, voice),
    head: joined([namesOf(pipelines, voice, 3), techNames(techs, voice)]),
    ...(failures > 0 && isAboutFailures(incident) && { figure: `${count(failures, "failure")}${when === "" ? "" : ` · ${when}`}` }),
    note: joined(
      [
        joined(phrases, text(" ; ", "; ")),
        causeOf(incident, voice),
        incident.state === "regressed" && incident.firstSeen !== null
          ? line`${text("vue pour la première fois ", "first seen ")}${voice.format.dayOfYear(new Date(incident.firstSeen), new Date(report.window.to))}`
          : [],
        incident.state === "ongoing"
          ? line`${text("depuis ", "for ")}${voice.age(Date.parse(report.window.to) - Date.parse(incident.since))}`
          : [],
        ownerNames(owners, voice),
        example === null ? [] : line`${text("exemple ", "example ")}${code(example)}`,
      ],
      " · ",
    ),
    ...(isNews(incident) && { mentions: mentionsOf(owners) }),
  };
}

/** With the names of those that have it, where not all pipelines of the incident do. */
function causeOf({ cause, causedIn, pipelines }: ReportIncident, voice: Voice): Inline[] {
  if (cause.text === null) return [];
  const ofAll = causedIn === undefined || causedIn.length === pipelines.length;
  return [...(ofAll ? [] : voice.line`${namesOf(causedIn, voice)}${voice.text(" : ", ": ")}`), ...quoted(voice, cause.text)];
}

const techsNamed = 3;
function techNames(techs: readonly string[], { text, count }: Voice): Inline[] {
  const left = techs.length - techsNamed;
  const names = techs.slice(0, techsNamed).map((tech): Inline[] => [data(tech, 40)]);
  return [...joined(names, ", "), ...(left > 0 ? plain(` ${text("et", "and")} ${count(left, "other")}`) : [])];
}

function incidentMark({ kinds, state }: ReportIncident, { text }: Voice): Mark {
  if (state === "ongoing") return { emoji: "arrow_forward", label: text("en cours", "ongoing"), tone: "plain" };
  if (state === "regressed") return { emoji: "repeat", label: text("revenu", "back"), tone: "bad" };
  if (kinds.includes("regressed_error") && !kinds.includes("new_error"))
    return { emoji: "repeat", label: text("revenu", "back"), tone: "bad" };
  if (kinds.every((kind) => kind === "duration")) return { emoji: "hourglass", label: text("lent", "slow"), tone: "warn" };
  if (kinds.every((kind) => kind === "volume")) return { emoji: "bar_chart", label: text("volume", "volume"), tone: "warn" };
  if (kinds.includes("new_error")) return { emoji: "new", label: text("nouveau", "new"), tone: "bad" };
  return { emoji: "red_circle", label: text("échecs", "failing"), tone: "bad" };
}

function habitText({ habit, everyMs }: MissingPipeline, { text, rough }: Voice): string {
  switch (habit) {
    case "cadence":
      return text(`attendu toutes les ${rough(everyMs ?? 0)}`, `expected every ${rough(everyMs ?? 0)}`);
    case "hours":
      return text("attendu à ces heures", "expected at these hours");
    case "weekday":
      return text("attendu ce jour de la semaine", "expected on this weekday");
    case "daily":
      return text("attendu chaque jour", "expected every day");
  }
}

function missingRow(one: MissingPipeline, report: Report, voice: Voice): Row {
  const { pipeline, tech, last, back, missing, owners, state } = one;
  const { line, text } = voice;
  const at = instantText(last, report, voice);
  const returned =
    back === null ? [] : line`${text(`reprise ${instantText(back, report, voice)}`, `back ${instantText(back, report, voice)}`)}`;
  return {
    mark:
      back === null
        ? { emoji: "no_entry_sign", label: text("absent", "missing"), tone: "bad" }
        : { emoji: "hourglass_flowing_sand", label: text("en retard", "late"), tone: "warn" },
    head: joined([[code(pipeline)], [data(tech, 40)]]),
    figure: voice.count(missing, "missingRun"),
    note: joined([
      plain(habitText(one, voice)),
      line`${text(`dernière exécution ${at}`, `last run ${at}`)}`,
      returned,
      ownerNames(owners, voice),
    ]),
    ...(isNews({ state }) && back === null && { mentions: mentionsOf(owners) }),
  };
}

function failingRow(
  { pipeline, tech, failures, runs, first, last, stillFailing, owners, cause }: FailingPipeline,
  report: Report,
  voice: Voice,
): Row {
  return {
    head: joined([[code(pipeline)], [data(tech, 40)]]),
    figure: voice.text(
      `${voice.count(failures, "failure")} sur ${voice.number(runs)}`,
      `${voice.count(failures, "failure")} out of ${voice.number(runs)}`,
    ),
    note: joined([
      plain(spanText(first, last, report, voice)),
      plain(stillFailing ? voice.text("dernière exécution en échec", "last run failed") : voice.text("rétabli depuis", "recovered since")),
      cause.text === null ? [quiet(noText(cause, voice))] : quoted(voice, cause.text, 120),
      ownerNames(owners, voice),
    ]),
  };
}

/** A run without an error is not one whose error is not told. */
const noText = ({ signature }: Cause, { text }: Voice): string =>
  signature === null
    ? text("sans message d’erreur", "without an error message")
    : text("message d’erreur non repris", "error message left out");

function signatureRow(one: TopSignature, report: Report, voice: Voice): Row {
  const { cause, state, recovered, failures, pipelines, first, last, firstSeen } = one;
  const { count, line, text, format } = voice;
  const seen =
    firstSeen === null || state === "new"
      ? []
      : line`${text("vue pour la première fois ", "first seen ")}${format.dayOfYear(new Date(firstSeen), new Date(report.window.to))}`;
  return {
    ...(state !== null && { mark: errorMark(state, voice) }),
    head: cause.text === null ? [quiet(noText(cause, voice))] : quoted(voice, cause.text),
    figure: count(failures, "failure"),
    note: joined([
      line`${count(pipelines.length, "pipeline")}${text(" : ", ": ")}${namesOf(pipelines, voice, 3)}`,
      plain(spanText(first, last, report, voice)),
      plain(recovered && state !== "resolved" ? text("rétabli depuis", "recovered since") : ""),
      seen,
    ]),
  };
}

function resolvedRow({ pipeline, kinds, since }: ResolvedPipeline, report: Report, voice: Voice): Row {
  const { text } = voice;
  const names: Record<FollowedFinding["kind"], string> = {
    failure_rate: text("taux d’échec", "failure rate"),
    consecutive_failures: text("échecs de suite", "failures in a row"),
    new_error: text("nouvelle erreur", "new error"),
    regressed_error: text("erreur revenue", "error that was back"),
    duration: text("durée", "duration"),
    missing_run: text("exécutions manquantes", "missing runs"),
    volume: text("volume", "volume"),
    not_enough_history: text("historique", "history"),
  };
  return {
    mark: { emoji: "white_check_mark", label: text("résolu", "resolved"), tone: "good" },
    head: joined([[code(pipeline)], plain(kinds.map((kind) => names[kind]).join(", "))]),
    note: plain(text(`avait commencé ${instantText(since, report, voice)}`, `had begun ${instantText(since, report, voice)}`)),
  };
}
