import { z } from "zod";

const count = z.number().int().nonnegative();

/** What a rebuilding of the index did. Counts are of runs unless they say otherwise. */
export const reindexReport = z.object({
  /** `unchanged`: the active index is made with what was asked for. */
  outcome: z.enum(["switched", "unchanged"]),
  collection: z.string(),
  embedder: z.string(),
  /** The collection that was active before, kept for a rollback. */
  previous: z.string().nullable(),
  /** Documents written; the rest was there from an earlier try. */
  written: count,
  /** Of the active index and the runs, once all was done. */
  parity: z.object({ runs: count, documents: count, missing: count, stale: count, extra: count, inSync: z.boolean() }),
  /**
   * Own texts of sampled documents, and how many find it among the first eight: as they are indexed, and as questions. Null when nothing was
   * measured.
   */
  recall: z.object({ asked: count, asPassages: count, asQuestions: count }).nullable(),
});
export type ReindexReport = z.output<typeof reindexReport>;

/** What a rebuilding process tells the one that started it. */
export const reindexMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("waiting") }),
  z.object({ type: z.literal("progress"), stage: z.enum(["build", "recall", "adopt", "verify"]), done: count, total: count }),
  z.object({ type: z.literal("report"), report: reindexReport }),
  z.object({ type: z.literal("dropped"), collections: z.array(z.string()) }),
  z.object({ type: z.literal("failed"), kind: z.enum(["invalid_input", "misconfigured", "unexpected"]), message: z.string() }),
]);
export type ReindexMessage = z.output<typeof reindexMessage>;

/** What such a process is told to do, as its first argument. */
export const reindexDeed = z.enum(["build", "rollback", "drop-old"]);
export type ReindexDeed = z.output<typeof reindexDeed>;
