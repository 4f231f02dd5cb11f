import type { RunStatus } from "@flow-rag/contracts";

/**
 * Words that stand for a status, separated by commas, as systems write them; compared by `foldStatus`. `systems`: whose they are. `only`: read so
 * for runs whose techno's name holds this alone (folded), because elsewhere the word is unknown or means something else; `unknown` there: what is known elsewhere does not tell in this system.
 */
export type StatusRow = {
  readonly status: RunStatus;
  readonly systems: string;
  readonly words: string;
  readonly only?: string;
};
