import { commonText } from "@flow-rag/insights";
import type { FoundRun } from "@flow-rag/stores";
import { tellingLine } from "../telling-line.js";

/** What all these runs say alike, so that a count of them beside it is one of runs that say it; runs of one text say that. */
export function textOf(runs: readonly FoundRun[], example: FoundRun): string {
  const texts = [...new Set([example, ...latestFirst(runs)].flatMap(({ error }) => error ?? []))];
  return texts.length < 2 ? (example.error ?? "") : commonText(texts.map(tellingLine));
}

/** The latest before the others, and of one instant the greater id. */
export const latestFirst = (runs: readonly FoundRun[]): FoundRun[] =>
  [...runs].sort((a, b) => b.ts.getTime() - a.ts.getTime() || (a.id < b.id ? 1 : -1));
