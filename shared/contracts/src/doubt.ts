import { z } from "zod";
import { sourceName } from "./records.js";

const instant = z.iso.datetime();
const some = z.int().positive();

/**
 * One thing that is known to be wrong or missing in what a figure rests on. The same list stands in answers, reports, the status page and the
 * command line; its words are `wordDoubt`'s. Instants are ISO 8601, UTC.
 */
export const doubt = z.discriminatedUnion("kind", [
  /** The data end before the window does; null: there are none at all. */
  z.strictObject({ kind: z.literal("data_until"), at: instant.nullable() }),
  /**
   * Nothing new comes from a source. `silent`: much longer than usual at this time. `pull_failing`: it cannot be read, `reason` says why.
   * `not_pulled`: nobody has read it although it was due. `since`: its last data, the first failure, or the last pull.
   */
  z.strictObject({
    kind: z.literal("source_stopped"),
    source: sourceName,
    why: z.enum(["silent", "pull_failing", "not_pulled"]),
    since: instant,
    reason: z.string().max(300).nullable(),
  }),
  /** A source has no record from `from` until `to`, where there usually are some. */
  z.strictObject({ kind: z.literal("gap"), source: sourceName, from: instant, to: instant }),
  /**
   * Runs whose record is gone, still counted because removing so many needs a yes. `copies`: those of which the source holds the same record
   * under another id, as after a collection was built anew. `command` settles it.
   */
  z.strictObject({
    kind: z.literal("held_removals"),
    source: sourceName,
    runs: some,
    copies: z.int().nonnegative(),
    since: instant,
    command: z.string(),
  }),
  /** An import wrote records into the source that nobody has read since. `command` has them read. */
  z.strictObject({ kind: z.literal("imported"), source: sourceName, records: some, at: instant, command: z.string() }),
  /** Records that were read and are not indexed yet; null: it cannot be told. */
  z.strictObject({ kind: z.literal("pending"), records: some.nullable() }),
  /** Records that could not be understood, and rows that an import refused: they are in no figure. */
  z.strictObject({ kind: z.literal("set_aside"), records: some }),
  /**
   * Runs whose status is a word that is not known, with those words, the most frequent first. `withError`: those of them that have an error
   * text. `others`: words that are not listed.
   */
  z.strictObject({
    kind: z.literal("unread_status"),
    runs: some,
    withError: z.int().nonnegative(),
    words: z.array(z.strictObject({ word: z.string(), runs: some })).max(20),
    others: z.int().nonnegative(),
  }),
  /** Runs that are dated later than now; `until` is the latest. */
  z.strictObject({ kind: z.literal("future_runs"), runs: some, until: instant }),
]);
export type Doubt = z.output<typeof doubt>;
export type DoubtKind = Doubt["kind"];

/** The doubt of a kind, of which there is one at most. */
export const doubtOf = <K extends Exclude<DoubtKind, "gap" | "held_removals" | "imported" | "source_stopped">>(
  doubts: readonly Doubt[],
  kind: K,
): Extract<Doubt, { kind: K }> | undefined => doubts.find((one): one is Extract<Doubt, { kind: K }> => one.kind === kind);
