import { randomUUID } from "node:crypto";
import { z } from "zod";
import { deliveryState, reportKind } from "./deliveries.js";
import { digest, joinId } from "./ids.js";
import { recordFilter } from "./record-filter.js";
import { recordVersion, sourceName } from "./records.js";

/** All there is to know about one queue; producers and consumers take it as a value. */
export interface QueueContract<P extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly payload: P;
  /** What a finished job reports; read back by whoever waits for it. */
  readonly result: R;
  /** Identity of one unit of work, used as the job id: no ":" and not all digits. */
  readonly key: (payload: z.output<P>) => string;
  /**
   * What sending a key does while a finished job still bears it. BullMQ alone would ignore it in silence.
   * `ignore`: the work is done once for all (a cron slot). `again`: the finished job makes room (content that is due again).
   */
  readonly whenFinished: "ignore" | "again";
  /** Runs that may fail before the job is given up. */
  readonly attempts: number;
  /** Runs that may begin, counting those that only waited for a rate limit. */
  readonly starts: number;
  /** Delay before the second attempt, in milliseconds; doubles each time, less up to half at random. */
  readonly backoffMs: number;
  /** Time one run may take before its signal aborts, in milliseconds. */
  readonly timeoutMs: number;
}
const defineQueue = <P extends z.ZodType, R extends z.ZodType>(contract: QueueContract<P, R>) => contract;

const count = z.number().int().nonnegative();

/**
 * Read a source and enqueue what the index lacks. `slot` says which asking it is: a cron tick's instant, or "manual-…" for a person's,
 * which is given where it is left out.
 * `changes` reads on from the watermark; `everything` reads the whole source and also finds what was removed from it;
 * `selected` reads the records that the filter matches.
 */
export const sourcePull = defineQueue({
  name: "source.pull",
  payload: z.strictObject({
    source: sourceName,
    slot: z
      .string()
      .min(1)
      .max(64)
      .default(() => `manual-${randomUUID()}`),
    mode: z.enum(["changes", "everything", "selected"]).default("changes"),
    /** For `selected`; without one every record matches. */
    filter: recordFilter.optional(),
    /** Embed unchanged records too. */
    force: z.boolean().default(false),
    /** Count what matches and enqueue nothing. For `selected`. */
    dryRun: z.boolean().default(false),
    /** A person's yes to removing more than a twentieth of the runs at once. */
    allowRemovals: z.boolean().default(false),
  }),
  result: z.object({
    read: count,
    /** Of those read, the ones that were asked for: all of them but in a `selected` pull. */
    matched: count,
    unchanged: count,
    enqueued: count,
    /**
     * Of those matched, the ones whose time is ahead of the clock. They are indexed, and move no watermark until their time has come.
     * The default can go in 0.2: results of before lack it.
     */
    ahead: count.default(0),
    /** Runs whose record is gone from the source, enqueued to be removed. */
    removed: count,
    /** Runs whose record is gone, kept because removing so many needs a yes. */
    keptBack: count,
    /** Ids of the `records.embed` jobs that do the rest. */
    batches: z.array(z.string()),
  }),
  key: ({ source, slot }) => joinId(source, slot),
  whenFinished: "ignore",
  attempts: 3,
  starts: 12,
  backoffMs: 5_000,
  timeoutMs: 3_600_000,
});
export type SourcePullResult = z.output<typeof sourcePull.result>;

/** Share of a source's runs that may be removed at once without a person's yes: more looks like a mistake at the source, not like a clean-up. */
export const removableShare = 0.05;

/** Records one job may carry. */
export const maxBatchRecords = 512;

/**
 * Bring the index up to date with these records. Carries ids, never content: the worker re-reads the source,
 * so a late retry cannot write an old version over a newer one. A record that is gone from the source leaves the index.
 */
