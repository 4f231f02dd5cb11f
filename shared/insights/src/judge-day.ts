import { isMuted, maintenanceSpans, sensitivityFactor, type AnomalySettings } from "./anomaly-settings.js";
import { detectDuration } from "./detect-duration.js";
import { detectErrors } from "./detect-errors.js";
import { detectConsecutiveFailures, detectFailureRate } from "./detect-failures.js";
import { detectMissingRuns } from "./detect-missing-runs.js";
import { detectVolume } from "./detect-volume.js";
import type { Finding, FindingKind, Verdict } from "./finding.js";
import { fleetPastOf, type FleetPast } from "./fleet-past.js";
import { hasEnded, viewOf, withSilentDays, type Calendar, type PipelineView, type RunHistory } from "./run-history.js";
import { restingPipelines } from "./resting-pipelines.js";
import type { RunSeen } from "./run-seen.js";
import { benjaminiHochberg } from "./statistics.js";

/** What one local day shows by itself, without what the days before it showed. */
/** Runs of a day that are neither failures nor successes, and that no finding speaks of. */
export type NotTold = {
  /** Their status was not read; `withError`: those of them that have an error text, which wants a look. */
  readonly unread: number;
  readonly withError: number;
  /** An upstream failure kept them from running. */
  readonly blocked: number;
  /** Pipelines of working days that did not run because none of them did: a holiday, or something that stops them all. */
  readonly dayOff: number;
};

export type JudgedDay = {
  readonly calendar: Calendar;
  readonly runs: number;
  /** Names of the pipelines that ran. */
  readonly ran: ReadonlySet<string>;
  /** Every failed run of the day, whatever the settings say, the oldest first. */
  readonly failures: readonly RunSeen[];
  readonly notTold: NotTold;
  /** The day's successes that have a duration, by pipeline. */
  readonly timed: ReadonlyMap<string, readonly RunSeen[]>;
  readonly findings: readonly Finding[];
  /** Findings of kind `not_enough_history`, one a pipeline that ran in the day. */
  readonly unjudged: readonly Finding[];
};

/** When each error was seen. `before`: last seen before an instant, epoch ms. `since`: where the memory begins. */
export type ErrorTimes = { readonly before: (signature: string, at: number) => number | undefined; readonly since: number };

/** The errors of a history, and of a time before it: `earlier` holds the last instant by signature, of epoch ms, and since when it was kept. */
export function errorTimesOf(history: RunHistory, earlier?: { lastSeen: ReadonlyMap<string, number>; since: number }): ErrorTimes {
  const times = new Map<string, number[]>();
  let since = earlier?.since ?? Infinity;
  for (const { runs } of history.values()) {
    since = Math.min(since, runs.at(0) ?? Infinity);
    for (const { signature, at } of runs.errors()) {
      const list = times.get(signature);
      if (list) list.push(at);
      else times.set(signature, [at]);
    }
  }
  for (const list of times.values()) list.sort((a, b) => a - b);
  const before = (signature: string, at: number): number | undefined =>
    times.get(signature)?.findLast((time) => time < at) ?? earlier?.lastSeen.get(signature);
  return { before, since };
}

/** Judges one local day as of its end: every detector on every pipeline, then Benjamini-Hochberg by signal over the pipelines. */
export function judgeDay(history: RunHistory, asked: Calendar, errors: ErrorTimes, settings: AnomalySettings): JudgedDay {
  const calendar = withSilentDays(asked, history.values());
  const rest = restingPipelines(history.values(), calendar);
  const fleet = fleetPastOf(history, calendar);
  const ruled: Finding[] = [];
  const byTest: Finding[] = [];
  /** Pipelines tested, by kind: also those that did not run. */
  const tests = new Map<FindingKind, number>();
  const unjudged: Finding[] = [];
  const failures: RunSeen[] = [];
  const timed = new Map<string, RunSeen[]>();
  const ran = new Set<string>();
  const notTold = { unread: 0, withError: 0, blocked: 0, dayOff: 0 };
  const today = calendar.dayStarts.length - 1;
  const isDayOff = rest.daysOff.has(today) && !calendar.silentDays.has(today) && calendar.to === calendar.dayEnd;
  let runs = 0;
  // One pipeline at a time, so that the runs of the others need not be in memory as objects.
  for (const own of history.values()) {
    const view = viewOf(own, rest.pipelines.has(own.pipeline) ? { ...calendar, silentDays: rest.daysOff } : calendar);
    if (!view) continue;
    runs += view.day.length;
    if (view.day.length > 0) ran.add(view.pipeline);
    else if (isDayOff && rest.pipelines.has(view.pipeline)) notTold.dayOff += 1;
    timed.set(
      view.pipeline,
      view.day.filter(({ status, durationMs }) => status === "success" && durationMs !== null),
    );
    for (const { status, signature } of view.day) {
      if (status === "upstream_failed") notTold.blocked += 1;
      if (status !== "unknown") continue;
      notTold.unread += 1;
      if (signature !== null) notTold.withError += 1;
    }
    failures.push(...view.day.filter(({ status }) => status === "failed"));
    if (isMuted(settings, view.pipeline)) continue;
    const { findings, unknown, tested } = judgePipeline(view, fleet, errors, settings);
    for (const finding of findings) (finding.pValue === null ? ruled : byTest).push(finding);
    for (const kind of tested) tests.set(kind, (tests.get(kind) ?? 0) + 1);
    if (unknown.length > 0 && view.day.length > 0) unjudged.push(notEnough(view, unknown));
  }
  return {
    calendar,
    runs,
    ran,
    failures: failures.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)),
    notTold,
    timed,
    findings: [...ruled, ...significant(byTest, tests, settings)],
    unjudged,
  };
}

