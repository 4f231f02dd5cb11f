import { question, searchRequest, type Question, type SearchAnswer, type SearchRequest } from "@flow-rag/contracts";
import type { Asker, QuestionAnswer } from "@flow-rag/rag";
import { defineRoute, json, type Caller, type Route, type ServerEvent } from "../route.js";
import { inPieces } from "../text-pieces.js";
import { answerSchema, searchSchema } from "./answer-schema.js";

export type QuestionDeps = {
  readonly answer: (question: Question, signal: AbortSignal, asker: Asker) => Promise<QuestionAnswer>;
  readonly search: (request: SearchRequest, signal: AbortSignal, asker: Asker) => Promise<SearchAnswer>;
};
export const askerOf = ({ owner, sources }: Caller): Asker => ({ owner, ...(sources && { sources }) });

const eventStream = "text/event-stream";
const failure = (problem: object): ServerEvent[] => [{ event: "error", data: problem }];

/** Questions in French or English. With `Accept: text/event-stream` the answer comes in parts. */
export const questionRoutes = ({ answer, search }: QuestionDeps): Route[] => [
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
    limits: { class: "questions" },
    examples: {
      fr: { summary: "Qu’est-ce qui a échoué hier ?", value: { query: "Quelles technos ont échoué hier ?" } },
      en: { summary: "A question that continues another", value: { query: "and on Monday?", conversation_id: "ops-1", language: "en" } },
    },
    handle: async ({ body, caller, signal, accepts, use }) => {
      use({ questions: 1 });
      const answering = answer(body, signal, askerOf(caller));
      return accepts(eventStream) ? { kind: "events", events: answerEvents(answering), failure } : json(await answering);
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
      const searching = search(body, signal, askerOf(caller));
      return accepts(eventStream) ? { kind: "events", events: searchEvents(searching), failure } : json(await searching);
    },
  }),
];

/** The text is sent once it is worded and checked, never before: a reader sees nothing that is taken back. */
async function* answerEvents(answering: Promise<QuestionAnswer>): AsyncGenerator<ServerEvent> {
  const { answer, contexts, plan, facts, filters, resolved, continued, ...rest } = await answering;
  yield { event: "plan", data: { plan, filters, resolved, continued } };
  yield { event: "facts", data: { facts } };
  yield { event: "evidence", data: { contexts } };
  for (const text of inPieces(answer)) yield { event: "token", data: { text } };
  yield { event: "done", data: rest };
}

async function* searchEvents(searching: Promise<SearchAnswer>): AsyncGenerator<ServerEvent> {
  const { hits, ...rest } = await searching;
  for (const hit of hits) yield { event: "evidence", data: hit };
  yield { event: "done", data: rest };
}
