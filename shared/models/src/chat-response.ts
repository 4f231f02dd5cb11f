import { AppError } from "@flow-rag/kernel";
import { z } from "zod";
import { AnsweredError } from "./chat-errors.js";

/** Tokens, as the server counted them. */
export type ChatUsage = { readonly promptTokens: number; readonly answerTokens: number };

const count = z.number().int().nonnegative();
const usage = z.object({ prompt_tokens: count, completion_tokens: count }).nullish().catch(null);
const model = z.string().max(200).optional().catch(undefined);

// Source: OpenAI API reference, "The chat completion object" and "The chat completion chunk object". Tool calls are not asked for and not read.
const completion = z.object({
  model,
  usage,
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }), finish_reason: z.string().nullish() })).min(1),
});
const chunk = z.object({
  model,
  usage,
  choices: z
    .array(z.object({ delta: z.object({ content: z.string().nullish() }).nullish(), finish_reason: z.string().nullish() }))
    .default([]),
});

const toUsage = (found: z.output<typeof usage>): ChatUsage | null =>
  found ? { promptTokens: found.prompt_tokens, answerTokens: found.completion_tokens } : null;

/** @throws AppError `upstream_unavailable` when it is no chat completion, or one that was cut. */
export function completionOf(body: string, host: string): { text: string; usage: ChatUsage | null; model: string | undefined } {
  const parsed = completion.safeParse(parseJson(body));
  if (!parsed.success) throw new AppError("upstream_unavailable", `${host} answered what is no chat completion`);
  const [choice] = parsed.data.choices;
  if (choice?.finish_reason === "length") throw new AnsweredError("upstream_unavailable", `${host} cut its answer`);
  return { text: choice?.message.content ?? "", usage: toUsage(parsed.data.usage), model: parsed.data.model };
}

/** @throws AppError `upstream_unavailable` when it is no part of a streamed completion. */
export function chunksOf(
  event: unknown,
  host: string,
): { text: string; usage: ChatUsage | null; model: string | undefined; finish: string | undefined } {
  const parsed = chunk.safeParse(event);
  if (!parsed.success) throw new AppError("upstream_unavailable", `${host} streamed what is no chat completion`);
  const [choice] = parsed.data.choices;
  return {
    text: choice?.delta?.content ?? "",
    usage: toUsage(parsed.data.usage),
    model: parsed.data.model,
    finish: choice?.finish_reason ?? undefined,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
