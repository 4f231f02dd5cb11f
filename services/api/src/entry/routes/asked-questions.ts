import type { AskedQuestions, AskedRequest } from "@flow-rag/rag";
import { z } from "zod";
import { defineRoute, json, type Route } from "../route.js";

export type AskedQuestionDeps = { readonly asked: (request: AskedRequest, signal: AbortSignal) => Promise<AskedQuestions> };

const outcomes = z
  .strictObject({ answered: z.int(), refused: z.int(), help: z.int(), too_long: z.int() })
  .describe(
    "`refused`: a time or a name could not be understood; `help`: nothing that is asked for was found; `too_long`: it was not read.",
  );
const notUnderstood = z.array(z.strictObject({ kind: z.string(), text: z.string(), times: z.int() }));

/** What people ask. */
export const askedQuestionRoutes = ({ asked }: AskedQuestionDeps): Route[] => [
  defineRoute({
    method: "get",
    path: "/questions",
    scope: "admin",
    tag: "operation",
    summary: "What was asked, how often, and what was not understood",
    description:
      "Of the last days of 24 hours, as long as questions are kept (QUERY_LOG_RETENTION). Without secrets and without names of askers; texts that differ only in case, accents, spaces or the mark at their end are one. A key that is limited to sources is shown what was asked by those who may know of no others.",
    query: z.strictObject({
      days: z.coerce.number().int().min(1).max(3_650).default(7),
      limit: z.coerce.number().int().min(1).max(1_000).default(50),
    }),
    answers: {
      200: {
        description: "The most frequent first",
        schema: z.strictObject({
          from: z.iso.datetime(),
          to: z.iso.datetime(),
          asked: z.int(),
          different: z.int(),
          askers: z.int(),
          outcomes,
          notUnderstood,
          complete: z.boolean().describe("False when more was asked than is looked at: the latest 20,000."),
          questions: z.array(
            z.strictObject({
              question: z.string().describe("As it was asked last."),
              times: z.int(),
              askers: z.int(),
              lastAt: z.iso.datetime(),
              outcomes,
              worded: z
                .strictObject({ model: z.int(), rejected: z.int(), template: z.int() })
                .describe(
                  "Whose words the answers were in: the model's with every check held, the template's after its text was rejected, the template's.",
                ),
              notUnderstood,
            }),
          ),
        }),
      },
    },
    limits: { class: "reads" },
    handle: async ({ query, caller, signal }) => json(await asked({ ...query, sources: caller.sources }, signal)),
  }),
];
