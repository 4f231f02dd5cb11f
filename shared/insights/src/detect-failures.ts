import { shownEvidence, type Finding } from "./finding.js";
import { hasEnded, type PipelineView } from "./run-history.js";
import type { RunSeen } from "./run-seen.js";
import { betaBinomialTail } from "./statistics.js";

/** How much the fleet's failure rate weighs against a pipeline's own runs, in runs. Source: `reference/QUALITY.md` section 4. */
const priorStrength = 20;

const isFailure = ({ status }: RunSeen): boolean => status === "failed";

/** Error signature that most of the runs have; null when none has one. */
function mainSignature(runs: readonly RunSeen[]): string | null {
  const counts = new Map<string, number>();
  for (const { signature } of runs) if (signature !== null) counts.set(signature, (counts.get(signature) ?? 0) + 1);
  return [...counts].reduce<[string | null, number]>((most, entry) => (entry[1] > most[1] ? entry : most), [null, 0])[0];
}

/** Failures and ended runs of the fleet's baseline, from which a pipeline without much of a past borrows. */
export type FleetRate = { readonly failed: number; readonly ended: number };

/**
 * More failures in a day than the pipeline's past allows: the chance of at least so many among the day's runs, by the posterior predictive of
 * its failure rate (prior: the fleet's mean with the weight of 20 runs). Undefined for a day without a failure.
 */
export function detectFailureRate({ pipeline, tech, calendar, baseline, day }: PipelineView, fleet: FleetRate): Finding | undefined {
  const ended = day.filter(hasEnded);
  const failures = ended.filter(isFailure);
  if (failures.length === 0) return undefined;
  const past = baseline.filter(hasEnded);
  const pastFailures = past.filter(isFailure).length;
  const mean = (fleet.failed + 0.5) / (fleet.ended + 1);
  const [a, b] = [mean * priorStrength + pastFailures, (1 - mean) * priorStrength + past.length - pastFailures];
  const expected = a / (a + b);
  return {
    pipeline,
    tech,
    kind: "failure_rate",
    severity: failures.length * 2 >= ended.length ? "critical" : "warning",
    window: { from: calendar.from, to: calendar.to },
    observed: failures.length / ended.length,
    expected,
    pValue: betaBinomialTail(failures.length, ended.length, a, b),
    rule: null,
    signature: mainSignature(failures),
    evidence: failures.slice(0, shownEvidence).map(({ id }) => id),
    facts: { failed: failures.length, ended: ended.length, first: failures[0]?.at ?? calendar.from },
  };
}

/** Successes that make a pipeline healthy, and failures in a row that end it. */
const healthyStreak = 3;
const failingStreak = 3;

/**
 * A pipeline that worked and now fails time after time: at least 3 failures in a row after at least 3 successes, the last of them in the day.
 * It holds until the first success, so it is one finding however long it lasts. Undefined when there is no such streak.
 */
export function detectConsecutiveFailures({ pipeline, tech, calendar, baseline, day }: PipelineView): Finding | undefined {
  let successes = 0;
  let streak: RunSeen[] = [];
  let healthyBefore = false;
  let found: RunSeen[] | undefined;
  for (const run of [...baseline, ...day]) {
    if (!hasEnded(run)) continue;
    if (isFailure(run)) {
      if (streak.length === 0) healthyBefore = successes >= healthyStreak;
      streak.push(run);
      successes = 0;
      if (run.at >= calendar.from && healthyBefore && streak.length >= failingStreak) found = streak;
    } else {
      successes += 1;
      streak = [];
    }
  }
  const first = found?.[0];
  if (!found || !first) return undefined;
  return {
    pipeline,
    tech,
    kind: "consecutive_failures",
    severity: "critical",
    window: { from: first.at, to: calendar.to },
    observed: found.length,
    expected: failingStreak,
    pValue: null,
    rule: `at least ${failingStreak} failures in a row after ${healthyStreak} successes`,
    signature: mainSignature(found),
    evidence: found.slice(-shownEvidence).map(({ id }) => id),
    facts: { first: first.at, recovered: Number(streak !== found) },
  };
}
