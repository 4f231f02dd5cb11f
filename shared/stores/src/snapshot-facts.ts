import { joinFigures } from "./joined-facts.js";
import { beginOf, mirroredFigures } from "./mirrored-facts.js";
import type { MirrorState } from "./mirrored-days.js";
import type { RunFacts } from "./run-facts.js";
import type { FactFilter, RunLimits } from "./run-filter.js";

/** The figures of one state in memory; what reaches back before its days is asked of `facts`, the database. */
export function snapshotFacts(state: MirrorState, facts: RunFacts, limits: readonly RunLimits[] = []): RunFacts {
  const figures = joinFigures(mirroredFigures(state, limits), () => state.ids);
  const whole = state.since === -Infinity;
  const holds = (filter: FactFilter): boolean => beginOf([filter, ...limits]) >= state.since;
  // Most questions need it for nothing.
  let made: RunFacts | undefined;
  const database = (): RunFacts => (made ??= limits.reduce((limited, further) => limited.limitedTo(further), facts));
  const of = (filter: FactFilter) => (holds(filter) ? figures : database());
  return {
    cells: (filter, signal) => of(filter).cells(filter, signal),
    errorKinds: (filter, signal) => of(filter).errorKinds(filter, signal),
    pipelines: (filter, signal) => of(filter).pipelines(filter, signal),
    async latestRuns(filter, limit, signal) {
      const found = await figures.latestRuns(filter, limit, signal);
      return found.length >= limit || holds(filter) ? found : await database().latestRuns(filter, limit, signal);
    },
    earliestRuns: (filter, limit, signal) => of(filter).earliestRuns(filter, limit, signal),
    latestOfTexts: (filter, signal) => of(filter).latestOfTexts(filter, signal),
    longestRuns: (filter, limit, signal) => of(filter).longestRuns(filter, limit, signal),
    shortestRuns: (filter, limit, signal) => of(filter).shortestRuns(filter, limit, signal),
    durations: (filter, by, signal) => of(filter).durations(filter, by, signal),
    quarters: (filter, signal) => of(filter).quarters(filter, signal),
    unreadStatuses: (filter, signal) => of(filter).unreadStatuses(filter, signal),
    catalogue: (signal) => (whole ? figures : database()).catalogue(signal),
    latest: async (now, signal) => (await figures.latest(now, signal)) ?? (whole ? undefined : await database().latest(now, signal)),
    limitedTo: (further) => snapshotFacts(state, facts, [...limits, further]),
    snapshot: async () => snapshotFacts(state, facts, limits),
  };
}
