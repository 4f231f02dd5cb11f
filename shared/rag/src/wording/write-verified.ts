import { AppError, type Logger } from "@flow-rag/kernel";
import type { ChatModel, ChatUsage } from "@flow-rag/models";
import type { Violation } from "../verify/grounds.js";
import { verifyText } from "../verify/verify-text.js";
import { retryMessages, writePrompt, type WriteTask } from "./write-prompt.js";

/**
 * Why a text is whose it is. `verified`: the model's, every check holds. Else the template's: `no_llm` is configured, there was
 * `nothing_to_word`, the prompt is `too_long` for the model, it was `unavailable`, `rate_limited`, too slow (`timeout`) or refused us (`misconfigured`), the tokens
 * of the day are spent (`budget_spent`), or what it wrote was `rejected`.
 */
export type WordingReason =
  | "verified"
  | "no_llm"
  | "nothing_to_word"
  | "unavailable"
  | "rate_limited"
  | "timeout"
  | "misconfigured"
  | "budget_spent"
  | "too_long"
  | "rejected";

type WordedBy = { readonly by: "llm" | "template"; readonly reason: WordingReason };
export type WrittenText = WordedBy & {
  readonly text: string;
  /** Times the model was asked: 0 to 2. */
  readonly attempts: number;
  /** What was wrong with the last text of the model that was not used. */
  readonly violations: readonly Violation[];
  /** Over all attempts, those that were cut too: as the server counted them, else as we estimate; null when nothing was read. */
  readonly tokens: { readonly prompt: number; readonly answer: number } | null;
  readonly model: string | null;
};

export type WriteDeps = { readonly chat: ChatModel | undefined; readonly log: Logger };

/** Of the model's own patience with one answer, for both attempts together: the second is made of what the first has left. */
const bothAttempts = 1.25;

/**
 * A text about computed facts: the model's when every check holds, at the second attempt at the latest, else the template. Never rejects
 * because of the model.
 * @throws the signal's reason once it has aborted.
 */
export async function writeVerified({ chat, log }: WriteDeps, task: WriteTask, signal: AbortSignal): Promise<WrittenText> {
  const { grounds } = task;
  const template = (reason: WordingReason, found: Partial<WrittenText> = {}): WrittenText => ({
    attempts: 0,
    violations: [],
    tokens: null,
    model: chat?.model ?? null,
    ...found,
    text: grounds.template,
    by: "template",
    reason,
  });
  if (!chat) return template("no_llm");
  if (grounds.template.trim() === "") return template("nothing_to_word");
  const late = AbortSignal.timeout(task.withinMs ?? chat.totalMs * bothAttempts);
  const limit = AbortSignal.any([signal, late]);
  const first = writePrompt(task, chat.promptTokens);
  let messages = first;
  let violations: Violation[] = [];
  const counted = { prompt: 0, answer: 0, known: false };
  const onSpent = ({ promptTokens, answerTokens }: ChatUsage): void => {
    counted.known = true;
    counted.prompt += promptTokens;
    counted.answer += answerTokens;
  };
  const tokensSoFar = () => (counted.known ? { prompt: counted.prompt, answer: counted.answer } : null);
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    try {
      const { text: said, model } = await chat.complete(messages, { temperature: attempt === 1 ? 0.1 : 0, onSpent }, limit);
      const text = tidy(said);
      violations = verifyText(text, grounds);
      if (violations.length === 0)
        return { text, by: "llm", reason: "verified", attempts: attempt, violations, tokens: tokensSoFar(), model };
      log.info({ attempt, checks: [...new Set(violations.map(({ check }) => check))] }, "wording rejected");
      messages = retryMessages(first, text, violations, grounds.language);
    } catch (thrown) {
      signal.throwIfAborted();
      const error = AppError.from(thrown);
      log.warn({ err: error, attempt }, "no wording by the language model: the template is used");
      return template(reasonOf(error, late.aborted), { attempts: attempt, violations, tokens: tokensSoFar() });
    }
  }
  return template("rejected", { attempts: 2, violations, tokens: tokensSoFar() });
}

function reasonOf({ kind, message }: AppError, late: boolean): WordingReason {
  if (late || /\b(?:silent|longer than)\b/.test(message)) return "timeout";
  return kind === "rate_limited" || kind === "misconfigured" || kind === "budget_spent"
    ? kind
    : kind === "too_large"
      ? "too_long"
      : "unavailable";
}

/** What models put around a text: a fence, quotation marks, spaces at ends of lines. */
const tidy = (text: string): string =>
  text
    .trim()
    .replace(/^```[a-z]*\n([\s\S]*?)\n```$/, "$1")
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
