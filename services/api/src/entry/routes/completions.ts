import { AppError } from "@flow-rag/kernel";
import type { Asker, QuestionAnswer } from "@flow-rag/rag";
import { z } from "zod";
import { askedIn, chatTaskReply } from "../../domain/chat-task-reply.js";
import { chatMarkdown } from "../../domain/chat-markdown.js";
import { cutAnswer, type CutAnswer } from "../../domain/cut-answer.js";
import { evidenceList } from "./evidence-list.js";
import { defineRoute, json, type Route, type ServerEvent } from "../route.js";
import { openAiError, type Problem } from "../problem.js";
import { inPieces } from "../text-pieces.js";
import { honoured, limitsOf, refuseWhatCannotBeDone, tokensOf } from "./completion-parameters.js";
import { askerOf, costOf } from "./questions.js";

export type CompletionDeps = {
  readonly questionWithinMs?: number | undefined;
  /** Answers the last of the texts; the others are the questions before it. */
  readonly chat: (texts: readonly string[], signal: AbortSignal, asker: Asker) => Promise<QuestionAnswer>;
  readonly now: () => Date;
  /** Business time zone. */
  readonly zone: string;
  /** Where users reach this API, for links to runs. */
  readonly publicUrl: string | undefined;
};

const model = "flow-rag";
const maxQuestion = 2_000;
const eventStream = "text/event-stream";

const part = z.looseObject({ type: z.string(), text: z.string().optional() });
const message = z.looseObject({
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
  content: z.union([z.string(), z.array(part), z.null()]).optional(),
});
const completionRequest = z
  .looseObject({
    model: z.string().max(200).default(model),
    messages: z.array(message).min(1).max(500),
    ...honoured,
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
        finish_reason: z.enum(["stop", "length"]),
      }),
    ),
    usage: usageSchema,
  })
  .meta({ id: "ChatCompletion" });
const modelSchema = z
  .strictObject({ id: z.string(), object: z.literal("model"), created: z.int(), owned_by: z.string() })
  .meta({ id: "Model" });
const theModel = { id: model, object: "model", created: 1_762_300_800, owned_by: "flow-rag" } as const;

/** The routes of OpenAI's API that chat clients use, so that Open WebUI, LibreChat and the official client work unchanged. */
export const completionRoutes = ({ chat, now, zone, publicUrl, questionWithinMs: timeoutMs }: CompletionDeps): Route[] => [
  defineRoute({
    method: "get",
    path: "/v1/models",
    scope: "query",
    tag: "openai",
    summary: "The one model",
    dataOnly: "only chat clients come here, some of them inside a browser",
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
    dataOnly: "only chat clients come here, some of them inside a browser",
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
    description:
      "The last user message is the question; earlier ones are what it may continue. Streams with `stream: true`. The runs that the answer's [n] stand for are listed under it.\n\n" +
      "`stop`, `max_tokens` and `max_completion_tokens` cut the answer (at a whole line or word). `n` above 1, `response_format` other than text, a `tool_choice` that demands a call, `logprobs`, `logit_bias`, `audio`, `store` and `web_search_options` are refused by name; whatever else a client sends (`temperature`, `top_p`, `seed`, `user`, `metadata`, `tools` that may be left uncalled …) changes nothing: figures are computed, not sampled.",
    body: completionRequest,
    answers: { 200: { description: "The answer", schema: completionSchema, also: [eventStream] } },
    limits: { class: "questions", bodyBytes: 512 * 1_024, timeoutMs },
    examples: {
      fr: { summary: "Une question", value: { model, messages: [{ role: "user", content: "Combien d’échecs hier ?" }] } },
      en: { summary: "Streamed", value: { model, stream: true, messages: [{ role: "user", content: "How many failures yesterday?" }] } },
    },
    handle: async ({ body, caller, signal, requestId, use }) => {
      refuseWhatCannotBeDone(body);
      const texts = userTexts(body.messages);
      const last = texts.at(-1) ?? "";
      const task = chatTaskReply(last, lastSystemText(body.messages));
      if (task === undefined) use({ questions: 1 });
      if (last === "" && task === undefined)
        throw new AppError("invalid_input", "messages: a last user message with text is wanted; pictures and files are not read");
      if (task === undefined && last.length > maxQuestion)
        throw new AppError("invalid_input", `messages: the question is longer than ${maxQuestion} characters`);
      const answering = async (): Promise<CutAnswer> => {
        if (task !== undefined) return cutAnswer(task, limitsOf(body));
        const answered = await chat(texts, signal, askerOf(caller));
        use(costOf(answered.wording));
        const evidence = evidenceList(answered, { language: answered.language, zone, now: now(), publicUrl });
        const text = chatMarkdown(answered.answer);
        return cutAnswer(evidence === "" ? text : `${text}\n\n${evidence}`, limitsOf(body));
      };
      const head = { id: `chatcmpl-${requestId}`, created: Math.floor(now().getTime() / 1_000), model };
      const settle = (text: string): Usage => {
        const [prompt, completion] = [body.messages.reduce((sum, one) => sum + tokensOf(textOf(one)), 0), tokensOf(text)];
        return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
      };
      if (body.stream) {
        const events = chunks(head, answering, { settle, withUsage: body.stream_options?.include_usage === true });
        return { kind: "events", events, failure: (problem) => [{ data: { error: openAiError(problem as Problem) } }] };
      }
      const { text, finish } = await answering();
      const choice = { index: 0, message: { role: "assistant", content: text, refusal: null }, logprobs: null, finish_reason: finish };
      return json({ ...head, object: "chat.completion", choices: [choice], usage: settle(text) });
    },
  }),
];

async function* chunks(
  head: object,
  answering: () => Promise<CutAnswer>,
  { settle, withUsage }: { settle: (text: string) => Usage; withUsage: boolean },
): AsyncGenerator<ServerEvent> {
  const chunk = (delta: object, finish: CutAnswer["finish"] | null = null): ServerEvent => ({
    data: {
      ...head,
      object: "chat.completion.chunk",
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...(withUsage && { usage: null }),
    },
  });
  yield chunk({ role: "assistant", content: "" });
  const { text, finish } = await answering();
  for (const piece of inPieces(text)) yield chunk({ content: piece });
  yield chunk({}, finish);
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
