import { parseInstant } from "@flow-rag/kernel";
import type { ReportDocument, Section } from "./document.js";
import { lateFailuresOf, lateLine, lateSection } from "./late-section.js";
import { partFor, type Report, type ReportPart } from "./report.js";
import {
  failingSection,
  missingSection,
  newsSection,
  ongoingSection,
  resolvedSection,
  signatureSection,
  techSection,
  unjudgedLine,
} from "./sections.js";
import { failingLine, standingLine } from "./standing-lines.js";
import { unfinishedOf } from "./untold-lines.js";
import { coverageText, figuresSection, headlineText, isAllClear, markOf, noDataText, verdictLines } from "./verdict.js";
import { createVoice, data, quiet, type Inline, type Voice } from "./voice.js";

const newsShown = 8;
const missingShown = 5;
const lateShown = 5;
const signaturesShown = 10;

/** A route's part of a report as text: the verdict first, what is new, what stands, then everything. */
export function composeDocument(report: Report, route: string): ReportDocument {
  const part = partFor(report, route);
  const voice = createVoice(report.language, report.zone);
  const { text } = voice;
  const scope = part === report.all ? "" : ` · ${route}`;
  const product = text("Flux", "Flows");
  const name = `${product}${scope}`;
  const verdict = verdictLines(part, report, voice);
  const headline = subjectText(part, report, voice);
  const isQuiet = isAllClear(part, report);
  const notification =
    part.verdict === "eventful" ? headlineText(part, voice, { withUsual: true }) : isQuiet ? quietText(part, report, voice) : headline;
  const colon = text(" : ", ": ");
  return {
    language: report.language,
    mark: markOf(part, report, voice),
    title: `${name} · ${dateText(report, voice, "long")}`,
    subject: `[${name}] ${dateText(report, voice, "short")}${colon}${headline}`,
    preheader: verdict
      .flat()
      .map(({ text: piece }) => piece)
      .join(""),
    notification: `${name} · ${dateText(report, voice, "short")}${isQuiet ? " · " : colon}${notification}`,
    ...sectionsOf(part, report, voice, verdict),
    footer: footerOf(part, report, voice, scope),
    stop: text(
      "Pour ne plus recevoir ce message : « Se désabonner » dans votre messagerie.",
      'To stop receiving this message: "Unsubscribe" in your mail reader.',
    ),
    detailsTitle: text("détails", "details"),
    more: (left, named = []) => {
      const others = (count: number): string => text(`… et ${voice.count(count, "other")}`, `… and ${voice.count(count, "other")}`);
      if (named.length === 0) return others(left);
      return `${others(left)}${colon}${named.join(", ")}${left > named.length ? ` ${others(left - named.length)}` : ""}`;
    },
  };
}

function subjectText(part: ReportPart, report: Report, voice: Voice): string {
  const { text, count } = voice;
  if (part.verdict === "no_data") return noDataText(report, voice);
  if (isAllClear(part, report))
    return `${text("RAS", "all clear")} (${[count(part.figures.runs, "run"), ...unfinishedOf(part, voice)].join(", ")})`;
  if (part.verdict === "quiet") return text("rien vu, mais données incomplètes", "nothing seen, but data incomplete");
  return headlineText(part, voice, { withUsual: false });
}

/** The whole message of a quiet day. */
function quietText(part: ReportPart, report: Report, voice: Voice): string {
  const { text, count } = voice;
  const { figures } = part;
  const seen = [count(figures.runs, "run"), ...unfinishedOf(part, voice), count(figures.failed, "failure"), count(0, "missing")].join(", ");
  return text(
    `RAS : ${seen}. ${coverageText(report, createVoice("fr", report.zone))}`,
    `All clear: ${seen}. ${coverageText(report, createVoice("en", report.zone))}`,
  );
}

