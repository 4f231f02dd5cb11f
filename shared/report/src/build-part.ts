import { sumUnread } from "@flow-rag/contracts";
import {
  findingKey,
  groupIncidents,
  habitOf,
  hasEnded,
  type FollowedFinding,
  type Incident,
  type Morning,
  type ResolvedFinding,
  type RunSeen,
  type Severity,
} from "@flow-rag/insights";
import { mainCause, pairsOf, topSignatures } from "./build-errors.js";
import { buildLate } from "./build-late.js";
import { figuresOf, runsIn, usualOf, type Selection } from "./figures.js";
import { byName, countBy, groupBy, isoOf } from "./group-by.js";
import type { ReportData } from "./read-report-data.js";
import type { ReportSpans } from "./report-spans.js";
import type {
  DayFigures,
  FailingPipeline,
  FailingTech,
  MissingPipeline,
  Owner,
  PipelineDays,
  ReportIncident,
  ReportKind,
  ReportPart,
} from "./report.js";

/** What a part is computed with, beside the data. */
export type PartContext = {
  readonly kind: ReportKind;
  readonly spans: ReportSpans;
  /** After which an error that comes back counts as back. */
  readonly quietDays: number;
  readonly ownersOf: (pipeline: string) => Owner[];
};

const worstShown = 10;

/** What there is to say about the selected pipelines; without prose. */
export function buildPart(data: ReportData, context: PartContext, pipelines: Selection): ReportPart {
  const { kind, spans, quietDays, ownersOf } = context;
  const runs = [...runsIn(data.history, spans.window, pipelines)];
  const failures = runs.filter(({ status }) => status === "failed").sort((a, b) => a.at - b.at || byName(a.id, b.id));
  const figures = figuresOf(runs);
  const compared = spans.before.map((span) => figuresOf(runsIn(data.history, span, pipelines)));
  const [before] = compared;
  const { findings, resolved } = mergeMornings(data.mornings, pipelines);
  const incidents = groupIncidents(
    findings.filter((finding) => finding.kind !== "missing_run"),
    data.oneCause,
  ).map((incident) => toIncident(incident, failures, data, ownersOf));
  const missing = findings.filter((finding) => finding.kind === "missing_run").map((finding) => toMissing(finding, ownersOf));
  const days = spans.shown.map((span) => [...runsIn(data.history, span, pipelines)]);
  const failing = failingPipelines(runs, failures, data, ownersOf);
  const stillFailing = new Set(failing.filter((one) => one.stillFailing).map(({ pipeline }) => pipeline));
  const troubled = new Set([...findings.map(({ pipeline }) => pipeline), ...stillFailing]);
  const settled = resolved.filter(({ pipeline }) => !troubled.has(pipeline));
  const late = buildLate(data, { pipelines, quietDays, ownersOf });
  const lateFailures = late ? late.failures + late.failedSince : 0;
  const unread = sumUnread(data.unread.filter(({ pipeline }) => !pipelines || pipelines.has(pipeline)));
  const untold = (figures.byStatus.unknown ?? 0) + (figures.byStatus.upstream_failed ?? 0);
  const isQuiet = untold + figures.failed + incidents.length + missing.length + settled.length + lateFailures === 0;
  return {
    verdict: figures.runs === 0 ? "no_data" : isQuiet ? "quiet" : "eventful",
    isEmpty: (pipelines ?? data.history).size === 0,
    figures,
    unread: unread ?? null,
    before: before && before.runs > 0 ? before : null,
    usual: kind === "weekly" ? null : usualOf(compared),
    incidents: incidents.sort(byWeight),
    missing: missing.sort((a, b) => Number(a.state === "ongoing") - Number(b.state === "ongoing") || byName(a.pipeline, b.pipeline)),
    resolved: [...groupBy(settled, ({ pipeline }) => pipeline)].map(([pipeline, own]) => ({
      pipeline,
      kinds: [...new Set(own.map((finding) => finding.kind))],
      since: isoOf(Math.min(...own.map(({ since }) => since))),
    })),
    late,
    failing,
    techs: failingTechs(runs, failures),
    signatures: topSignatures(failures, data, { quietDays, hasRecovered: (pipeline) => !stillFailing.has(pipeline) }),
    unjudged: (data.mornings.at(-1)?.unjudged ?? [])
      .map(({ pipeline }) => pipeline)
      .filter((pipeline) => !pipelines || pipelines.has(pipeline))
      .sort(),
    days: days.map((day, index): DayFigures => {
      const failed = countBy(
        day.filter(({ status }) => status === "failed"),
        ({ tech }) => tech,
      );
      return { date: spans.shown[index]?.date ?? "", runs: day.length, failures: failed.map(([tech, count]) => ({ tech, count })) };
    }),
    worst: worstPipelines(days),
    prose: null,
  };
}

