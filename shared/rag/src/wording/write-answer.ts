import type { Grounds } from "../verify/grounds.js";
import { citedRecords } from "../verify/grounds.js";
import { requiredLines } from "./required-lines.js";
import { stateFacts } from "./state-facts.js";
import type { Wording } from "./voice.js";
import { createVoice, joinParts, wordParts } from "./word-answer.js";
import { typeset } from "./words.js";
import { writeVerified, type WriteDeps, type WrittenText } from "./write-verified.js";

/** Whose words an answer is in, and why. `failedChecks`: what was wrong with a text of the model that is not shown. */
export type AnswerWording = Pick<WrittenText, "by" | "reason" | "attempts" | "model" | "tokens"> & {
  readonly failedChecks: readonly string[];
};

const instructions = {
  fr: "réponds à la question en une à cinq phrases courtes, ou en une liste si les faits en sont une. Sans la fenêtre ni l’état des données : ils sont ajoutés après.",
  en: "answer the question in one to five short sentences, or as a list if the facts are one. Leave out the window and the state of the data: they are added afterwards.",
};

/**
 * The answer to a question: worded by the model where every check holds, else by the template; notes on names, the window and the state of
 * the data are the template's either way.
 * @throws the signal's reason once it has aborted.
 */
export async function writeAnswer(
  deps: WriteDeps,
  wording: Wording,
  question: string,
  signal: AbortSignal,
): Promise<{ text: string; wording: AnswerWording }> {
  const parts = wordParts(wording);
  const { plan } = wording;
  const { text, by, reason, attempts, model, tokens, violations } = await writeVerified(
    deps,
    { question, instructions: instructions[plan.language], grounds: groundsOf(wording, parts.body) },
    signal,
  );
  const body = by === "llm" ? typeset(plan.language, text) : parts.body;
  return {
    text: joinParts({ ...parts, body }),
    wording: { by, reason, attempts, model, tokens, failedChecks: [...new Set(violations.map(({ check }) => check))] },
  };
}

/** What a text about the facts of a question may say. */
function groundsOf(wording: Wording, body: string): Grounds {
  const { plan, facts, contexts, catalogue, zone, now } = wording;
  const { pipelines, techs, environments } = plan.filters;
  const { groupBy } = plan;
  const lists = plan.operation === "list" || plan.operation === "count" || plan.operation === "rate";
  return {
    language: plan.language,
    template: body,
    statements: facts && body !== "" ? stateFacts(createVoice(wording), facts) : [],
    records: citedRecords(contexts),
    window: plan.window,
    scope: [...pipelines, ...techs, ...environments],
    names: {
      pipeline: [...catalogue.pipelines, ...pipelines],
      tech: [...catalogue.techs, ...techs],
      environment: [...(catalogue.environments ?? []), ...environments],
    },
    list:
      facts && !facts.listed && lists && (groupBy === "pipeline" || groupBy === "tech" || groupBy === "environment")
        ? { kind: groupBy, total: facts.groupCount }
        : null,
    required: requiredLines(plan, facts, body),
    zone,
    now,
  };
}
