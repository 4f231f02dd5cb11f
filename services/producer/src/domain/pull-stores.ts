import type { CursorStore, DeadLetterStore, IndexStateStore, RecordSource, RunStore } from "@flow-rag/stores";

/** What pulling reads, and the watermark it moves. */
export type PullStores = {
  source: Pick<
    RecordSource,
    "changedAfter" | "all" | "find" | "existing" | "lastPlace" | "rewind" | "advance" | "isBehind" | "isAhead" | "count"
  >;
  cursors: Pick<CursorStore, "read" | "move">;
  runs: Pick<RunStore, "versions" | "idsAfter" | "countOfSource">;
  deadLetters: Pick<DeadLetterStore, "contentHashes" | "idsAfter">;
  indexState: Pick<IndexStateStore, "read">;
};
