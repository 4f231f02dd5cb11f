import { z } from "zod";
import type { RunStatus } from "./runs.js";

/** Body of POST /query. */
export const question = z.strictObject(
  {
    query: z.string("a question as text is wanted").trim().min(1, "empty: a question is wanted").max(2_000, "longer than 2,000 characters"),
    top_k: z
      .number("a whole number from 1 to 50 is wanted")
      .int("not a whole number (1 to 50)")
      .min(1, "out of range (1 to 50)")
      .max(50, "out of range (1 to 50)")
      .default(8),
  },
  {
    error: ({ code }) =>
      code === "invalid_type" ? 'the body must be a JSON object such as {"query": "…"}, sent as application/json' : undefined,
  },
);
export type Question = z.output<typeof question>;

export type Language = "fr" | "en";

/** One indexed run shown as evidence. `score` is the cosine similarity to the question, -1 to 1. */
export type Context = {
  readonly content: string;
  readonly meta: {
    readonly id: string;
    readonly source: string;
    readonly pipeline: string;
    readonly tech: string;
    readonly status: RunStatus;
    /** ISO 8601, UTC. */
    readonly ts: string;
    readonly durationMs: number | null;
    readonly signature: string | null;
    readonly environment: string | null;
  };
  readonly score: number;
};
