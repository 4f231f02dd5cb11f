import { AppError } from "@flow-rag/kernel";
import type { Language } from "@flow-rag/contracts";
import { composeDocument } from "./compose-document.js";
import { partFor, type Prose, type Report, type ReportPart } from "./report.js";
import { techSection } from "./sections.js";
import { templateProse } from "./template-prose.js";
import { createVoice, type Inline } from "./voice.js";

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
