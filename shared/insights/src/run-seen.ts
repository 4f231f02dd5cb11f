import type { RunStatus } from "@flow-rag/contracts";

/** What the detectors need of a run. */
export type RunSeen = {
  /** `source:recordId` */
  readonly id: string;
  readonly pipeline: string;
  readonly tech: string;
  readonly status: RunStatus;
  /** Epoch ms. */
  readonly at: number;
  readonly durationMs: number | null;
  readonly signature: string | null;
  /** Equal for the attempts of one run of one pipeline, where its source names runs: a hash of that name. Absent: the record is a run of its own. */
  readonly runKey?: number;
};
