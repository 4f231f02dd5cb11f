import type { ReindexMessage } from "@flow-rag/contracts";
import type { Embedder } from "@flow-rag/models";
import type { IndexedRuns, IndexStateStore, RecordSource, SignatureIndex, SignatureStore, VectorStore } from "@flow-rag/stores";
import type { SignatureKeeper } from "../keep-signatures.js";

/** The index that is being built, and what it is built from. */
export type TargetDeps = {
  runs: Pick<IndexedRuns, "page" | "byIds" | "count" | "adopt">;
  vectors: Pick<VectorStore, "versions" | "upsert" | "remove" | "ids" | "count" | "search">;
  signatureIndex: Pick<SignatureIndex, "upsert" | "templates">;
  signatures: Pick<SignatureKeeper, "assign"> & Pick<SignatureStore, "note" | "read">;
  embedder: Pick<Embedder, "embedPassages" | "embedQuery">;
  /** Of the target. */
  fingerprint: string;
  /** Of the times in documents. IANA name. */
  zone: string;
};
export type ReindexDeps = TargetDeps & {
  states: Pick<IndexStateStore, "read" | "switchOver">;
  /** The configured sources, by name. */
  sources: ReadonlyMap<string, Pick<RecordSource, "existing">>;
  /** Brings records into the target as a job would, from the source. For after the switch, when workers write to it too. */
  embedAgain: (source: string, recordIds: readonly string[], signal: AbortSignal) => Promise<void>;
  onProgress: (progress: Omit<Extract<ReindexMessage, { type: "progress" }>, "type">) => void;
};
