import { z } from "zod";
import type { RecordRef } from "./records.js";

/**
 * `upstream_failed`: it never ran, because something before it failed; no failure of its own and no success.
 * `waiting`: it has not begun, because it is held back or its hour, its condition or a person is waited for; what a system has accepted and
 * queued is `running`. Neither is final. `unknown` keeps an unrecognised status visible: it is neither success nor failure.
 */
export const runStatus = z.enum([
  "success",
  "failed",
  "running",
  "cancelled",
  "skipped",
  "warning",
  "unknown",
  "upstream_failed",
  "waiting",
]);
export type RunStatus = z.output<typeof runStatus>;

/** Whether a run goes on, or has yet to begin: it is looked at again, and it is neither a success nor a failure. */
export const isUnfinished = (status: RunStatus): boolean => status === "running" || status === "waiting";

/** How runs end that say how their pipeline fares: rates are of these, and leave out what goes on, was cancelled or is not understood. */
export const endedStatuses = ["success", "failed", "warning"] as const satisfies readonly RunStatus[];

/** What a record says about one execution of one pipeline, normalised and redacted. Instants are UTC. */
export type RunFacts = {
  readonly pipeline: string;
  /** "unknown" when the source does not tell. */
  readonly tech: string;
  readonly status: RunStatus;
  /** The status as the source wrote it; empty when it wrote none. */
  readonly rawStatus: string;
  /** When it happened. */
  readonly ts: Date;
  /** Milliseconds; null when the source does not tell. */
  readonly durationMs: number | null;
  /** Secrets replaced by placeholders, control characters removed, cut at 8,000 characters. */
  readonly error: string | null;
  readonly environment: string | null;
  readonly owner: string | null;
  readonly runRef: string | null;
  readonly recordsProcessed: number | null;
};

/** One run as flow-rag keeps it: the read model that every number is computed from. */
export type Run = RecordRef &
  RunFacts & {
    /** Id of the error's signature; null when there is no error text. */
    readonly signature: string | null;
    readonly contentHash: string;
    /**
     * Of the index that holds its document, of this content. While another index is built beside the active one it names the active one; a
     * rebuilding goes by the content hash in the documents, and renames the runs after the switch. What then bears another is indexed again.
     */
    readonly fingerprint: string;
    readonly indexedAt: Date;
    /** When it was first indexed, and when it was first indexed with the status that it has: later versions keep both. Absent: before this was kept. */
    readonly firstIndexedAt?: Date;
    readonly statusSince?: Date;
  };

/** What is indexed of a record. */
export type RunVersion = Pick<Run, "contentHash" | "fingerprint"> &
  Partial<Pick<Run, "status" | "indexedAt" | "firstIndexedAt" | "statusSince">>;

/** `source:recordId`, unambiguous because a source's name holds no ":". The same for every version, so an upsert replaces the older one. */
export const runId = ({ source, recordId }: RecordRef): string => `${source}:${recordId}`;

/** A record that could not become a run, kept with its reason until it is mended or discarded. */
export type DeadLetter = RecordRef & {
  readonly stage: "normalise" | "embed" | "store";
  /** Names the field and the rule; holds no value of the record. */
  readonly reason: string;
  readonly contentHash: string;
  readonly attempts: number;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
};
