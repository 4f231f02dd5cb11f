import type { FactFilter, RunFacts } from "@flow-rag/stores";
import type { PlanWindow } from "../plan/plan.js";
import { dayMs, localClock, type Wall } from "../time/wall-time.js";
import type { MissingFacts } from "./facts.js";

/** More pipelines than these are read in one pass over their runs in place of one look at an index each. */
const lookedUpAtMost = 100;
const weeksBack = 4;
const weeksExpected = 3;

/** The pipelines of a scope without a run in the window, and those among them that ran at this time in most of the weeks before. */
export async function missingPipelines(
  scope: FactFilter,
  asked: PlanWindow | null,
  { runs, zone, now, signal }: { readonly runs: RunFacts; readonly zone: string; readonly now: Date; readonly signal: AbortSignal },
): Promise<MissingFacts> {
  // Of a day that is not over, what is still to run is not missing.
  const window = { from: asked?.from ?? null, to: asked && asked.to < now ? asked.to : now };
  const clock = localClock(window.to, zone);
  const wallOf = (instant: Date): Wall => localClock(instant, zone).wall;
  const from = window.from ?? new Date(0);
  const weeks = Array.from({ length: weeksBack }, (_, index) => {
    const back = (instant: Date) => clock.instant(wallOf(instant) - (index + 1) * 7 * dayMs);
    return { from: back(from), to: back(window.to) };
  });
  const present = await runs.pipelines({ ...scope, from, to: window.to }, signal);
  const seen = new Set(present.map(({ pipeline }) => pipeline));
  const absent = (await lastRuns(seen)).sort((a, b) => b.last.getTime() - a.last.getTime() || (a.pipeline < b.pipeline ? -1 : 1));
  const names = absent.map(({ pipeline }) => pipeline);
  const earlier =
    names.length === 0 ? [] : await Promise.all(weeks.map((week) => runs.pipelines({ ...scope, ...week, pipelines: names }, signal)));
  const usual = (pipeline: string) => earlier.filter((week) => week.some((row) => row.pipeline === pipeline)).length;
  return {
    known: present.length + absent.length,
    absent: absent.map(({ pipeline, last }) => ({ pipeline, last })),
    expected: absent
      .map(({ pipeline, last }) => ({ pipeline, last, weeks: usual(pipeline) }))
      .filter(({ weeks: count }) => count >= weeksExpected),
  };

  /** The last run before the window's end of each pipeline that is not among those seen. */
  async function lastRuns(seen: ReadonlySet<string>): Promise<{ pipeline: string; last: Date }[]> {
    const { pipelines } = await runs.catalogue(signal);
    const candidates = pipelines.filter((name) => !seen.has(name) && (scope.pipelines?.length ? scope.pipelines.includes(name) : true));
    if (candidates.length > lookedUpAtMost) {
      const known = await runs.pipelines({ ...scope, to: window.to }, signal);
      return known.filter(({ pipeline }) => !seen.has(pipeline));
    }
    const found = await Promise.all(candidates.map((name) => runs.latestRuns({ ...scope, pipelines: [name], to: window.to }, 1, signal)));
    return found.flatMap(([run]) => (run ? [{ pipeline: run.pipeline, last: run.ts }] : []));
  }
}
