import type { VectorStore } from "@flow-rag/stores";
import type { ActiveIndex, OpenIndex } from "./domain/active-index.js";
import type { EmbedRecordsDeps } from "./domain/embed-records.js";
import type { ReconcileDeps } from "./domain/reconcile-index.js";

/** What is needed for one source, besides an index. */
export type SourceDeps = Omit<EmbedRecordsDeps & ReconcileDeps, keyof OpenIndex | "send"> & {
  /** Where this source's documents go instead of the index. */
  readonly vectorsOf?: (index: OpenIndex) => VectorStore;
};
export type WorkerDeps = { readonly index: ActiveIndex; readonly sources: ReadonlyMap<string, SourceDeps> };
