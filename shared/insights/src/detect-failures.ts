import { failureScatter, type DayTally } from "./failure-scatter.js";
import { shownEvidence, type Verdict } from "./finding.js";
import type { FleetPast } from "./fleet-past.js";
import { hasEnded, type PipelineView } from "./run-history.js";
import type { RunSeen } from "./run-seen.js";
import { betaBinomialTail } from "./statistics.js";

/** How much the fleet's failure rate weighs against a pipeline's own runs, in runs. */
const priorStrength = 20;

const isFailure = ({ status }: RunSeen): boolean => status === "failed";

/** Error signature that most of the runs have; null when none has one. */
function mainSignature(runs: readonly RunSeen[]): string | null {
  const counts = new Map<string, number>();
  for (const { signature } of runs) if (signature !== null) counts.set(signature, (counts.get(signature) ?? 0) + 1);
  return [...counts].reduce<[string | null, number]>((most, entry) => (entry[1] > most[1] ? entry : most), [null, 0])[0];
}

/** Days with a failure, of the fleet's scatter, that a pipeline's own scatter is weighed against: days without say nothing about it. */
const priorDays = 5;
/** Days and streaks of the fleet that a pipeline's own failures in a row are weighed against. */
const priorStreakDays = 10;

/** Runs of each day, attempts of one run once: what has the key of a record that failed is another attempt, and the run has failed. */
function talliesOf(runs: readonly RunSeen[], dayStarts: readonly number[]): DayTally[] {
  const days = dayStarts.map(() => ({ failed: 0, ended: 0 }));
  const failedKeys = new Set<number>();
  let day = 0;
  for (const run of runs) {
    if (!hasEnded(run)) continue;
    while (run.at >= (dayStarts[day + 1] ?? Infinity)) day += 1;
    const tally = days[day];
    const isRetry = run.runKey !== undefined && failedKeys.has(run.runKey);
    if (tally && !isRetry) {
      tally.ended += 1;
      tally.failed += Number(isFailure(run));
    }
    if (run.runKey === undefined) continue;
    if (isFailure(run)) failedKeys.add(run.runKey);
    else failedKeys.delete(run.runKey);
  }
  return days;
}

/**
 * More failures in a day than the pipeline's past allows: the chance of at least so many among the day's runs, by the posterior predictive of
 * its failure rate (prior: the fleet's mean with the weight of 20 runs), widened by what its past days scatter beyond a binomial. Attempts of
 * one run are one trial where the source names runs; the figures that are shown count records, as every other figure does.
 * "untested" on a day without an ended run.
 */
export function detectFailureRate({ pipeline, tech, calendar, baseline, day }: PipelineView, fleet: FleetPast): Verdict {
  const ended = day.filter(hasEnded);
  const failures = ended.filter(isFailure);
  if (ended.length === 0) return "untested";
  if (failures.length === 0) return "usual";
  const [trials] = talliesOf(day, [calendar.from]);
  const past = talliesOf(baseline, calendar.dayStarts.slice(0, -1));
  const pastEnded = past.reduce((sum, tally) => sum + tally.ended, 0);
  const pastFailed = past.reduce((sum, tally) => sum + tally.failed, 0);
  const mean = (fleet.failed + 0.5) / (fleet.ended + 1);
  const scatter = scatterOf(past, fleet);
  // Runs of one day that resemble each other tell as much of the rate as fewer runs would.
  const alike = 1 + (pastEnded / Math.max(1, past.filter((tally) => tally.ended > 0).length) - 1) * scatter;
  const [a, b] = [mean * priorStrength + pastFailed / alike, (1 - mean) * priorStrength + (pastEnded - pastFailed) / alike];
  // Two runs of one day are correlated by what is not known of the rate, and by what makes one day differ from another.
  const strength = 1 / Math.min(0.99, 1 / (a + b + 1) + scatter) - 1;
  const rate = a / (a + b);
  const records = baseline.filter(hasEnded);
  return {
    pipeline,
    tech,
    kind: "failure_rate",
    severity: failures.length * 2 >= ended.length ? "critical" : "warning",
    window: { from: calendar.from, to: calendar.to },
    observed: failures.length / ended.length,
    expected: (mean * priorStrength + records.filter(isFailure).length) / (priorStrength + records.length),
    pValue: betaBinomialTail(trials?.failed ?? 0, trials?.ended ?? 0, rate * strength, (1 - rate) * strength),
    rule: null,
    signature: mainSignature(failures),
    evidence: failures.slice(0, shownEvidence).map(({ id }) => id),
    facts: { failed: failures.length, ended: ended.length, first: failures[0]?.at ?? calendar.from },
  };
}

