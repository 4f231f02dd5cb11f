import type { Language } from "@flow-rag/contracts";
import { AppError, redact, type Logger } from "@flow-rag/kernel";
import type { ConversationStore, QueryLogStore } from "@flow-rag/stores";
import type { Asker } from "./asker.js";
import type { Facts } from "./facts/facts.js";
import type { Plan } from "./plan/plan.js";

type AnswerDeps = {
  readonly conversations?: Pick<ConversationStore, "lastPlan" | "append">;
  readonly queryLog?: Pick<QueryLogStore, "add">;
  readonly log: Logger;
};
/** What of an answer is kept. */
type QuestionAnswer = {
  readonly answer: string;
  readonly resolved: string;
  readonly timestamp: string;
  readonly language: Language;
  readonly conversation_id: string;
  readonly plan: Plan;
  readonly facts: Facts | null;
  readonly wording: { readonly by: string; readonly reason: string };
  readonly timings: Readonly<Record<string, number>>;
  readonly degraded: boolean;
};
/** Of the form in which plans are kept: one of another form is not continued. */
export const planVersion = 3;

/** The plan that a conversation stands at; undefined when it has none, or cannot be read: the question is then taken by itself. */
export async function recallPlan(
  { conversations, log }: AnswerDeps,
  { owner }: Asker,
  id: string,
  now: Date,
  signal: AbortSignal,
): Promise<Plan | undefined> {
  const stored = await conversations?.lastPlan(owner, id, now, signal).catch((thrown: unknown) => {
    if (signal.aborted) throw thrown;
    log.warn({ err: AppError.from(thrown) }, "the conversation cannot be read: the question is taken by itself");
    return undefined;
  });
  return stored?.["version"] === planVersion ? (stored["plan"] as Plan) : undefined;
}

/** Adds a turn to its conversation; the next question continues `plan`. */
export async function rememberTurn(
  { conversations, log }: AnswerDeps,
  { owner }: Asker,
  query: string,
  { result, plan }: { result: QuestionAnswer; plan: Plan },
): Promise<void> {
  const now = new Date(result.timestamp);
  const turn = {
    question: redact(query),
    resolved: redact(result.resolved),
    answer: redact(result.answer),
    language: result.language,
    at: result.timestamp,
    plan: { version: planVersion, plan: withoutSecrets(plan) },
  };
  await conversations?.append(owner, result.conversation_id, turn, now).catch((thrown: unknown) => {
    log.warn({ err: AppError.from(thrown) }, "the conversation could not be kept");
  });
}

export async function logQuestion(
  { queryLog, log }: AnswerDeps,
  { owner, sources }: Asker,
  query: string,
  result: QuestionAnswer,
): Promise<void> {
  const { plan, facts, timings, wording, degraded, language, conversation_id: conversationId } = result;
  const { filters, operation, window, unresolved } = withoutSecrets(plan);
  await queryLog
    ?.add({
      at: new Date(result.timestamp),
      owner,
      conversationId,
      question: redact(query),
      operation,
      language,
      window: window && { from: window.from, to: window.to },
      filters: { ...filters },
      unresolved: unresolved.map(({ kind, text }) => `${kind}: ${text}`),
      counts: facts && { runs: facts.runs, matching: facts.matching },
      wording: wording.by,
      wordingReason: wording.reason,
      sources: sources ?? null,
      degraded,
      timings,
    })
    .catch((thrown: unknown) => {
      log.warn({ err: AppError.from(thrown) }, "the question could not be logged");
    });
}

/** What of a plan was written by the asker. Names come from the data, which hold no secrets. */
const withoutSecrets = <P extends Plan>(plan: P): P => ({
  ...plan,
  filters: { ...plan.filters, signatureText: plan.filters.signatureText && redact(plan.filters.signatureText) },
  unresolved: plan.unresolved.map((part) => ({ ...part, text: redact(part.text) })),
  assumed: plan.assumed.map((part) => ({ ...part, text: redact(part.text) })),
});
