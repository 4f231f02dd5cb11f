import type { CursorStore, DeadLetterStore, IndexStateStore, RecordSource, RunStore, SourceHealthStore } from "@flow-rag/stores";

/** What pulling reads, and the watermark it moves. */
export type PullStores = {
  source: Pick<
    RecordSource,
    "changedAfter" | "all" | "find" | "existing" | "lastPlace" | "rewind" | "advance" | "isBehind" | "isAhead" | "count"
  >;
  cursors: Pick<CursorStore, "read" | "move">;
  runs: Pick<RunStore, "versions" | "idsAfter" | "countOfSource" | "notFinal" | "countCopied">;
  deadLetters: Pick<DeadLetterStore, "contentHashes" | "idsAfter">;
  health: Pick<SourceHealthStore, "setHeld">;
  indexState: Pick<IndexStateStore, "read">;
};
