import type { FollowedFinding } from "./follow-findings.js";
import type { Severity } from "./finding.js";

/** Findings that are one event: they share a techno, an error and an hour, or are the failures of one pipeline. */
export type Incident = {
  readonly tech: string;
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

/** Findings as incidents: the most severe first, then the largest, then by name. */
export function groupIncidents(findings: readonly FollowedFinding[]): Incident[] {
  const parent = findings.map((_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (parent[root] !== root) root = parent[root] ?? root;
    return root;
  };
  const firstWith = new Map<string, number>();
  findings.forEach((finding, index) => {
    for (const key of keysOf(finding)) {
      const first = firstWith.get(key);
      if (first === undefined) firstWith.set(key, index);
      else parent[rootOf(index)] = rootOf(first);
    }
  });
  const groups = new Map<number, FollowedFinding[]>();
  findings.forEach((finding, index) => groups.set(rootOf(index), [...(groups.get(rootOf(index)) ?? []), finding]));
  return [...groups.values()]
    .map(toIncident)
    .sort(
      (a, b) =>
        severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
        b.pipelines.length - a.pipelines.length ||
        ((a.pipelines[0] ?? "") < (b.pipelines[0] ?? "") ? -1 : 1),
    );
}

function keysOf({ pipeline, tech, kind, signature, window, facts }: FollowedFinding): string[] {
  const hour = Math.floor((facts["first"] ?? window.from) / hourMs);
  const family = kind === "duration" || kind === "volume" || kind === "missing_run" ? kind : "failure";
  const shared = `${tech}\n${signature ?? family}\n${hour}`;
  return family === "failure" ? [shared, `${pipeline}\n${family}`] : [shared];
}

function toIncident(findings: FollowedFinding[]): Incident {
  const first = <T>(order: readonly T[], values: readonly T[]): T => order.find((one) => values.includes(one)) ?? (order[0] as T);
  const [head] = findings;
  return {
    tech: head?.tech ?? "",
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