/** The pipeline's own, weighed against five days of the fleet's, and not less than the fleet's: few days tell little of how they differ. */
function scatterOf(past: readonly DayTally[], fleet: FleetPast): number {
  const { excess, pairs } = failureScatter(past);
  const failingDays = past.filter(({ failed }) => failed > 0).length;
  const own = pairs === 0 ? 0 : excess / pairs;
  return Math.max(fleet.scatter, (own * failingDays + fleet.scatter * priorDays) / (failingDays + priorDays));
}

/** Successes that make a pipeline healthy, and failures in a row that end it. */
const healthyStreak = 3;
const failingStreak = 3;
/** Chance, by the past, of failures in a row so long on any day, over which they are nothing new. */
const mostStreakChance = 0.005;

/**
 * A pipeline that worked and now fails time after time: at least 3 failures in a row after at least 3 successes, the last of them in the day, and
 * more than its past and its fleet's make likely. Attempts of one run count once. It holds until the first success, so it is one finding
 * however long it lasts.
 */
export function detectConsecutiveFailures({ pipeline, tech, calendar, baseline, day }: PipelineView, fleet: FleetPast): Verdict {
  let successes = 0;
  let streak: RunSeen[] = [];
  let lastKey: number | undefined;
  let healthyBefore = false;
  let found: RunSeen[] | undefined;
  const past: RunSeen[][] = [];
  for (const run of [...baseline, ...day]) {
    if (!hasEnded(run)) continue;
    const isRetry = run.runKey !== undefined && run.runKey === lastKey;
    lastKey = run.runKey;
    if (isFailure(run)) {
      if (streak.length === 0) healthyBefore = successes >= healthyStreak;
      if (!isRetry || streak.length === 0) streak.push(run);
      successes = 0;
      if (run.at >= calendar.from && healthyBefore && streak.length >= failingStreak) found = streak;
    } else {
      if (streak.length > 0 && run.at < calendar.from) past.push(streak);
      successes += 1;
      streak = [];
    }
  }
  const first = found?.[0];
  const days = calendar.dayStarts.filter(
    (start, index) => start < calendar.from && (calendar.dayStarts[index + 1] ?? 0) > (baseline[0]?.at ?? Infinity),
  );
  if (!found || !first || streakChance(found.length, { streaks: past, days }, fleet) > mostStreakChance) return "usual";
  return {
    pipeline,
    tech,
    kind: "consecutive_failures",
    severity: "critical",
    window: { from: first.at, to: calendar.to },
    observed: found.length,
    expected: failingStreak,
    pValue: null,
    rule: `at least ${failingStreak} failures in a row after ${healthyStreak} successes, more than its past makes likely`,
    signature: mainSignature(found),
    evidence: found.slice(-shownEvidence).map(({ id }) => id),
    facts: { first: first.at, recovered: Number(streak !== found) },
  };
}

/**
 * Chance that failures in a row begin on a day and go on for so long: shares of the pipeline's past days and streaks, each with ten of the
 * fleet's, so that retries and bursts are known where any pipeline had them.
 */
function streakChance(
  length: number,
  { streaks, days }: { streaks: readonly (readonly RunSeen[])[]; days: readonly number[] },
  fleet: FleetPast,
): number {
  const begun = new Set(streaks.map(([first]) => days.findLastIndex((start) => start <= (first?.at ?? 0))));
  const begins = (begun.size + priorStreakDays * fleet.streakDays) / (days.length + priorStreakDays);
  const longer = streaks.filter((one) => one.length >= length).length;
  return begins * ((longer + priorStreakDays * fleet.streaksFrom(length)) / (streaks.length + priorStreakDays));
}