function sectionsOf(
  part: ReportPart,
  report: Report,
  voice: Voice,
  verdict: readonly Inline[][],
): Pick<ReportDocument, "main" | "details"> {
  const unjudged = unjudgedLine(part, voice);
  const quietDay = isAllClear(part, report);
  const notes: Section[] = unjudged ? [{ kind: "paragraph", lines: [unjudged] }] : [];
  const arrived = lateLine(part, voice);
  const late = lateSection(part, report, voice, lateShown);
  if (quietDay) {
    const lines = [
      [{ as: "plain" as const, text: quietText(part, report, voice) }],
      ...(report.isLate ? verdict.slice(1) : []),
      ...(arrived ? [arrived] : []),
    ];
    return { main: [{ kind: "paragraph", lines }], details: [late, ...notes].filter(hasContent) };
  }
  const hasLateFailures = lateFailuresOf(part) > 0;
  const isSilent = report.all.verdict === "no_data"; // the verdict says since when
  const coverage = isSilent ? "" : coverageText(report, voice);
  const standing = [failingLine(part, voice), standingLine(part, report, voice)].filter((line) => line !== undefined);
  const main: Section[] = [
    { kind: "paragraph", lines: verdict },
    ...(part.verdict === "no_data" ? [] : [figuresSection(part, voice)]),
    newsSection(part, report, voice, newsShown),
    missingSection(part, report, voice, missingShown),
    ...(arrived ? [{ kind: "paragraph" as const, lines: [arrived] }] : []),
    ...(hasLateFailures ? [late] : []),
    { kind: "paragraph", lines: standing },
    { kind: "paragraph", lines: coverage === "" ? [] : [[quiet(coverage)]] },
    { kind: "pictures" },
  ];
  const details: Section[] = [
    ...(part.prose ? [{ kind: "paragraph" as const, lines: proseLines(part.prose.text) }] : []),
    ongoingSection(part, report, voice),
    resolvedSection(part, report, voice),
    ...(hasLateFailures ? [] : [late]),
    techSection(part, voice),
    signatureSection(part, report, voice, signaturesShown),
    failingSection(part, report, voice), // the one without bounds comes last
    ...notes,
  ];
  return { main: main.filter(hasContent), details: details.filter(hasContent) };
}

const hasContent = (section: Section): boolean => {
  if (section.kind === "rows") return section.rows.length > 0;
  return section.kind !== "paragraph" || section.lines.length > 0;
};
const proseLength = 1_500;
const proseLines = (text: string): Inline[][] =>
  text
    .slice(0, 4 * proseLength)
    .split("\n")
    .map((line) => data(line, proseLength))
    .filter((line) => line.text !== "")
    .slice(0, 12)
    .map((line) => [line]);

function footerOf(part: ReportPart, report: Report, voice: Voice, scope: string): Inline[][] {
  const { format, text, line } = voice;
  const span = (iso: string): string => format.instant(new Date(iso));
  const by =
    part.prose?.by === "llm"
      ? text(" · résumé rédigé par un modèle, vérifié contre les chiffres", " · summary worded by a model, checked against the figures")
      : "";
  return [
    line`${text(
      `Du ${span(report.window.from)} au ${span(report.window.to)} (${report.zone}) · rapport ${report.date}${scope}`,
      `From ${span(report.window.from)} to ${span(report.window.to)} (${report.zone}) · report ${report.date}${scope}`,
    )}${by}`,
  ];
}

/** A digest that leaves on Monday morning is about the week that ended on Sunday. */
const halfDayMs = 43_200_000;

/** `mercredi 6 mai`, `mer. 6 mai`, `semaine du 27 avr. au 3 mai`. */
function dateText({ kind, date, zone, window }: Report, { format, longDay, text }: Voice, length: "long" | "short"): string {
  if (kind === "weekly") {
    const [from, to] = [format.date(new Date(window.from)), format.date(new Date(Date.parse(window.to) - halfDayMs))];
    return text(`semaine du ${from} au ${to}`, `week from ${from} to ${to}`);
  }
  const noon = noonOf(date, zone);
  return length === "long" ? longDay(noon) : format.day(noon);
}

const noonOf = (date: string, zone: string): Date => parseInstant(`${date}T12:00`, zone) ?? new Date(`${date}T12:00:00Z`);
