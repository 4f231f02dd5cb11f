import type { RunStatus } from "@flow-rag/contracts";
import type { RunFilter, RunGroup, RunStore } from "@flow-rag/stores";
import type { Plan } from "./plan-question.js";

/** What was computed for a question: exact, from the runs, with exactly the plan's filter. */
export type Facts = {
  /** Runs in the window with the named technos and pipelines, whatever their status. */
  readonly runs: number;
  readonly byStatus: Partial<Record<RunStatus, number>>;
  /** Runs that also have the status asked for; all of them when none was. */
  readonly matching: number;
  /** The matching runs by techno, pipeline and signature, the most frequent first. */
  readonly groups: readonly RunGroup[];
  /** Instant of the latest run of all; null when there is none. */
  readonly dataUntil: Date | null;
};

export async function collectFacts(
  runs: Pick<RunStore, "countByStatus" | "group" | "latest">,
  plan: Plan,
  signal: AbortSignal,
): Promise<Facts> {
  const scope: RunFilter = {
    ...(plan.window && { from: plan.window.from, to: plan.window.to }),
    techs: plan.techs,
    pipelines: plan.pipelines,
  };
  const asked: RunFilter = plan.status ? { ...scope, statuses: [plan.status] } : scope;
  const [byStatus, groups, latest] = await Promise.all([runs.countByStatus(scope, signal), runs.group(asked, signal), runs.latest(signal)]);
  const total = Object.values(byStatus).reduce((sum, count) => sum + count, 0);
  return { runs: total, byStatus, matching: plan.status ? (byStatus[plan.status] ?? 0) : total, groups, dataUntil: latest ?? null };
}
