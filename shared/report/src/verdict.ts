import type { Doubt } from "@flow-rag/contracts";
import type { FindingKind } from "@flow-rag/insights";
import { wordDoubts } from "@flow-rag/rag";
import type { Mark, Section } from "./document.js";
import { successShare } from "./figures.js";
import { lateFailuresOf } from "./late-section.js";
import type { Report, ReportPart } from "./report.js";
import { blockedOf, unreadOf, untoldLines } from "./untold-lines.js";
import { code, data, strong, type Inline, type Voice } from "./voice.js";

export const isNews = ({ state }: { state: "new" | "regressed" | "ongoing" }): boolean => state !== "ongoing";
/** What is in the headline: incidents the reader has not been told of, and pipelines that have not run. */
const newsOf = (part: ReportPart) => ({
  incidents: part.incidents.filter(isNews).length,
  missing: part.missing.filter(({ back }) => back === null).length,
  late: part.late?.pipelines.filter(({ state }) => state === "new" || state === "regressed").length ?? 0,
});

/**
 * That data end a little before the window is a matter of course, and each part tells of its own unread statuses; everything else may hide a
 * failure.
 */
const gravesOf = ({ coverage }: Report): readonly Doubt[] =>
  coverage.doubts.filter(({ kind }) => kind !== "data_until" && kind !== "unread_status");

/** Runs were seen, there is nothing to tell of them, and nothing is known to be wrong or missing: only then may "all clear" be said. */
export const isAllClear = (part: ReportPart, report: Report): boolean =>
  part.verdict === "quiet" && !report.coverage.stale && gravesOf(report).length === 0;

/** `green` only when there is nothing to tell and the data are there. */
export function markOf(part: ReportPart, report: Report, { text }: Voice): Mark {
  if (part.verdict === "no_data" || report.coverage.stale)
    return { emoji: "warning", label: text("données manquantes", "data missing"), tone: "warn" };
  if (part.verdict === "quiet" && !isAllClear(part, report))
    return { emoji: "warning", label: text("données incomplètes", "data incomplete"), tone: "warn" };
  if (part.verdict === "quiet") return { emoji: "large_green_circle", label: text("rien à signaler", "all clear"), tone: "good" };
  const { incidents, missing, late } = newsOf(part);
  return incidents + missing + late + (part.unread?.withError ?? 0) > 0
    ? { emoji: "red_circle", label: text("à regarder", "needs a look"), tone: "bad" }
    : { emoji: "large_orange_circle", label: text("pas de nouvel incident", "no new incident"), tone: "warn" };
}

/** `12 échecs (médiane 7 j : 6), 1 nouvel incident, 2 absents`: figures and our words, nothing from records. */
export function headlineText(part: ReportPart, voice: Voice, { withUsual }: { withUsual: boolean }): string {
  const { count, number, text } = voice;
  const { incidents, missing } = newsOf(part);
  const usual = withUsual && part.usual ? text(` (médiane ${part.usual.spans} j : `, ` (median ${part.usual.spans} d: `) : "";
  return [
    `${count(part.figures.failed, "failure")}${usual && part.usual ? `${usual}${number(part.usual.failed)})` : ""}`,
    ...(incidents > 0 ? [count(incidents, "incident")] : []),
    ...(missing > 0 ? [count(missing, "missing")] : []),
    ...(unreadOf(part) > 0 ? [count(unreadOf(part), "unread")] : []),
    ...(blockedOf(part) > 0 ? [count(blockedOf(part), "blocked")] : []),
    ...(lateFailuresOf(part) > 0 ? [count(lateFailuresOf(part), "lateFailure")] : []),
  ].join(", ");
}

/** The verdict: how many of how many, against what, and what is new. */
export function verdictLines(part: ReportPart, report: Report, voice: Voice): Inline[][] {
  const late = lateLine(report, voice);
  // A source that stopped says it of itself.
  const isStale = report.coverage.stale && !report.coverage.doubts.some(({ kind }) => kind === "source_stopped");
  const doubts = wordDoubts(gravesOf(report), voiceOf(report)).map((sentence): Inline[] => [data(sentence, doubtLength)]);
  const notes = [...(late ? [late] : []), ...(isStale ? [staleLine(report, voice)] : []), ...doubts];
  if (part.verdict === "no_data") return [noDataLine(report, voice), ...(late ? [late] : []), ...doubts];
  const { count, line, share, text } = voice;
  const { runs, failed } = part.figures;
  const first = [
    ...line`${strong(`${count(failed, "failure")} ${text("sur", "out of")} ${count(runs, "run")} (${share(failed, runs)})`)}`,
    ...(failed === 0 && !part.before ? [] : comparison(part, report, voice)),
    ...line`.`,
  ];
  return [[...first, ...newsSentences(part, voice)], ...untoldLines(part, voice), ...notes];
}

