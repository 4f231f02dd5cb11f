import { z } from "zod";
import type { RunStatus } from "./runs.js";

/** Body of POST /query. */
export const question = z.strictObject({
  query: z.string().trim().min(1).max(2_000),
  top_k: z.number().int().min(1).max(50).default(8),
});
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
