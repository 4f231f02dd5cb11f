import type { Finding, FindingKind } from "./finding.js";
import type { FollowedFinding } from "./follow-findings.js";

/**
 * What a finding of each kind costs, in runs that never gave their result, while it lasts and once it is over: data that is not there costs
 * most, data that came late least. An error counts beside the failures that it comes with.
 */
const costs: Readonly<Record<FindingKind, { readonly lasting: number; readonly over: number }>> = {
  consecutive_failures: { lasting: 6, over: 3 },
  missing_run: { lasting: 5, over: 2 },
  failure_rate: { lasting: 3, over: 3 },
  new_error: { lasting: 2.5, over: 2.5 },
  regressed_error: { lasting: 2, over: 2 },
  volume: { lasting: 1.5, over: 1.5 },
  duration: { lasting: 1, over: 1 },
  not_enough_history: { lasting: 0, over: 0 },
};
/** A known finding was read yesterday. */
const ongoingShare = 0.6;
/** Powers of ten of a p-value from which nothing gets surer; a rule is as sure as half of them. */
const surePowers = 8;
const ruleSure = 0.5;

const isOver = ({ facts }: Finding): boolean => facts["recovered"] === 1 || facts["back"] === 1;

/** How sure: of a test by the powers of ten of its p-value, 0 to 1. */
function sureOf({ pValue, kind, facts, observed, expected }: Finding): number {
  if (pValue !== null) return Math.min(1, -Math.log10(Math.max(1e-300, pValue)) / surePowers);
  // More than one run missing, or more failures in a row than the rule wants, is less and less by chance.
  const beyond = kind === "missing_run" ? (facts["missing"] ?? 1) : kind === "consecutive_failures" ? observed - expected + 1 : 1;
  return 1 - ruleSure / Math.max(1, beyond);
}

/** How much of the day it took: a tenth at least, of what fails or is slow the share of the day's runs. */
function shareOf({ kind, facts, observed }: Finding): number {
  const share = kind === "failure_rate" ? observed : kind === "duration" ? (facts["slow"] ?? 1) / Math.max(1, facts["runs"] ?? 1) : 1;
  return Math.max(0.1, share);
}

/** What an incident is expected to cost: for each of its pipelines the dearest finding, by how sure it is. */
export function incidentCost(findings: readonly FollowedFinding[]): number {
  const byPipeline = new Map<string, number>();
  for (const finding of findings) {
    const { lasting, over } = costs[finding.kind];
    const known = finding.state === "ongoing" ? ongoingShare : 1;
    const cost = (isOver(finding) ? over : lasting) * sureOf(finding) * shareOf(finding) * known;
    byPipeline.set(finding.pipeline, Math.max(cost, byPipeline.get(finding.pipeline) ?? 0));
  }
  return [...byPipeline.values()].reduce((sum, cost) => sum + cost, 0);
}
