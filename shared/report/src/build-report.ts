import type { Doubt, Language, ReportSight, ToldSpan } from "@flow-rag/contracts";
import { buildPart, type PartContext } from "./build-part.js";
import { proseOf, type KnownNames, type WriteProse } from "./prose.js";
import { readReportData, type ReportData, type ReportStores } from "./read-report-data.js";
import { spansOf, type ReportSpans } from "./report-spans.js";
import type { Coverage, Report, ReportKind, ReportPart } from "./report.js";
import { assignPipelines, ownersOf, type Route } from "./routes.js";
import type { Settings } from "./settings.js";

export type ReportDeps = ReportStores & {
  /** Looks at what is not in the runs, before they are read; `collect` then says what is doubted of a window. */
  readonly lookForDoubts: (signal: AbortSignal) => Promise<{ collect: CollectDoubts }>;
  /** Words a summary from the facts, with a language model for instance; without it a template does. It may throw: the template then serves. */
  readonly prose?: WriteProse | undefined;
};
type CollectDoubts = (
  scope: { readonly window: { readonly from: Date; readonly to: Date }; readonly zone: string; readonly now: Date },
  signal: AbortSignal,
) => Promise<readonly Doubt[]>;
export type ReportInput = {
  readonly kind: ReportKind;
  /** Half-open: [from, to): from the end of the last report. */
  readonly window: { readonly from: Date; readonly to: Date };
  /** The local day it is for, `2026-05-06`. */
  readonly date: string;
  readonly zone: string;
  readonly language: Language;
  /** Made later than it was due, and when that was. */
  readonly isLate?: boolean | undefined;
  readonly dueAt?: Date | undefined;
  /** What earlier reports of the kind have told: what came later for that time is named in this one. */
  readonly told?: ToldSpan | undefined;
  /** Before the first run is read. */
  readonly readAt: Date;
  readonly settings: Settings;
  readonly routes: readonly Route[];
};

/**
 * A report's facts, computed from the runs. Counts are of the runs in the window; incidents are those of the days by the clock that end with it
 * (as many as the window is long), judged as of its end. Comparisons are with spans of the same clock times on earlier days.
 * `sight` is for the next report.
 */
export async function buildReport(
  deps: ReportDeps,
  input: ReportInput,
  signal: AbortSignal,
): Promise<{ report: Report; sight: ReportSight }> {
  const { kind, window, date, zone, language, dueAt, settings, routes, told, readAt } = input;
  const spans = spansOf(kind, window, zone);
  const { collect } = await deps.lookForDoubts(signal);
  const data = await readReportData(deps, spans, { zone, settings, told, readAt }, signal);
  const context: PartContext = {
    kind,
    spans,
    quietDays: settings.regressedAfterDays,
    ownersOf: (pipeline) => ownersOf(settings, pipeline, data.ownerOf(pipeline)),
  };
  const pipelines = new Set([...data.history.keys(), ...data.late.map(({ run }) => run.pipeline)]);
  const coverage = { ...completenessOf(data, spans), doubts: await collect({ window, zone, now: readAt }, signal) };
  const parts = new Map<string, ReportPart>();
  for (const [route, own] of assignPipelines(routes, pipelines, data.ownerOf)) {
    if (own.size < pipelines.size) parts.set(route, buildPart(data, context, own));
  }
  const report: Report = {
    version: 1,
    kind,
    date,
    zone,
    language,
    window: { from: window.from.toISOString(), to: window.to.toISOString() },
    isLate: input.isLate ?? dueAt !== undefined,
    dueAt: dueAt?.toISOString() ?? null,
    coverage,
    all: buildPart(data, context, undefined),
    parts: Object.fromEntries(parts),
  };
  return { report: await withProse(report, { names: namesOf(data), write: deps.prose }, signal), sight: data.sight };
}

/** No route is called this. */
const everything = "";

async function withProse(report: Report, how: { names: KnownNames; write: WriteProse | undefined }, signal: AbortSignal): Promise<Report> {
  const all = { ...report.all, prose: await proseOf(report, everything, how, signal) };
  const parts: [string, ReportPart][] = [];
  for (const [route, part] of Object.entries(report.parts)) {
    parts.push([route, { ...part, prose: await proseOf(report, route, how, signal) }]);
  }
  return { ...report, all, parts: Object.fromEntries(parts) };
}

const namesOf = ({ history }: ReportData): KnownNames => ({
  pipelines: [...history.keys()],
  techs: [...new Set([...history.values()].map(({ tech }) => tech))],
});

const hourMs = 3_600_000;
const leastSpans = 3;

/** The data stop early when the silence at the end of the window is more than an hour and twice the longest of those at the same time before. */
function completenessOf({ history, latest }: ReportData, { window, before }: ReportSpans): Pick<Coverage, "dataUntil" | "stale"> {
  const silences = before.flatMap((span) => {
    const last = latestIn(history, span);
    return last === undefined ? [] : [span.to - last];
  });
  const silence = latest === undefined ? Infinity : window.to - latest;
  return {
    dataUntil: latest === undefined ? null : new Date(latest).toISOString(),
    stale: silences.length >= leastSpans && silence > Math.max(hourMs, 2 * Math.max(...silences)),
  };
}

function latestIn(history: ReportData["history"], span: { from: number; to: number }): number | undefined {
  let latest: number | undefined;
  for (const { runs } of history.values()) {
    const at = runs.at(runs.firstFrom(span.to) - 1);
    if (at !== undefined && at >= span.from && at > (latest ?? -Infinity)) latest = at;
  }
  return latest;
}
