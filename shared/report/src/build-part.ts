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
} from "@flow-rag/insights";
import { figuresOf, runsIn, usualOf, type Selection } from "./figures.js";
import type { ReportData } from "./read-report-data.js";
import type { ReportSpans } from "./report-spans.js";
import type {
  Cause,
  DayFigures,
  FailingPipeline,
  FailingTech,
  MissingPipeline,
  Owner,
  PipelineDays,
  ReportIncident,
  ReportKind,
  ReportPart,
  TopSignature,
} from "./report.js";

/** What a part is computed with, beside the data. */
export type PartContext = {
  readonly kind: ReportKind;
  readonly spans: ReportSpans;
  readonly ownersOf: (pipeline: string) => Owner[];
};

const worstShown = 10;
const iso = (at: number): string => new Date(at).toISOString();
const byName = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** What there is to say about the selected pipelines; without prose. */
export function buildPart(data: ReportData, context: PartContext, pipelines: Selection): ReportPart {
  const { kind, spans, ownersOf } = context;
  const runs = [...runsIn(data.history, spans.window, pipelines)];
  const failures = runs.filter(({ status }) => status === "failed").sort((a, b) => a.at - b.at || byName(a.id, b.id));
  const figures = figuresOf(runs);
  const compared = spans.before.map((span) => figuresOf(runsIn(data.history, span, pipelines)));
  const [before] = compared;
  const { findings, resolved } = mergeMornings(data.mornings, pipelines);
  const incidents = groupIncidents(findings.filter((finding) => finding.kind !== "missing_run")).map((incident) =>
    toIncident(incident, failures, data, ownersOf),
  );
  const missing = findings.filter((finding) => finding.kind === "missing_run").map((finding) => toMissing(finding, ownersOf));
  const days = spans.shown.map((span) => [...runsIn(data.history, span, pipelines)]);
  const isQuiet = figures.failed + incidents.length + missing.length + resolved.length === 0;
  return {
    verdict: figures.runs === 0 ? "no_data" : isQuiet ? "quiet" : "eventful",
    isEmpty: (pipelines ?? data.history).size === 0,
    figures,
    before: before && before.runs > 0 ? before : null,
    usual: kind === "weekly" ? null : usualOf(compared),
    incidents: incidents.sort((a, b) => Number(a.state === "ongoing") - Number(b.state === "ongoing")),
    missing: missing.sort((a, b) => Number(a.state === "ongoing") - Number(b.state === "ongoing") || byName(a.pipeline, b.pipeline)),
    resolved: [...groupBy(resolved, ({ pipeline }) => pipeline)].map(([pipeline, own]) => ({
      pipeline,
      kinds: [...new Set(own.map((finding) => finding.kind))],
      since: iso(Math.min(...own.map(({ since }) => since))),
    })),
    failing: failingPipelines(runs, failures, data, ownersOf),
    techs: failingTechs(runs, failures),
    signatures: topSignatures(failures, data),
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
  { state, severity, tech, pipelines, since, findings, signature }: Incident,
  failures: readonly RunSeen[],
  { causeOf }: ReportData,
  ownersOf: (pipeline: string) => Owner[],
): ReportIncident {
  const names = new Set(pipelines);
  const own = failures.filter((run) => names.has(run.pipeline) && (signature === null || run.signature === signature));
  const cause = signature === null ? { text: null, firstSeen: null } : causeOf(signature);
  return {
    state,
    severity,
    tech,
    pipelines,
    kinds: [...new Set(findings.map(({ kind }) => kind))],
    since: iso(since),
    findings,
    cause: { signature, text: cause.text },
    failures: own.length,
    first: isoOf(own[0]),
    last: isoOf(own.at(-1)),
    firstSeen: cause.firstSeen,
    owners: distinctOwners(pipelines.flatMap(ownersOf)),
    example: own.at(-1)?.id ?? findings[0]?.evidence[0] ?? null,
  };
}

const isoOf = (run: RunSeen | undefined): string | null => (run ? iso(run.at) : null);

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
    last: iso(window.from),
    habit,
    everyMs: habit === "cadence" ? expected : null,
    missing: facts["missing"] ?? 1,
    back: facts["back"] ? iso(window.to) : null,
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
        first: iso(own[0]?.at ?? 0),
        last: iso(own.at(-1)?.at ?? 0),
        stillFailing: last?.status === "failed",
        owners: ownersOf(pipeline),
        cause: mainCause(own, data),
      };
    })
    .sort((a, b) => b.failures - a.failures || byName(a.pipeline, b.pipeline));
}

function mainCause(failures: readonly RunSeen[], { causeOf }: ReportData): Cause {
  const [[signature] = [null]] = countBy(failures, (run) => run.signature);
  return { signature, text: signature === null ? null : causeOf(signature).text };
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

function topSignatures(failures: readonly RunSeen[], { causeOf }: ReportData): TopSignature[] {
  return [...groupBy(failures, ({ signature }) => signature)]
    .map(([signature, own]): TopSignature => {
      const cause = signature === null ? { text: null, firstSeen: null } : causeOf(signature);
      return {
        cause: { signature, text: cause.text },
        failures: own.length,
        pipelines: [...new Set(own.map(({ pipeline }) => pipeline))].sort(byName),
        techs: [...new Set(own.map(({ tech }) => tech))].sort(byName),
        first: iso(own[0]?.at ?? 0),
        last: iso(own.at(-1)?.at ?? 0),
        firstSeen: cause.firstSeen,
      };
    })
    .sort((a, b) => b.failures - a.failures || byName(a.cause.signature ?? "", b.cause.signature ?? ""));
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

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** The most frequent first; of equal ones the first that came. */
const countBy = <T, K>(items: readonly T[], keyOf: (item: T) => K): [K, number][] =>
  [...groupBy(items, keyOf)].map(([key, group]): [K, number] => [key, group.length]).sort((a, b) => b[1] - a[1]);