function comparison({ before, usual }: ReportPart, { kind }: Report, { line, number, text }: Voice): Inline[] {
  if (!before) return line`${text(", sans période comparable avant", ", with nothing to compare with before")}`;
  if (kind === "weekly")
    return line`${text(`, contre ${number(before.failed)} la semaine précédente`, `, against ${number(before.failed)} the week before`)}`;
  if (!usual) return line`${text(`, contre ${number(before.failed)} la veille`, `, against ${number(before.failed)} the day before`)}`;
  return line`${text(
    `, contre ${number(before.failed)} la veille et ${number(usual.failed)} en médiane sur ${usual.spans} jours`,
    `, against ${number(before.failed)} the day before and ${number(usual.failed)} as the median of ${usual.spans} days`,
  )}`;
}

const namesShown = 2;

function newsSentences(part: ReportPart, voice: Voice): Inline[] {
  const { line, text, count, number, french } = voice;
  const news = part.incidents.filter(isNews);
  const rest = news.filter(({ kinds }) => !kinds.includes("new_error") && !kinds.includes("regressed_error"));
  const sentences: Inline[] = [];
  const tell = (kind: FindingKind, one: string, many: (count: number) => string): void => {
    const found = news.flatMap(({ findings }) => findings.filter((finding) => finding.kind === kind));
    if (found.length === 0) return;
    const errors = new Set(found.map(({ signature }) => signature)).size;
    const names = [...new Set(found.map(({ pipeline }) => pipeline))];
    sentences.push(...line`${errors === 1 ? one : many(errors)}${namesOf(names, voice)}.`);
  };
  tell("new_error", text(" Une erreur jamais vue sur ", " An error never seen before on "), (errors) =>
    text(` ${number(errors)} erreurs jamais vues sur `, ` ${number(errors)} errors never seen before on `),
  );
  tell("regressed_error", text(" Une erreur revenue sur ", " An error that is back on "), (errors) =>
    text(` ${number(errors)} erreurs revenues sur `, ` ${number(errors)} errors that are back on `),
  );
  if (rest.length > 0) {
    const names = [...new Set(rest.flatMap(({ pipelines }) => pipelines))];
    sentences.push(...line`${text(" Inhabituel : ", " Unusual: ")}${namesOf(names, voice)}.`);
  }
  const { missing } = newsOf(part);
  if (missing > 0)
    sentences.push(
      ...line`${
        french
          ? ` ${count(missing, "pipeline")} ${missing > 1 ? "n’ont pas tourné comme d’habitude" : "n’a pas tourné comme d’habitude"}.`
          : ` ${count(missing, "pipeline")} did not run as usual.`
      }`,
    );
  return sentences;
}

/** `a`, `b` et 3 autres */
export function namesOf(names: readonly string[], { count, text }: Voice, most = namesShown): Inline[] {
  const shown = names.slice(0, most);
  const left = names.length - shown.length;
  return [
    ...shown.flatMap((name, index): Inline[] => [...(index > 0 ? [{ as: "plain" as const, text: ", " }] : []), code(name)]),
    ...(left > 0 ? [{ as: "plain" as const, text: ` ${text("et", "and")} ${count(left, "other")}` }] : []),
  ];
}

function lateLine({ isLate, dueAt, window }: Report, { line, format, text }: Voice): Inline[] | undefined {
  if (!isLate) return undefined;
  const made = format.time(new Date(window.to));
  if (dueAt === null)
    return line`${text(`Rapport établi à ${made}, en retard après une interruption.`, `Report made at ${made}, late after an interruption.`)}`;
  const due = format.time(new Date(dueAt));
  return line`${text(`Rapport de ${due} établi à ${made}, après une interruption.`, `Report of ${due} made at ${made}, after an interruption.`)}`;
}

function staleLine(report: Report, { line, format, text }: Voice): Inline[] {
  const at = instantText(report.coverage.dataUntil, report, format);
  return line`${text(
    `Attention : aucune donnée depuis ${at}, bien plus longtemps que d’habitude. L’ingestion est peut-être arrêtée.`,
    `Careful: no data since ${at}, much longer than usual. Ingestion may have stopped.`,
  )}`;
}