const severities: readonly Severity[] = ["critical", "warning", "info"];

/** What the reader has not been told of first, then the most severe, then the most failures. */
const byWeight = (a: ReportIncident, b: ReportIncident): number =>
  Number(a.state === "ongoing") - Number(b.state === "ongoing") ||
  severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
  b.failures - a.failures ||
  byName(a.pipelines[0] ?? "", b.pipelines[0] ?? "");

/**
 * The findings of the judged days as one list: those of the last day, and those that were new on a day before it. What was new on any of these
 * days is new to the reader; what came and went in between is no longer listed as resolved.
 */
function mergeMornings(
  mornings: readonly Morning[],
  pipelines: Selection,
): { findings: FollowedFinding[]; resolved: (ResolvedFinding & Pick<FollowedFinding, "kind">)[] } {
  const wanted = ({ pipeline }: { pipeline: string }): boolean => !pipelines || pipelines.has(pipeline);
  const findings = new Map<string, FollowedFinding>();
  const resolved = new Map<string, ResolvedFinding>();
  for (const [index, morning] of mornings.entries()) {
    for (const finding of morning.incidents.flatMap((incident) => incident.findings).filter(wanted)) {
      const key = findingKey(finding);
      const earlier = findings.get(key);
      if (earlier) findings.set(key, { ...finding, state: earlier.state, since: earlier.since });
      else if (finding.state !== "ongoing" || index === mornings.length - 1) findings.set(key, finding);
      resolved.delete(key);
    }
    for (const finding of morning.resolved.filter(wanted)) resolved.set(findingKey(finding), finding);
  }
  for (const key of findings.keys()) resolved.delete(key);
  return { findings: [...findings.values()], resolved: [...resolved.values()] };
}

function toIncident(
  { state, severity, tech, techs, pipelines, since, findings }: Incident,
  failures: readonly RunSeen[],
  data: ReportData,
  ownersOf: (pipeline: string) => Owner[],
): ReportIncident {
  const names = new Set(pipelines);
  const errors = new Set(findings.flatMap((finding) => finding.signature ?? []));
  const own = failures.filter((run) => names.has(run.pipeline) && (errors.size === 0 || errors.has(run.signature ?? "")));
  const known = own.filter((run) => errors.has(run.signature ?? ""));
  const causeOf = ({ signature }: RunSeen): string => data.oneCause(signature ?? "");
  const [[main] = [null]] = countBy(known, causeOf);
  const quoted = known.filter((run) => causeOf(run) === main);
  const [[signature] = [[...errors][0] ?? null]] = countBy(quoted, (run) => run.signature);
  const having = [...new Set(quoted.map(({ pipeline }) => pipeline))].sort();
  const causedIn = having.length > 0 ? having : pipelines.slice(0, 1);
  // What is quoted and cited is of the first pipelines that are named.
  const [first = ""] = causedIn;
  const pairs = pairsOf(quoted);
  const cause =
    signature === null ? { text: null, firstSeen: null } : data.causeOf(pairs.length > 0 ? pairs : [{ signature, pipeline: first }]);
  const example = quoted.findLast(({ pipeline }) => pipeline === first) ?? own.at(-1);
  return {
    state,
    severity,
    tech,
    techs,
    pipelines: [...causedIn, ...pipelines.filter((pipeline) => !causedIn.includes(pipeline))],
    kinds: [...new Set(findings.map(({ kind }) => kind))],
    since: isoOf(since),
    findings,
    cause: { signature, text: cause.text },
    causedIn,
    failures: own.length,
    first: timeOf(own[0]),
    last: timeOf(own.at(-1)),
    firstSeen: cause.firstSeen,
    owners: distinctOwners(pipelines.flatMap(ownersOf)),
    example: example?.id ?? findings[0]?.evidence[0] ?? null,
  };
}

