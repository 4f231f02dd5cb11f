import { doubtOf, type Doubt } from "@flow-rag/contracts";
import type { EarlyDoubts } from "./doubts/collect-doubts.js";

/** What an answer could rest on. */
export type Coverage = {
  /** Instant of the latest run up to now; null when there is none. */
  readonly dataUntil: string | null;
  /** Nothing is known to be wrong or missing in the window. */
  readonly complete: boolean;
  /** Records that are read but not indexed yet; null when it cannot be told. */
  readonly pending: number | null;
  /** Records that could not be understood: they are in no figure. */
  readonly setAside: number;
  /** What is known to be wrong or missing, the gravest first. */
  readonly doubts: readonly Doubt[];
};

export const coverageOf = (until: Date | null, doubts: readonly Doubt[], { pending }: Pick<EarlyDoubts, "pending">): Coverage => ({
  dataUntil: until?.toISOString() ?? null,
  complete: doubts.length === 0,
  pending: pending ?? null,
  setAside: doubtOf(doubts, "set_aside")?.records ?? 0,
  doubts,
});
