import { AppError } from "@flow-rag/kernel";
import type { Language } from "@flow-rag/contracts";
import { cleanLine } from "./clean-line.js";
import { composeDocument } from "./compose-document.js";
import { partFor, type Prose, type Report, type ReportKind, type ReportPart } from "./report.js";
import { techSection } from "./sections.js";
import { createVoice, type Inline, type Voice } from "./voice.js";

/** Names that occur in the runs, whoever they are about. */
export type KnownNames = { readonly pipelines: readonly string[]; readonly techs: readonly string[] };

/**
 * What a summary is worded from. `verdict` and `template` say it already; `statements` are further figures. Beyond the quotation in the template
 * they hold no error text: it is anybody's, and a figure in it must not become a fact.
 */
export type ProseInput = {
  readonly language: Language;
  readonly zone: string;
  readonly window: { readonly from: Date; readonly to: Date };
  readonly facts: ReportPart;
  readonly verdict: string;
  readonly template: string;
  readonly statements: readonly string[];
  readonly names: KnownNames;
};
export type WriteProse = (input: ProseInput, signal: AbortSignal) => Promise<Prose>;

/** One short summary of a route's part: the state of errors, the trend, the technos concerned. Null where the verdict says everything. */
export async function proseOf(
  report: Report,
  route: string,
  { names, write }: { names: KnownNames; write: WriteProse | undefined },
  signal: AbortSignal,
): Promise<Prose | null> {
  const part = partFor(report, route);
  const { kind, language, zone, window } = report;
  if (part.figures.failed === 0) return null;
  const template = templateProse(part, kind, createVoice(language, zone));
  const byTemplate = (reason: string | null): Prose => ({ text: template, by: "template", reason });
  if (!write) return byTemplate(null);
  const document = composeDocument(report, route);
  const statements = techSection(part, createVoice(language, zone)).rows.map(({ head, figure }) => `${textOf(head)} · ${figure ?? ""}`);
  const given = {
    language,
    zone,
    facts: part,
    names,
    template,
    verdict: document.preheader,
    statements,
  };
  try {
    return await write({ ...given, window: { from: new Date(window.from), to: new Date(window.to) } }, signal);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return byTemplate(AppError.from(thrown).kind);
  }
}

const textOf = (line: readonly Inline[]): string => line.map(({ text }) => text).join("");

/** The summary without a language model. */
function templateProse(part: ReportPart, kind: ReportKind, voice: Voice): string {
  return [techSentence(part, voice), errorSentence(part, voice), trendSentence(part, kind, voice)].filter((one) => one !== "").join(" ");
}

const techsNamed = 5;

function techSentence({ techs }: ReportPart, { count, text, list, number }: Voice): string {
  const [most, ...others] = techs;
  if (!most) return "";
  const first = `${cleanLine(most.tech, 40)} (${count(most.failures, "failure")}, ${count(most.pipelines, "pipeline")})`;
  const rest = others.slice(0, techsNamed - 1).map(({ tech, failures }) => `${cleanLine(tech, 40)} (${number(failures)})`);
  const left = others.length - rest.length;
  const names = list([first, ...rest, ...(left > 0 ? [count(left, "other")] : [])]);
  return others.length === 0
    ? text(`Une seule techno touchée : ${names}.`, `One techno is concerned: ${names}.`)
    : text(`Technos touchées : ${names}.`, `Technos concerned: ${names}.`);
}

function errorSentence({ signatures }: ReportPart, { count, text, french }: Voice): string {
  const top = signatures.find(({ cause }) => cause.text !== null);
  if (!top?.cause.text) return "";
  const inner = cleanLine(top.cause.text.replace(/[«»“”]/g, "'"), 120);
  const quotation = french ? `«\u202f${inner}\u202f»` : `“${inner}”`;
  const [times, where] = [count(top.failures, "time"), count(top.pipelines.length, "pipeline")];
  return (
    text("Erreur la plus fréquente : ", "Most frequent error: ") + quotation + text(`, ${times} sur ${where}.`, `, ${times} on ${where}.`)
  );
}

function trendSentence({ figures, usual, before }: ReportPart, kind: ReportKind, { text, count, number }: Voice): string {
  const [reference, name] = usual
    ? [
        usual.failed,
        text(`la médiane des jours précédents (${number(usual.failed)})`, `the median of the days before (${number(usual.failed)})`),
      ]
    : before
      ? [
          before.failed,
          kind === "weekly"
            ? text(`la semaine précédente (${count(before.failed, "failure")})`, `the week before (${count(before.failed, "failure")})`)
            : text(`la veille (${count(before.failed, "failure")})`, `the day before (${count(before.failed, "failure")})`),
        ]
      : [null, ""];
  if (reference === null) return "";
  if (figures.failed === reference) return text(`Le nombre d’échecs est égal à ${name}.`, `The number of failures equals ${name}.`);
  return figures.failed > reference
    ? text(`Les échecs sont plus nombreux que ${name}.`, `There are more failures than ${name}.`)
    : text(`Les échecs sont moins nombreux que ${name}.`, `There are fewer failures than ${name}.`);
}
