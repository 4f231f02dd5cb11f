import type { CacheStats, Embedder } from "@flow-rag/models";
import type { SignatureIndex, VectorStore } from "@flow-rag/stores";

/** An index that can be read and written, with the embedder that it was built with. */
export type OpenIndex = {
  readonly fingerprint: string;
  /** Name of the collection of runs. */
  readonly collection: string;
  readonly vectors: VectorStore;
  readonly signatureIndex: SignatureIndex;
  readonly embedder: Pick<Embedder, "embedPassages">;
};

/** The index that the pointer names, whichever that is at the moment. */
export interface ActiveIndex {
  /**
   * Does the work with the active index. When the pointer has moved by the end of it, does it again with the one it names now: what was
   * written to the former index would be missing from this one. So the work must be safe to repeat.
   * @throws AppError `misconfigured` when that index was built with something this process does not have; whatever the work throws.
   */
  use<T>(work: (index: OpenIndex) => Promise<T>, signal: AbortSignal): Promise<T>;
  /** Of the embedding cache: of all embedders so far. */
  stats(): CacheStats;
}
