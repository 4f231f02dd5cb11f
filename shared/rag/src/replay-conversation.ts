import { redact } from "@flow-rag/kernel";
import type { AnswerDeps } from "./answer-question.js";
import { planPicked } from "./pick-listed.js";
import { planFollowUp } from "./plan/follow-up.js";
import type { Plan } from "./plan/plan.js";
import { planVersion } from "./remember-turn.js";

/**
 * A conversation whose turns the caller keeps and sends along, as chat clients do: the plan that it stands at is made again from the earlier
 * questions, and nothing is stored.
 */
export const replayConversation = (
  { runs, zone, now }: Pick<AnswerDeps, "runs" | "zone" | "now">,
  earlier: readonly string[],
  sources: readonly string[] | undefined,
): NonNullable<AnswerDeps["conversations"]> => ({
  async lastPlan(_owner, _id, _now, signal) {
    if (earlier.length === 0) return undefined;
    const visible = (await runs.snapshot(signal)).limitedTo({ sources });
    const context = { now: now(), zone, catalogue: await visible.catalogue(signal) };
    let plan: Plan | undefined;
    for (const text of earlier.map(redact)) {
      const next =
        (await planPicked(plan, text, { runs: visible, zone, now: context.now, signal })) ?? planFollowUp(plan, text, context).plan;
      if (next.operation !== "help" || plan === undefined) plan = next;
    }
    return plan && { version: planVersion, plan };
  },
  append: async () => undefined,
});
