import { isUnfinished } from "@flow-rag/contracts";
import type { Cell, FactFilter, RunFacts } from "@flow-rag/stores";
import type { Plan } from "../plan/plan.js";
import type { FactGroup, GroupLatest } from "./facts.js";

/**
 * The latest run of each group, the most recent first; those that an answer shows are looked up. With `only: "latest"` a group counts when
 * its latest run of all is in an asked status, else its latest run in one is taken.
 */
export async function latestOfGroups(
  plan: Plan,
  cells: readonly Cell[],
  { runs, scope, shown, signal }: { runs: RunFacts; scope: FactFilter; shown: number; signal: AbortSignal },
): Promise<GroupLatest[]> {
  const { groupBy, only, filters } = plan;
  if (groupBy !== "pipeline" && groupBy !== "tech" && groupBy !== "environment") return [];
  const asked = (cell: Cell) => filters.statuses.length === 0 || filters.statuses.includes(cell.status);
  const latest = new Map<string, Cell>();
  // What still runs or waits has not ended in any way yet.
  const ended = filters.statuses.length > 0 && !filters.statuses.some(isUnfinished);
  const looked = only === "latest" ? (ended ? cells.filter(({ status }) => !isUnfinished(status)) : cells) : cells.filter(asked);
  for (const cell of looked) {
    const key = cell[groupBy] ?? "";
    if (cell.last > (latest.get(key)?.last ?? new Date(-1))) latest.set(key, cell);
  }
  const found = [...latest]
    .filter(([, cell]) => asked(cell))
    .sort(([a, x], [b, y]) => y.last.getTime() - x.last.getTime() || (a < b ? -1 : 1));
  return await Promise.all(
    found.map(async ([key, { last, status, pipeline }], index): Promise<GroupLatest> => {
      const own = { ...scope, pipelines: [pipeline], statuses: [status], to: new Date(last.getTime() + 1) };
      const [run = null] = index < shown ? await runs.latestRuns(own, 1, signal) : [];
      return { key, at: last, status, run };
    }),
  );
}

/** The groups by signature that never occurred before an instant, in any pipeline; failures without a message are not told apart. */
export async function firstSeenSince(
  groups: readonly FactGroup[],
  from: Date | null,
  runs: RunFacts,
  signal: AbortSignal,
): Promise<FactGroup[]> {
  const named = groups.filter(({ key }) => key !== "");
  if (from === null || named.length === 0) return named;
  const before = await runs.cells({ signatures: named.map(({ key }) => key), to: from }, signal);
  const known = new Set(before.map(({ signature }) => signature));
  return named.filter(({ key }) => !known.has(key));
}
