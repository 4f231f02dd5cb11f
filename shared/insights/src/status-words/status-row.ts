import type { RunStatus } from "@flow-rag/contracts";

/**
 * Words that stand for a status, separated by commas, as systems write them; compared by `foldStatus`. `systems`: whose they are. `only`: read so
 * for runs whose techno's name holds this alone (folded), because elsewhere the word is unknown or means something else.
 */
export type StatusRow = {
  readonly status: Exclude<RunStatus, "unknown">;
  readonly systems: string;
  readonly words: string;
  readonly only?: string;
};
