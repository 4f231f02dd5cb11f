import { redact } from "@flow-rag/kernel";
import type { AnswerDeps } from "./answer-question.js";
import { planPicked } from "./pick-listed.js";
import { planFollowUp } from "./plan/follow-up.js";
import type { Plan } from "./plan/plan.js";
import { mostParts, partsOf } from "./plan/question-length.js";
import { planVersion } from "./remember-turn.js";

/** Words, numbers and marks of all earlier questions together: the older ones are no longer continued. */
const mostReplayed = 600;

/** The latest questions that are read again; those too long to be read were not understood when they were asked either. */
function latest(earlier: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let left = mostReplayed;
  for (const text of earlier.toReversed()) {
    const parts = partsOf(text, mostParts + 1);
    if (parts > mostParts) continue;
    left -= Math.max(parts, 1);
    if (left < 0) break;
    kept.push(text);
  }
  return kept.reverse();
}

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
    for (const text of latest(earlier).map(redact)) {
      await new Promise(setImmediate); // other callers go first
      const next =
        (await planPicked(plan, text, { runs: visible, zone, now: context.now, signal })) ?? planFollowUp(plan, text, context).plan;
      if (next.operation !== "help" || plan === undefined) plan = next;
    }
    return plan && { version: planVersion, plan };
  },
  append: async () => undefined,
});
