import { AppError, readRetryAfter } from "@flow-rag/kernel";
import { APIError } from "openai";

/** The server answered, and its answer is no use for this question: that says nothing against the next one. */
export class AnsweredError extends AppError {}

/** LiteLLM's budgets are refused by 400 with this name; a day or a month may be meant, so it is asked again after a while only. */
const budgetPauseMs = 60_000;
const budgetSpent = /budget[_ ]?exceeded|exceeded (?:your )?budget|ExceededBudget|over budget/i;
/** Source: OpenAI `context_length_exceeded`, LiteLLM ContextWindowExceededError, llama.cpp `exceed_context_size_error`, vLLM, Anthropic. */
const tooLong =
  /context[_ ]?(?:length|window|size)|maximum context|exceeds? the (?:available )?context|prompt is too long|too many (?:input )?tokens/i;
/** The request itself is refused: another one may be taken. */
const aboutTheRequest = new Set([400, 413, 422]);

/** The message names the host and the status alone: what the server said may repeat the key or the prompt. */
export function toChatError(thrown: unknown, { host }: URL, apiKey: string | undefined): AppError {
  if (thrown instanceof AppError) return thrown;
  const status = thrown instanceof APIError ? (thrown.status as number | undefined) : undefined;
  const said = wordsOf(thrown);
  const cause = new Error((apiKey === undefined ? said : said.replaceAll(apiKey, "<TOKEN_1>")).slice(0, 200));
  if (status === undefined) return new AppError("upstream_unavailable", `${host} broke off`, { cause });
  if (status < 500 && budgetSpent.test(said))
    return new AppError("budget_spent", `${host} answered that the budget of this key is spent`, { retryAfterMs: budgetPauseMs, cause });
  if (status < 500 && tooLong.test(said))
    return new AnsweredError("too_large", `${host} takes no prompt of this length: lower LLM_MAX_PROMPT_TOKENS`, { cause });
  if (status === 429)
    return new AppError("rate_limited", `${host} answered 429`, { retryAfterMs: readRetryAfter(headersOf(thrown)), cause });
  if (status >= 500 || status === 408 || status < 400) return new AppError("upstream_unavailable", `${host} answered ${status}`, { cause });
  const refused = `${host} answered ${status}: check LITELLM_API_BASE, LITELLM_API_KEY and LITELLM_MODEL`;
  return aboutTheRequest.has(status)
    ? new AnsweredError("misconfigured", refused, { cause })
    : new AppError("misconfigured", refused, { cause });
}

const headersOf = (thrown: unknown): Iterable<[string, string]> =>
  thrown instanceof APIError ? ((thrown.headers as Headers | undefined)?.entries() ?? []) : [];

/** A server's own words, with the names that it gives the error beside them. */
function wordsOf(thrown: unknown): string {
  if (typeof thrown !== "object" || thrown === null) return String(thrown);
  const { message, code, type } = thrown as { message?: unknown; code?: unknown; type?: unknown };
  return [message, code, type].filter((part) => typeof part === "string").join(" ");
}
