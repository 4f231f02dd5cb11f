import { findingKey, shownEvidence, type Finding } from "./finding.js";
import type { JudgedDay } from "./judge-day.js";

/** `ongoing` was there on the day before, `regressed` had been resolved before; `since` is when it first was there, epoch ms. */
export type FollowedFinding = Finding & { readonly state: "new" | "ongoing" | "regressed"; readonly since: number };
export type ResolvedFinding = Finding & { readonly since: number };
export type FollowedDay = { readonly findings: FollowedFinding[]; readonly resolved: ResolvedFinding[] };

const dayMs = 86_400_000;
/** Days after which a new error is a known one, and a resolved finding is forgotten. */
const rememberedDays = 7;

/** Gives the findings of days that follow each other their states. Feed every day in order; what is returned is that day's. */
export function createFollower() {
  let open = new Map<string, FollowedFinding>();
  const closed = new Map<string, number>();
  return (day: JudgedDay): FollowedDay => {
    const waiting = new Map<string, FollowedFinding>();
    const findings = [...day.findings, ...stillSeen(open.values(), day)].map((finding): FollowedFinding => {
      const key = findingKey(finding);
      const before = open.get(key);
      if (before) return { ...finding, state: "ongoing", since: before.since };
      const closedAt = closed.get(key);
      const isBack =
        finding.kind === "regressed_error" || (closedAt !== undefined && day.calendar.from - closedAt <= rememberedDays * dayMs);
      return { ...finding, state: isBack ? "regressed" : "new", since: finding.facts["first"] ?? finding.window.from };
    });
    const now = new Map(findings.map((finding) => [findingKey(finding), finding]));
    const resolved: FollowedFinding[] = [];
    for (const [key, finding] of open) {
      if (now.has(key)) continue;
      // A pipeline that did not run has not shown that it works again.
      if (day.ran.has(finding.pipeline)) resolved.push(finding);
      else if (day.calendar.from - finding.since <= rememberedDays * dayMs) waiting.set(key, finding);
    }
    for (const finding of resolved) closed.set(findingKey(finding), day.calendar.to);
    open = new Map([...waiting, ...now]);
    return { findings, resolved };
  };
}

/** A new error and a new slowness are in their pipeline's past on the second day, yet as long as they go on they are the same finding. */
function stillSeen(open: Iterable<FollowedFinding>, day: JudgedDay): Finding[] {
  const { findings, failures, calendar } = day;
  const found = new Set(findings.map(findingKey));
  return [...open].flatMap((finding): Finding[] => {
    if (finding.kind === "duration" && !found.has(findingKey(finding))) return stillSlow(finding, day);
    const isError = finding.kind === "new_error" || finding.kind === "regressed_error";
    if (!isError || found.has(findingKey(finding)) || calendar.from - finding.since > rememberedDays * dayMs) return [];
    const runs = failures.filter(({ pipeline, signature }) => pipeline === finding.pipeline && signature === finding.signature);
    if (runs.length === 0) return [];
    const { state: _state, since: _since, ...rest } = finding;
    return [
      {
        ...rest,
        window: { from: finding.window.from, to: calendar.to },
        observed: runs.length,
        evidence: runs.slice(0, shownEvidence).map(({ id }) => id),
        facts: { ...rest.facts, first: runs[0]?.at ?? calendar.from },
      },
    ];
  });
}

/** Half of the day's runs still take longer than nine tenths did before it began. */
function stillSlow(finding: FollowedFinding, { timed, calendar }: JudgedDay): Finding[] {
  const runs = timed.get(finding.pipeline) ?? [];
  const limit = finding.facts["usualTo"] ?? Infinity;
  const slow = runs.filter(({ durationMs }) => (durationMs ?? 0) > limit);
  if (slow.length === 0 || slow.length * 2 < runs.length || calendar.from - finding.since > rememberedDays * dayMs) return [];
  const { state: _state, since: _since, ...rest } = finding;
  const durations = slow.map(({ durationMs }) => durationMs ?? 0).sort((a, b) => a - b);
  return [
    {
      ...rest,
      window: { from: calendar.from, to: calendar.to },
      observed: durations[durations.length >> 1] ?? finding.observed,
      evidence: slow.slice(0, shownEvidence).map(({ id }) => id),
      facts: { ...rest.facts, slow: slow.length, runs: runs.length, first: slow[0]?.at ?? calendar.from },
    },
  ];
}