export const recordsEmbed = defineQueue({
  name: "records.embed",
  payload: z.strictObject({
    source: sourceName,
    records: z.array(recordVersion).min(1).max(maxBatchRecords),
    /** Embed unchanged records too. */
    force: z.boolean().default(false),
  }),
  result: z.object({ indexed: count, unchanged: count, removed: count, setAside: count }),
  key: ({ source, records, force }) =>
    joinId(source, digest(force ? "forced" : "due", ...records.flatMap(({ recordId, contentHash }) => [recordId, contentHash]))),
  whenFinished: "again",
  attempts: 6,
  starts: 12,
  backoffMs: 5_000,
  timeoutMs: 300_000,
});
export type RecordsEmbedResult = z.output<typeof recordsEmbed.result>;

/**
 * Compare a source with what is indexed of it, record by record and signature by signature, and with `repair` bring them together. `inSync` is about the moment of
 * the comparison; a repair's own work is in `batches`.
 */
export const indexReconcile = defineQueue({
  name: "index.reconcile",
  payload: z.strictObject({
    source: sourceName,
    slot: z.string().min(1).max(64),
    repair: z.boolean().default(true),
    /** A person's yes to removing more than a twentieth of the runs at once. */
    allowRemovals: z.boolean().default(false),
  }),
  result: z.object({
    source: count,
    runs: count,
    index: count,
    /** Of the error signatures that the source's runs bear, those that have a document as it should be. The options of these three can go in 0.2: results of before lack them. */
    signatures: count.default(0),
    /** Of those signatures, the ones without a document. */
    missingSignatures: count.default(0),
    /** Those whose document is of an earlier template. */
    staleSignatures: count.default(0),
    /** Records that are neither indexed nor set aside. */
    missing: count,
    /** Runs or documents without a record. */
    extra: count,
    /** Runs or documents of an older version than the record's. */
    stale: count,
    /** Records that are set aside. */
    dead: count,
    /** Of `extra`, those that a repair left because removing so many needs a yes. */
    keptBack: count,
    inSync: z.boolean(),
    /** Where counts differ, the widest gaps first, at most 20. Days are UTC, YYYY-MM-DD. */
    differences: z.array(z.object({ day: z.string(), pipeline: z.string(), source: count, runs: count, index: count })),
    /** Ids of the `records.embed` jobs of a repair. */
    batches: z.array(z.string()),
  }),
  key: ({ source, slot }) => joinId(source, slot),
  whenFinished: "ignore",
  attempts: 3,
  starts: 12,
  backoffMs: 5_000,
  timeoutMs: 3_600_000,
});
export type IndexReconcileResult = z.output<typeof indexReconcile.result>;

/** Write, archive and hand out the report of a local day. `dueAt` is the instant its schedule names. */
export const reportWrite = defineQueue({
  name: "report.write",
  payload: z.strictObject({ kind: reportKind, date: z.iso.date(), zone: z.string().min(1).max(64), dueAt: z.iso.datetime() }),
  /** `too_late`: more time has passed than the catch-up allows; the next report covers the window. */
  result: z.object({ state: z.enum(["written", "already", "too_late"]), report: z.string(), deliveries: count }),
  key: ({ kind, date, zone }) => joinId(kind, date, zone),
  whenFinished: "again", // the report's row in the state decides, not the queue's memory
  attempts: 6,
  starts: 60,
  backoffMs: 5_000,
  timeoutMs: 600_000,
});
export type ReportWriteResult = z.output<typeof reportWrite.result>;

/** Take one delivery of the outbox as far as it goes now. Retries are the outbox's: how long to wait depends on what the other side said. */
export const reportDeliver = defineQueue({
  name: "report.deliver",
  payload: z.strictObject({ delivery: z.string().min(1).max(64) }),
  result: z.object({ state: deliveryState }),
  key: ({ delivery }) => delivery,
  whenFinished: "again",
  attempts: 6,
  starts: 60,
  backoffMs: 5_000,
  timeoutMs: 300_000,
});

/** Every queue there is, for whoever looks at all of them. */
export const queueContracts: readonly QueueContract[] = [sourcePull, recordsEmbed, indexReconcile, reportWrite, reportDeliver];
