import type { RunFacts } from "@flow-rag/stores";
import type { Plan } from "../plan/plan.js";
import { scopeOf } from "./collect-facts.js";

/**
 * A plan that seeks a text in a period that nobody asked for, over all the data where that period has none: 0 would tell of the period and
 * be taken for never. A period that was asked for stays.
 */
export async function widenEmptyWindow(plan: Plan, runs: RunFacts, signal: AbortSignal): Promise<Plan> {
  const { window, filters } = plan;
  if (filters.signatureText === null || window === null || window.stated || plan.compareWindow !== null) return plan;
  const cells = await runs.cells({ ...scopeOf(plan, window), statuses: filters.statuses }, signal);
  return cells.length > 0 ? plan : { ...plan, window: null, emptyWindow: window.label };
}
