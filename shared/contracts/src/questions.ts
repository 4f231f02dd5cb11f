import { z } from "zod";
import { runStatus, type RunStatus } from "./runs.js";

const names = z.array(z.string("a name as text is wanted").trim().min(1, "an empty name").max(200, "a name of at most 200 characters"), {
  error: ({ code }) => (code === "invalid_type" ? 'a list of names is wanted, such as ["orders-daily"]' : undefined),
});
const list = <T extends z.ZodArray>(items: T) => items.min(1, "an empty list: leave it out").max(100, "at most 100");
const instant = z.iso.datetime({ offset: true, error: "an instant such as 2026-05-05T00:00:00+02:00 is wanted" });
const onlyObject =
  (hint: string) =>
  ({ code }: { code: string | undefined }): string | undefined =>
    code === "invalid_type" ? hint : undefined;

/**
 * Which runs a question may be about, whatever its words say: each part narrows, none widens. Half-open [from, to) on when runs happened;
 * names as they are in the data, whatever their case and accents; statuses are those of a run.
 */
export const questionFilters = z
  .strictObject(
    {
      pipelines: list(names).optional(),
      techs: list(names).optional(),
      environments: list(names).optional(),
      statuses: list(z.array(runStatus)).optional(),
      from: instant.optional(),
      to: instant.optional(),
    },
    { error: onlyObject('an object such as {"techs": ["Spark"]} is wanted') },
  )
  .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to), {
    path: ["to"],
    message: "must be after from",
  });
export type QuestionFilters = z.output<typeof questionFilters>;

/** Chosen by the caller or given by the first answer. Another caller's conversation is never met under the same id. */
export const conversationId = z
  .string("a conversation's id as text is wanted")
  .regex(/^[A-Za-z0-9_-]{1,64}$/, "1 to 64 letters, digits, - or _ are wanted, such as the conversation_id of the answer before");

const top = (most: number) =>
  z
    .number(`a whole number from 1 to ${most} is wanted`)
    .int(`not a whole number (1 to ${most})`)
    .min(1, `out of range (1 to ${most})`)
    .max(most, `out of range (1 to ${most})`);
const text = (what: string) =>
  z.string(`${what} as text is wanted`).trim().min(1, `empty: ${what} is wanted`).max(2_000, "longer than 2,000 characters");
const bodyHint = 'the body must be a JSON object such as {"query": "…"}, sent as application/json';

/** Body of POST /query. */
export const question = z.strictObject(
  {
    query: text("a question"),
    top_k: top(50).default(8),
    /** Continues a conversation: what the question does not say is what was said before. */
    conversation_id: conversationId.optional(),
    filters: questionFilters.optional(),
    /** Of the answer; that of the question when left out. */
    language: z.enum(["fr", "en"], "fr or en is wanted").optional(),
    /** Adds how the question was read, what evidence scored and where the time went. */
    debug: z.boolean("true or false is wanted").optional(),
  },
  { error: onlyObject(bodyHint) },
);
export type Question = z.output<typeof question>;

/** Body of POST /search: runs by meaning, without a plan and without figures. */
export const searchRequest = z.strictObject(
  {
    query: text("a text"),
    limit: top(100).default(10),
    /** Least cosine similarity of a hit, -1 to 1. Scores of one embedder are close together (E5: 0.7 to 1), so none is a good default. */
    similarity_threshold: z
      .number("a number from -1 to 1 is wanted")
      .min(-1, "out of range (-1 to 1)")
      .max(1, "out of range (-1 to 1)")
      .optional(),
    filters: questionFilters.optional(),
  },
  { error: onlyObject(bodyHint) },
);
export type SearchRequest = z.output<typeof searchRequest>;

export type Language = "fr" | "en";

/** One indexed run shown as evidence. `score` is the cosine similarity to the question, -1 to 1; 1 for a run that was counted. */
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

/** A run that was found. `alike`: the runs within the filters with this error in this pipeline, of which it is one; null without an error. */
export type SearchHit = Context & { readonly alike: number | null };

/** Answer to POST /search, the nearest first; each error of a pipeline once. */
export type SearchAnswer = {
  readonly hits: readonly SearchHit[];
  readonly timestamp: string;
  /** The filters as they were applied, names as they are in the data. */
  readonly filters: QuestionFilters;
  /** True when the index could not be searched: no hits then says nothing. `reason` then says why. */
  readonly degraded: boolean;
  readonly reason?: string;
  /** Milliseconds. */
  readonly timings: { readonly search: number; readonly total: number };
};

/** One question of a conversation with its answer, both without secrets. */
export type ConversationTurn = {
  readonly question: string;
  /** The whole question in words, with what was taken over from the turns before. */
  readonly resolved: string;
  readonly answer: string;
  readonly language: Language;
  /** ISO 8601, UTC. */
  readonly at: string;
};
export type ConversationSummary = {
  readonly id: string;
  /** Its first question. */
  readonly title: string;
  readonly turns: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly lastAt: string;
  /** When it is deleted unless it goes on. */
  readonly expiresAt: string;
};
export type Conversation = ConversationSummary & { readonly history: readonly ConversationTurn[] };
