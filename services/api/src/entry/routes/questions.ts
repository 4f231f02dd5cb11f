import { question, searchRequest, type Question, type SearchAnswer, type SearchRequest } from "@flow-rag/contracts";
import type { AnswerStage, Asker, QuestionAnswer } from "@flow-rag/rag";
import { createEventQueue } from "../event-queue.js";
import { defineRoute, json, type Caller, type Route, type ServerEvent } from "../route.js";
import { inPieces } from "../text-pieces.js";
import { answerSchema, searchSchema } from "./answer-schema.js";

export type QuestionDeps = {
  /** Longest time for an answer, the language model's patience included. Milliseconds; the usual one unless given. */
  readonly questionWithinMs?: number | undefined;
  readonly answer: (
    question: Question,
    signal: AbortSignal,
    asker: Asker,
    onStage?: (stage: AnswerStage) => void,
  ) => Promise<QuestionAnswer>;
  readonly search: (request: SearchRequest, signal: AbortSignal, asker: Asker) => Promise<SearchAnswer>;
};
export const askerOf = ({ owner, sources }: Caller): Asker => ({ owner, ...(sources && { sources }) });
/** What the language model charged for an answer, as far as it says. */
export const costOf = ({ tokens }: Pick<QuestionAnswer["wording"], "tokens">) => ({
  promptTokens: tokens?.prompt ?? 0,
  completionTokens: tokens?.answer ?? 0,
});

const eventStream = "text/event-stream";
const failure = (problem: object): ServerEvent[] => [{ event: "error", data: problem }];

/** Questions in French or English. With `Accept: text/event-stream` the answer comes in parts. */
export const questionRoutes = ({ answer, search, questionWithinMs: timeoutMs }: QuestionDeps): Route[] => [
  defineRoute({
    method: "post",
    path: "/query",
    scope: "query",
    tag: "questions",
    summary: "Ask a question about the runs",
    description:
      "With `Accept: text/event-stream`: the events `plan`, `facts`, `evidence`, then `token` (pieces of the answer, checked before they are sent), then `done`; `error` (a problem) if it fails on the way.",
    body: question,
    answers: {
      200: { description: "The answer, the facts it was worded from and its evidence", schema: answerSchema, also: [eventStream] },
    },
    limits: { class: "questions", timeoutMs },
    examples: {
      fr: { summary: "Qu’est-ce qui a échoué hier ?", value: { query: "Quelles technos ont échoué hier ?" } },
      en: { summary: "A question that continues another", value: { query: "and on Monday?", conversation_id: "ops-1", language: "en" } },
    },
    handle: async ({ body, caller, signal, accepts, use }) => {
      use({ questions: 1 });
      const answering = async (onStage?: (stage: AnswerStage) => void): Promise<QuestionAnswer> => {
        const answered = await answer(body, signal, askerOf(caller), onStage);
        use(costOf(answered.wording));
        return answered;
      };
      return accepts(eventStream) ? { kind: "events", events: answerEvents(answering), failure } : json(await answering());
    },
  }),
  defineRoute({
    method: "post",
    path: "/search",
    scope: "query",
    tag: "questions",
    summary: "Find runs by meaning",
    description: "With `Accept: text/event-stream`: an `evidence` event for each hit, the nearest first, then `done`.",
    body: searchRequest,
    answers: { 200: { description: "The nearest runs", schema: searchSchema, also: [eventStream] } },
    limits: { class: "questions" },
    examples: {
      fr: { summary: "Pannes semblables", value: { query: "le disque est plein", limit: 5 } },
      en: { summary: "Similar failures", value: { query: "connection refused by the warehouse", filters: { statuses: ["failed"] } } },
    },
    handle: async ({ body, caller, signal, accepts, use }) => {
      use({ questions: 1 });
      const searching = () => search(body, signal, askerOf(caller));
      return accepts(eventStream) ? { kind: "events", events: searchEvents(searching), failure } : json(await searching());
    },
  }),
];

/**
 * What is computed is sent as soon as it is, the text once it is worded and checked and never before: a reader sees nothing that is taken
 * back. The work begins with the first event that is asked for, so that a stream that is refused has none.
 */
async function* answerEvents(answer: (onStage: (stage: AnswerStage) => void) => Promise<QuestionAnswer>): AsyncGenerator<ServerEvent> {
  const stages = createEventQueue<ServerEvent>();
  const answering = answer(({ stage, data }) => stages.push({ event: stage, data }));
  void answering.then(stages.end, stages.end); // also takes the failure of an answer that nobody waits for any more
  yield* stages;
  const {
    answer: text,
    contexts: _contexts,
    plan: _plan,
    facts: _facts,
    filters: _filters,
    resolved: _resolved,
    ...rest
  } = await answering;
  for (const piece of inPieces(text)) yield { event: "token", data: { text: piece } };
  yield { event: "done", data: rest };
}

async function* searchEvents(search: () => Promise<SearchAnswer>): AsyncGenerator<ServerEvent> {
  const { hits, ...rest } = await search();
  for (const hit of hits) yield { event: "evidence", data: hit };
  yield { event: "done", data: rest };
}
