import type { Row, Section } from "./document.js";
import type { LateArrivals, LatePipeline, Report, ReportPart } from "./report.js";
import { errorMark, mentionsOf, ownerNames, plain, spanText } from "./row-pieces.js";
import { code, data, joined, quoted, type Inline, type Voice } from "./voice.js";

/** Failures that the reader has not been told of, although their time was. */
export const lateFailuresOf = ({ late }: ReportPart): number => (late ? late.failures + late.failedSince : 0);

/** What came after the report of its time: runs and failures of each pipeline, the failures first. */
export function lateSection({ late }: ReportPart, report: Report, voice: Voice, most: number): Section {
  const rows = late?.pipelines.map((one) => lateRow(one, report, voice)) ?? [];
  return { kind: "rows", heading: voice.text("Arrivés après coup", "Came after their report"), rows, most };
}

/** `Arrivés après coup : 12 exécutions d’avant le mar. 5 mai 07:30, dont 3 échecs.` Undefined when nothing did. */
export function lateLine({ late }: ReportPart, voice: Voice): Inline[] | undefined {
  if (!late || late.runs + late.failedSince === 0) return undefined;
  const { line, text, format } = voice;
  const until = new Date(late.toldUntil);
  const before = text(` d’avant le ${format.day(until)} ${format.time(until)}`, ` from before ${format.day(until)} ${format.time(until)}`);
  const amounts = [late.runs > 0 ? amountText(late, voice, before) : "", late.failedSince > 0 ? sinceText(late.failedSince, voice) : ""];
  return line`${text("Arrivés après coup : ", "Came after their report: ")}${amounts.filter((amount) => amount !== "").join(text(" ; ", "; "))}.`;
}

/** `12 exécutions, dont 3 échecs`, `3 échecs`, `12 exécutions, 0 échec`. */
function amountText({ runs, failures }: Pick<LateArrivals, "runs" | "failures">, { count, number, text }: Voice, when = ""): string {
  if (failures === runs) return `${count(failures, "failure")}${when}`;
  const all = `${count(runs, "run")}${when}`;
  if (failures === 0) return `${all}, ${count(0, "failure")}`;
  return text(`${all}, dont ${count(failures, "failure")}`, `${all}, ${number(failures)} of them failed`);
}

const sinceText = (failed: number, { text, count }: Voice): string =>
  failed === 1
    ? text("1 exécution déjà comptée a échoué depuis", "1 run that was counted has failed since")
    : text(`${count(failed, "run")} déjà comptées ont échoué depuis`, `${count(failed, "run")} that were counted have failed since`);

function lateRow(one: LatePipeline, report: Report, voice: Voice): Row {
  const { pipeline, tech, runs, failedSince, first, last, owners, cause, state } = one;
  const { text } = voice;
  const isNew = state === "new" || state === "regressed";
  const amounts = [runs > 0 ? amountText(one, voice) : "", failedSince > 0 ? sinceText(failedSince, voice) : ""];
  return {
    mark: isNew
      ? errorMark(state, voice)
      : one.failures + failedSince > 0
        ? { emoji: "red_circle", label: text("échec", "failed"), tone: "bad" }
        : { emoji: "inbox_tray", label: text("arrivé", "came"), tone: "plain" },
    head: joined([[code(pipeline)], [data(tech, 40)]]),
    figure: amounts.filter((amount) => amount !== "").join(text(" ; ", "; ")),
    note: joined([
      plain(spanText(first, last, report, voice)),
      cause.text === null ? [] : quoted(voice, cause.text, 120),
      ownerNames(owners, voice),
    ]),
    ...(isNew && { mentions: mentionsOf(owners) }),
  };
}
