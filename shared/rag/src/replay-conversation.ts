import { redact } from "@flow-rag/kernel";
import type { AnswerDeps } from "./answer-question.js";
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
    const context = { now: now(), zone, catalogue: await (await runs.snapshot(signal)).limitedTo({ sources }).catalogue(signal) };
    const plan = earlier.reduce<Plan | undefined>((previous, text) => {
      const next = planFollowUp(previous, redact(text), context).plan;
      return next.operation === "help" ? (previous ?? next) : next;
    }, undefined);
    return plan && { version: planVersion, plan };
  },
  append: async () => undefined,
});