/** With its year when that is not the report's. */
const instantText = (iso: string | null, { window }: Report, format: Voice["format"]): string =>
  iso === null ? "" : `${format.dayOfYear(new Date(iso), new Date(window.to))} ${format.time(new Date(iso))}`;

function noDataLine(report: Report, { line, format, text }: Voice): Inline[] {
  if (report.all.verdict !== "no_data")
    return line`${strong(text("Aucune exécution de ces pipelines", "No run of these pipelines"))}${text(
      " sur la période. Ce n’est pas la même chose que « 0 échec ».",
      ' in this period. That is not the same as "0 failures".',
    )}`;
  const since = sinceText(report, { text, format });
  return line`${strong(since)}${text(
    ". Le rapport ne dit rien des flux : l’ingestion est peut-être arrêtée.",
    ". This report says nothing about the flows: ingestion may have stopped.",
  )}`;
}

const sinceText = (report: Report, { text, format }: Pick<Voice, "text" | "format">): string =>
  report.coverage.dataUntil === null
    ? text("Aucune donnée à ce jour", "No data so far")
    : text(
        `Aucune donnée depuis ${instantText(report.coverage.dataUntil, report, format)}`,
        `No data since ${instantText(report.coverage.dataUntil, report, format)}`,
      );

/** `aucune donnée depuis ven. 8 mai 07:25`: the headline of a part without runs. */
export function noDataText(report: Report, voice: Voice): string {
  const said = report.all.verdict === "no_data" ? sinceText(report, voice) : voice.text("Aucune exécution", "No run");
  return said.charAt(0).toLowerCase() + said.slice(1);
}

/** Runs, success, failures, late and missing, p95, each with its change against the span before. */
export function figuresSection(part: ReportPart, voice: Voice): Section {
  const { figures, before, missing } = part;
  const { number, change, relativeChange, pointChange, format, text } = voice;
  const [now, then] = [successShare(figures), before && successShare(before)];
  const late = missing.filter(({ back }) => back !== null).length;
  return {
    kind: "figures",
    items: [
      { label: text("Exécutions", "Runs"), value: number(figures.runs), change: before ? relativeChange(figures.runs, before.runs) : "" },
      ...(now === null
        ? []
        : [
            {
              label: unreadOf(part) > 0 ? text("Succès (statuts lus)", "Success (statuses read)") : text("Succès", "Success"),
              value: format.share(figures.succeeded, figures.ended),
              change: then === null ? "" : pointChange(now, then),
            },
          ]),
      { label: text("Échecs", "Failures"), value: number(figures.failed), change: before ? change(figures.failed - before.failed) : "" },
      ...(unreadOf(part) > 0 ? [{ label: text("Statuts non lus", "Statuses not read"), value: number(unreadOf(part)), change: "" }] : []),
      ...(blockedOf(part) > 0 ? [{ label: text("Bloqués (amont)", "Blocked upstream"), value: number(blockedOf(part)), change: "" }] : []),
      { label: text("Absents", "Missing"), value: number(missing.length - late), change: "" },
      ...(late > 0 ? [{ label: text("En retard", "Late"), value: number(late), change: "" }] : []),
      ...(figures.p95Ms === null
        ? []
        : [
            {
              label: text("Durée p95", "p95 duration"),
              value: format.duration(figures.p95Ms),
              change: before?.p95Ms ? relativeChange(figures.p95Ms, before.p95Ms) : "",
            },
          ]),
    ],
  };
}

/** A sentence may hold words of records. */
const doubtLength = 600;
const voiceOf = ({ language, zone, window }: Report) => ({ language, zone, now: new Date(window.to) });

/** `Données jusqu’à 07:25.` */
export function coverageText(report: Report, voice: Voice): string {
  const { coverage, window } = report;
  const { format, text } = voice;
  const { dataUntil } = coverage;
  if (dataUntil === null) return text("Aucune donnée.", "No data.");
  const until = new Date(dataUntil);
  const isToday = format.dayOfYear(until, new Date(window.to)) === format.day(new Date(window.to));
  const at = isToday ? format.time(until) : `${format.dayOfYear(until, new Date(window.to))} ${format.time(until)}`;
  return text(`Données jusqu’à ${at}.`, `Data until ${at}.`);
}