const timeOf = (run: RunSeen | undefined): string | null => (run ? isoOf(run.at) : null);

function distinctOwners(owners: readonly Owner[]): Owner[] {
  return [...new Map(owners.map((owner) => [`${owner.name}\n${owner.mention ?? ""}`, owner])).values()];
}

function toMissing(finding: FollowedFinding, ownersOf: (pipeline: string) => Owner[]): MissingPipeline {
  const { pipeline, tech, state, severity, window, expected, facts } = finding;
  const habit = habitOf(finding);
  return {
    pipeline,
    tech,
    state,
    severity,
    last: isoOf(window.from),
    habit,
    everyMs: habit === "cadence" ? expected : null,
    missing: facts["missing"] ?? 1,
    back: facts["back"] ? isoOf(window.to) : null,
    owners: ownersOf(pipeline),
  };
}

function failingPipelines(
  runs: readonly RunSeen[],
  failures: readonly RunSeen[],
  data: ReportData,
  ownersOf: (pipeline: string) => Owner[],
): FailingPipeline[] {
  const all = groupBy(runs, ({ pipeline }) => pipeline);
  return [...groupBy(failures, ({ pipeline }) => pipeline)]
    .map(([pipeline, own]): FailingPipeline => {
      const ran = all.get(pipeline) ?? own;
      const last = ran
        .filter(hasEnded)
        .reduce<RunSeen | undefined>((latest, run) => (latest && latest.at > run.at ? latest : run), undefined);
      return {
        pipeline,
        tech: own.at(-1)?.tech ?? "unknown",
        failures: own.length,
        runs: ran.length,
        first: isoOf(own[0]?.at ?? 0),
        last: isoOf(own.at(-1)?.at ?? 0),
        stillFailing: last?.status === "failed",
        owners: ownersOf(pipeline),
        cause: mainCause(own, data),
      };
    })
    .sort((a, b) => b.failures - a.failures || byName(a.pipeline, b.pipeline));
}

function failingTechs(runs: readonly RunSeen[], failures: readonly RunSeen[]): FailingTech[] {
  const ran = new Map(countBy(runs, ({ tech }) => tech));
  return [...groupBy(failures, ({ tech }) => tech)]
    .map(([tech, own]) => ({
      tech,
      failures: own.length,
      runs: ran.get(tech) ?? own.length,
      pipelines: new Set(own.map(({ pipeline }) => pipeline)).size,
    }))
    .sort((a, b) => b.failures - a.failures || byName(a.tech, b.tech));
}

function worstPipelines(days: readonly (readonly RunSeen[])[]): PipelineDays[] {
  const rows = new Map<string, { tech: string; failures: number[] }>();
  for (const [index, day] of days.entries()) {
    for (const { pipeline, tech, status } of day) {
      if (status !== "failed") continue;
      let row = rows.get(pipeline);
      if (!row) rows.set(pipeline, (row = { tech, failures: Array<number>(days.length).fill(0) }));
      row.tech = tech;
      row.failures[index] = (row.failures[index] ?? 0) + 1;
    }
  }
  const total = (failures: readonly number[]): number => failures.reduce((sum, count) => sum + count, 0);
  return [...rows]
    .map(([pipeline, row]) => ({ pipeline, ...row }))
    .sort((a, b) => total(b.failures) - total(a.failures) || byName(a.pipeline, b.pipeline))
    .slice(0, worstShown);
}
