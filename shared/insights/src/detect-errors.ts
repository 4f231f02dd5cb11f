import { shownEvidence, type Finding } from "./finding.js";
import type { PipelineView } from "./run-history.js";
import type { RunSeen } from "./run-seen.js";

const dayMs = 86_400_000;

/** Quiet days after which an error that comes back counts as back. */
export const regressedAfterDays = 14;

/** Last time before the judged day at which an error was seen, by signature; undefined for one never seen. Epoch ms. */
export type ErrorMemory = (signature: string) => number | undefined;

/** Days of memory under which it is not said of any error that it is new. */
const leastMemoryMs = 7 * dayMs;
export type ErrorNovelty = "new" | "regressed" | "ongoing";

/**
 * What the time at which an error was last `seen` says of one at `first`: never before, not for more than `quietDays`, or neither. Null when the
 * past (from `knownSince`) is too short to tell. Epoch ms.
 */
export function errorNovelty(
  seen: number | undefined,
  first: number,
  { knownSince, quietDays = regressedAfterDays }: { knownSince: number; quietDays?: number | undefined },
): ErrorNovelty | null {
  if (first - knownSince < leastMemoryMs) return null;
  if (seen === undefined) return "new";
  return first - seen > quietDays * dayMs ? "regressed" : "ongoing";
}

/**
 * Errors of the day that no pipeline had before, or not for more than `quietDays`. One finding an error; the runs that ended well by their
 * status have none. Empty when the past is too short to tell (`knownSince`: where the memory begins).
 */
export function detectErrors(
  { pipeline, tech, calendar, day }: PipelineView,
  { lastSeen, knownSince, quietDays = regressedAfterDays }: { lastSeen: ErrorMemory; knownSince: number; quietDays?: number },
): Finding[] {
  if (calendar.from - knownSince < leastMemoryMs) return [];
  const bySignature = new Map<string, RunSeen[]>();
  for (const run of day) {
    if (run.signature === null || run.status !== "failed") continue;
    const runs = bySignature.get(run.signature);
    if (runs) runs.push(run);
    else bySignature.set(run.signature, [run]);
  }
  return [...bySignature].flatMap(([signature, runs]): Finding[] => {
    const seen = lastSeen(signature);
    const first = runs[0]?.at ?? calendar.from;
    const novelty = errorNovelty(seen, first, { knownSince, quietDays });
    if (novelty !== "new" && novelty !== "regressed") return [];
    const quiet = seen === undefined ? 0 : Math.floor((first - seen) / dayMs);
    return [
      {
        pipeline,
        tech,
        kind: novelty === "new" ? "new_error" : "regressed_error",
        severity: "warning",
        window: { from: first, to: calendar.to },
        observed: runs.length,
        expected: 0,
        pValue: null,
        rule: novelty === "new" ? "never seen before" : `seen again after more than ${quietDays} quiet days`,
        signature,
        evidence: runs.slice(0, shownEvidence).map(({ id }) => id),
        facts: { first, quietDays: quiet },
      },
    ];
  });
}
