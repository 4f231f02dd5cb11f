import { AppError } from "@flow-rag/kernel";
import type { Asker, QuestionAnswer } from "@flow-rag/rag";
import { z } from "zod";
import { askedIn, chatTaskReply } from "../../domain/chat-task-reply.js";
import { defineRoute, json, type Route, type ServerEvent } from "../route.js";
import { openAiError, type Problem } from "../problem.js";
import { inPieces } from "../text-pieces.js";
import { askerOf, costOf } from "./questions.js";

export type CompletionDeps = {
  readonly questionWithinMs?: number | undefined;
  /** Answers the last of the texts; the others are the questions before it. */
  readonly chat: (texts: readonly string[], signal: AbortSignal, asker: Asker) => Promise<QuestionAnswer>;
  readonly now: () => Date;
};

const model = "flow-rag";
const maxQuestion = 2_000;
const eventStream = "text/event-stream";

const part = z.looseObject({ type: z.string(), text: z.string().optional() });
const message = z.looseObject({
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
  content: z.union([z.string(), z.array(part), z.null()]).optional(),
});
/** What clients send beside these (temperature, tools …) changes nothing: figures are computed, not sampled. */
const completionRequest = z
  .looseObject({
    model: z.string().max(200).default(model),
    messages: z.array(message).min(1).max(500),
    stream: z.boolean().nullable().default(false),
    stream_options: z.looseObject({ include_usage: z.boolean().nullable().optional() }).nullable().optional(),
  })
  .meta({ id: "ChatCompletionRequest" });
type Message = z.output<typeof message>;

const usageSchema = z.strictObject({ prompt_tokens: z.int(), completion_tokens: z.int(), total_tokens: z.int() });
type Usage = z.output<typeof usageSchema>;
const completionSchema = z
  .strictObject({
    id: z.string(),
    object: z.literal("chat.completion"),
    created: z.int(),
    model: z.string(),
    choices: z.array(
      z.strictObject({
        index: z.int(),
        message: z.strictObject({ role: z.literal("assistant"), content: z.string(), refusal: z.null() }),
        logprobs: z.null(),
        finish_reason: z.literal("stop"),
      }),
    ),
    usage: usageSchema,
  })
  .meta({ id: "ChatCompletion" });
const modelSchema = z
  .strictObject({ id: z.string(), object: z.literal("model"), created: z.int(), owned_by: z.string() })
  .meta({ id: "Model" });
const theModel = { id: model, object: "model", created: 1_762_300_800, owned_by: "flow-rag" } as const;

/** What clients are told: estimated, about 4 characters each, as a template has none and clients want a number. */
const tokensOf = (text: string): number => Math.ceil(text.length / 4);

/** The routes of OpenAI's API that chat clients use, so that Open WebUI, LibreChat and the official client work unchanged. */
export const completionRoutes = ({ chat, now, questionWithinMs: timeoutMs }: CompletionDeps): Route[] => [
  defineRoute({
    method: "get",
    path: "/v1/models",
    scope: "query",
    tag: "openai",
    summary: "The one model",
    answers: { 200: { description: "A list of one", schema: z.strictObject({ object: z.literal("list"), data: z.array(modelSchema) }) } },
    limits: { class: "reads" },
    handle: async () => json({ object: "list", data: [theModel] }),
  }),
  defineRoute({
    method: "get",
    path: "/v1/models/{model}",
    scope: "query",
    tag: "openai",
    summary: "The one model by its name",
    params: z.strictObject({ model: z.string().max(200) }),
    answers: { 200: { description: "The model", schema: modelSchema } },
    limits: { class: "reads" },
    handle: async ({ params }) => {
      if (params.model !== model) throw new AppError("not_found", `the only model is ${model}`);
      return json(theModel);
    },
  }),
  defineRoute({
    method: "post",
    path: "/v1/chat/completions",
    scope: "query",
    tag: "openai",
    summary: "Ask as a chat client does",
    description: "The last user message is the question; earlier ones are what it may continue. Streams with `stream: true`.",
    body: completionRequest,
    answers: { 200: { description: "The answer", schema: completionSchema, also: [eventStream] } },
    limits: { class: "questions", bodyBytes: 512 * 1_024, timeoutMs },
    examples: {
      fr: { summary: "Une question", value: { model, messages: [{ role: "user", content: "Combien d’échecs hier ?" }] } },
      en: { summary: "Streamed", value: { model, stream: true, messages: [{ role: "user", content: "How many failures yesterday?" }] } },
    },
    handle: async ({ body, caller, signal, requestId, use }) => {
      const texts = userTexts(body.messages);
      const last = texts.at(-1) ?? "";
      const task = chatTaskReply(last, lastSystemText(body.messages));
      if (task === undefined) use({ questions: 1 });
      if (last === "" && task === undefined)
        throw new AppError("invalid_input", "messages: a last user message with text is wanted; pictures and files are not read");
      if (task === undefined && last.length > maxQuestion)
        throw new AppError("invalid_input", `messages: the question is longer than ${maxQuestion} characters`);
      const answerText = async (): Promise<string> => {
        if (task !== undefined) return task;
        const { answer, wording } = await chat(texts, signal, askerOf(caller));
        use(costOf(wording));
        return answer;
      };
      const head = { id: `chatcmpl-${requestId}`, created: Math.floor(now().getTime() / 1_000), model };
      const settle = (text: string): Usage => {
        const [prompt, completion] = [body.messages.reduce((sum, one) => sum + tokensOf(textOf(one)), 0), tokensOf(text)];
        return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
      };
      if (body.stream) {
        const events = chunks(head, answerText, { settle, withUsage: body.stream_options?.include_usage === true });
        return { kind: "events", events, failure: (problem) => [{ data: { error: openAiError(problem as Problem) } }] };
      }
      const text = await answerText();
      const choice = { index: 0, message: { role: "assistant", content: text, refusal: null }, logprobs: null, finish_reason: "stop" };
      return json({ ...head, object: "chat.completion", choices: [choice], usage: settle(text) });
    },
  }),
];

async function* chunks(
  head: object,
  answerText: () => Promise<string>,
  { settle, withUsage }: { settle: (text: string) => Usage; withUsage: boolean },
): AsyncGenerator<ServerEvent> {
  const chunk = (delta: object, finish: "stop" | null = null): ServerEvent => ({
    data: {
      ...head,
      object: "chat.completion.chunk",
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...(withUsage && { usage: null }),
    },
  });
  yield chunk({ role: "assistant", content: "" });
  const text = await answerText();
  for (const piece of inPieces(text)) yield chunk({ content: piece });
  yield chunk({}, "stop");
  const usage = settle(text);
  if (withUsage) yield { data: { ...head, object: "chat.completion.chunk", choices: [], usage } };
  yield { data: "[DONE]" };
}

const textOf = ({ content }: Message): string =>
  typeof content === "string" ? content : (content ?? []).flatMap(({ text }) => text ?? []).join("\n");
const userTexts = (messages: readonly Message[]): string[] =>
  messages
    .filter(({ role }) => role === "user")
    .slice(-10)
    .map((one) => askedIn(textOf(one).trim()));
const lastSystemText = (messages: readonly Message[]): string => {
  const last = messages.findLast(({ role }) => role === "system" || role === "developer");
  return last ? textOf(last).trim() : "";
};
