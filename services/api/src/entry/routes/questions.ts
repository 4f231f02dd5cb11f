import { question, type Question } from "@flow-rag/contracts";
import type { QuestionAnswer } from "@flow-rag/rag";
import { z } from "zod";
import { defineRoute, json, type Route } from "../route.js";

export type QuestionDeps = { readonly answer: (question: Question, signal: AbortSignal) => Promise<QuestionAnswer> };

/** Questions in French or English. */
export const questionRoutes = ({ answer }: QuestionDeps): Route[] => [
  defineRoute({
    method: "post",
    path: "/query",
    scope: "query",
    tag: "questions",
    summary: "Ask a question about the runs",
    body: question,
    answers: {
      200: { description: "The answer, the facts it was worded from and its evidence", schema: z.looseObject({ answer: z.string() }) },
    },
    limits: { class: "questions" },
    examples: {
      fr: { summary: "Qu’est-ce qui a échoué hier ?", value: { query: "Quelles technos ont échoué hier ?" } },
      en: { summary: "What failed yesterday?", value: { query: "Which pipelines failed yesterday?", top_k: 5 } },
    },
    handle: async ({ body, signal, use }) => {
      use({ questions: 1 });
      return json(await answer(body, signal));
    },
  }),
];