function judgePipeline(
  full: PipelineView,
  fleet: FleetPast,
  errors: ErrorTimes,
  settings: AnomalySettings,
): { findings: Finding[]; unknown: FindingKind[]; tested: FindingKind[] } {
  const { calendar } = full;
  const spans = maintenanceSpans(settings, full.pipeline, calendar);
  const inSpan = ({ at }: RunSeen): boolean => spans.some(([from, to]) => at >= from && at < to);
  const view =
    spans.length === 0
      ? full
      : {
          ...full,
          baseline: full.baseline.filter((run) => !inSpan(run)),
          day: full.day.filter((run) => !inSpan(run)),
          monthEarlier: full.monthEarlier.filter((run) => !inSpan(run)),
        };
  const isSilent = calendar.silentDays.has(calendar.dayStarts.length - 1);
  const isTouched = isSilent || spans.some(([from, to]) => from < calendar.to && to > calendar.from);
  const unknown: FindingKind[] = [];
  const tested: FindingKind[] = [];
  const found = (kind: FindingKind, verdict: Verdict): Finding[] => {
    if (verdict === "too_little_past") unknown.push(kind);
    else if (verdict !== "untested") tested.push(kind);
    return typeof verdict === "string" ? [] : [verdict];
  };
  if (view.baseline.filter(hasEnded).length < leastPast) unknown.push("failure_rate");
  const findings = [
    ...found("failure_rate", detectFailureRate(view, fleet)),
    ...found("consecutive_failures", detectConsecutiveFailures(view, fleet)),
    ...detectErrors(view, {
      lastSeen: (signature) => errors.before(signature, calendar.from),
      knownSince: errors.since,
      quietDays: settings.regressedAfterDays,
    }),
    ...found("duration", detectDuration(view, fleet)),
    // What maintenance keeps from running is neither missing nor too little, and on a day without any run nothing arrived.
    ...(isTouched ? [] : lossesOf(found("missing_run", detectMissingRuns(view)), found("volume", detectVolume(view)))),
  ];
  return { findings, unknown, tested };
}

/** A day with somewhat fewer runs, by those that are told as missing, is told once. */
function lossesOf([missing]: readonly Finding[], [volume]: readonly Finding[]): Finding[] {
  const isFewer = volume && volume.observed < volume.expected && volume.observed >= volume.expected / 2;
  const isTold = missing && isFewer && volume.observed + (missing.facts["missing"] ?? 0) >= volume.expected - 1;
  return [missing, isTold ? undefined : volume].filter((one) => one !== undefined);
}

/** Runs of its own under which a pipeline's failure rate is mostly the fleet's. */
const leastPast = 20;

function notEnough({ pipeline, tech, calendar, baseline, day }: PipelineView, kinds: readonly FindingKind[]): Finding {
  return {
    pipeline,
    tech,
    kind: "not_enough_history",
    severity: "info",
    window: { from: calendar.from, to: calendar.to },
    observed: baseline.length,
    expected: leastPast,
    pValue: null,
    rule: kinds.join(", "),
    signature: null,
    evidence: day.slice(0, 1).map(({ id }) => id),
    facts: { first: day[0]?.at ?? calendar.from },
  };
}

/** Of the findings by test, those that stay by Benjamini-Hochberg over all pipelines that were tested; one where all is usual counts as p = 1. */
function significant(found: readonly Finding[], tests: ReadonlyMap<FindingKind, number>, settings: AnomalySettings): Finding[] {
  const kinds = [...new Set(found.map(({ kind }) => kind))];
  return kinds.flatMap((kind) => {
    const own = found.filter((finding) => finding.kind === kind);
    const pValues = own.map(({ pValue, pipeline }) => Math.min(1, (pValue ?? 1) * sensitivityFactor(settings, pipeline)));
    const rest = Array<number>(Math.max(0, (tests.get(kind) ?? 0) - own.length)).fill(1);
    const kept = benjaminiHochberg([...pValues, ...rest], settings.falseDiscoveryRate);
    return own.filter((_, index) => kept.has(index));
  });
}
