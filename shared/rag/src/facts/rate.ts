import { endedStatuses, type RunStatus } from "@flow-rag/contracts";
import type { StatusCounts } from "./facts.js";

type Counted = { readonly byStatus: StatusCounts; readonly runs: number };
/** `part` of `of` runs; `ended` where only those that ended as success, failed or warning are looked at. */
export type Rate = { readonly part: number; readonly of: number; readonly ended: boolean };

/**
 * The one rate of every surface: failures, successes or warnings by the runs that ended as one of these, as `failure_rate` of /bi and the
 * anomalies have it. A share of other statuses is one of all runs.
 */
export function rateOf({ byStatus, runs }: Counted, statuses: readonly RunStatus[]): Rate {
  const count = (wanted: readonly RunStatus[]) => wanted.reduce((sum, status) => sum + (byStatus[status] ?? 0), 0);
  const ended = statuses.length > 0 && statuses.every((status) => (endedStatuses as readonly RunStatus[]).includes(status));
  return { part: statuses.length === 0 ? runs : count(statuses), of: ended ? count(endedStatuses) : runs, ended };
}
