import { doubt, questionFilters, runStatus } from "@flow-rag/contracts";
import { z } from "zod";

const instant = z.iso.datetime();
const milliseconds = z.number().min(0);

/** One indexed run shown as evidence. */
const contextSchema = z
  .strictObject({
    content: z.string(),
    meta: z.strictObject({
      id: z.string(),
      source: z.string(),
      pipeline: z.string(),
      tech: z.string(),
      status: runStatus,
      ts: instant,
      durationMs: z.number().nullable(),
      signature: z.string().nullable(),
      environment: z.string().nullable(),
    }),
    score: z.number().meta({ description: "Cosine similarity to the question; 1 for a run that was counted" }),
  })
  .meta({ id: "Context" });

/** Of POST /query. What the plan and the facts hold depends on the question. */
export const answerSchema = z
  .looseObject({
    answer: z.string(),
    contexts: z.array(contextSchema),
    timestamp: instant,
    language: z.enum(["fr", "en"]),
    conversation_id: z.string(),
    resolved: z.string(),
    continued: z.boolean(),
    plan: z.looseObject({ operation: z.string(), language: z.string(), zone: z.string() }),
    filters: questionFilters,
    facts: z.looseObject({ runs: z.number(), matching: z.number() }).nullable(),
    citations: z.array(z.looseObject({ n: z.int(), id: z.string() })),
    coverage: z.looseObject({
      dataUntil: instant.nullable(),
      complete: z.boolean(),
      pending: z.int().nullable(),
      setAside: z.int(),
      doubts: z.array(doubt).meta({ description: "What is known to be wrong or missing in the window, the gravest first" }),
    }),
    wording: z.looseObject({
      by: z.enum(["llm", "template"]),
      reason: z.string().meta({
        description:
          "`verified`, or why the template words: no_llm, nothing_to_word, unavailable, rate_limited, timeout, misconfigured, budget_spent, too_long, rejected",
      }),
    }),
    timings: z.record(z.string(), milliseconds),
    degraded: z.boolean(),
  })
  .meta({ id: "Answer" });

const searchHitSchema = contextSchema
  .extend({
    alike: z.int().nullable().meta({ description: "Runs within the filters with this error in this pipeline; null without an error" }),
  })
  .meta({ id: "SearchHit" });

/** Of POST /search. */
export const searchSchema = z
  .strictObject({
    hits: z.array(searchHitSchema),
    timestamp: instant,
    filters: questionFilters,
    degraded: z.boolean().meta({ description: "The index could not be searched: no hits then says nothing" }),
    reason: z.string().optional().meta({ description: "Why it could not be searched" }),
    timings: z.record(z.string(), milliseconds),
  })
  .meta({ id: "SearchAnswer" });
