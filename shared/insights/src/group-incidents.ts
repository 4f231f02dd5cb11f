import { ownCause, type CauseOf } from "./error-causes.js";
import type { FollowedFinding } from "./follow-findings.js";
import { incidentCost } from "./incident-cost.js";
import type { Severity } from "./finding.js";

/**
 * Findings that are one event: failures with an error of one cause, whatever the pipeline, techno and hour; failures of one pipeline; what is
 * unusual in another way, or fails without an error, at pipelines of a techno in one hour.
 */
export type Incident = {
  /** Of the finding that the incident begins with, and those of all of them, sorted. */
  readonly tech: string;
  readonly techs: readonly string[];
  readonly signature: string | null;
  readonly pipelines: readonly string[];
  readonly kinds: readonly string[];
  readonly severity: Severity;
  readonly state: FollowedFinding["state"];
  /** When it began, epoch ms. */
  readonly since: number;
  readonly findings: readonly FollowedFinding[];
};

const hourMs = 3_600_000;
const severities = ["critical", "warning", "info"] as const;
const states = ["new", "regressed", "ongoing"] as const;

/** Findings as incidents: what is expected to cost most first, then by name. `causeOf` tells which errors are one cause. */
export function groupIncidents(findings: readonly FollowedFinding[], causeOf: CauseOf = ownCause): Incident[] {
  const parent = findings.map((_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (parent[root] !== root) root = parent[root] ?? root;
    return root;
  };
  const keysOf = keysWithin(findings, causeOf);
  const firstWith = new Map<string, number>();
  findings.forEach((finding, index) => {
    for (const key of keysOf(finding)) {
      const first = firstWith.get(key);
      if (first === undefined) firstWith.set(key, index);
      else parent[rootOf(index)] = rootOf(first);
    }
  });
  const groups = new Map<number, FollowedFinding[]>();
  findings.forEach((finding, index) => {
    const root = rootOf(index);
    const group = groups.get(root);
    if (group) group.push(finding);
    else groups.set(root, [finding]);
  });
  return [...groups.values()]
    .map(toIncident)
    .map((incident) => ({ incident, cost: incidentCost(incident.findings) }))
    .sort((a, b) => b.cost - a.cost || ((a.incident.pipelines[0] ?? "") < (b.incident.pipelines[0] ?? "") ? -1 : 1))
    .map(({ incident }) => incident);
}

type Family = "failure" | "duration" | "volume" | "missing_run";
const familyOf = ({ kind }: FollowedFinding): Family =>
  kind === "duration" || kind === "volume" || kind === "missing_run" ? kind : "failure";

/**
 * What findings have to share to be one event. A cause of several pipelines is an event of its own: a pipeline that has two of them does not make
 * them one; what else fails there belongs to the one that most pipelines have.
 */
function keysWithin(findings: readonly FollowedFinding[], causeOf: CauseOf): (finding: FollowedFinding) => string[] {
  const having = new Map<string, Set<string>>();
  for (const finding of findings) {
    if (familyOf(finding) !== "failure" || finding.signature === null) continue;
    const cause = causeOf(finding.signature);
    having.set(cause, (having.get(cause) ?? new Set()).add(finding.pipeline));
  }
  const sharedBy = new Map<string, string>();
  const shared = [...having].filter(([, pipelines]) => pipelines.size > 1);
  shared.sort(([a, some], [b, others]) => others.size - some.size || (a < b ? -1 : 1));
  for (const [cause, pipelines] of shared) for (const pipeline of pipelines) if (!sharedBy.has(pipeline)) sharedBy.set(pipeline, cause);
  return (finding) => {
    const { pipeline, tech, signature, window, facts } = finding;
    const family = familyOf(finding);
    const together = `hour\n${family}\n${tech}\n${Math.floor((facts["first"] ?? window.from) / hourMs)}`;
    if (family !== "failure") return [together];
    const own = signature === null ? undefined : causeOf(signature);
    const cause = own !== undefined && (having.get(own)?.size ?? 0) > 1 ? own : sharedBy.get(pipeline);
    if (cause !== undefined) return [`cause\n${cause}`];
    return [`pipeline\n${pipeline}`, ...(signature === null ? [together] : [])];
  };
}

function toIncident(findings: FollowedFinding[]): Incident {
  const first = <T>(order: readonly T[], values: readonly T[]): T => order.find((one) => values.includes(one)) ?? (order[0] as T);
  const [head] = findings;
  return {
    tech: head?.tech ?? "",
    techs: [...new Set(findings.map(({ tech }) => tech))].sort(),
    signature: findings.find(({ signature }) => signature !== null)?.signature ?? null,
    pipelines: [...new Set(findings.map(({ pipeline }) => pipeline))].sort(),
    kinds: [...new Set(findings.map(({ kind }) => kind))],
    severity: first(
      severities,
      findings.map(({ severity }) => severity),
    ),
    state: first(
      states,
      findings.map(({ state }) => state),
    ),
    since: Math.min(...findings.map(({ since }) => since)),
    findings,
  };
}
