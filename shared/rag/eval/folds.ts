import type { Window } from "./case.js";
import type { GoldRun } from "./run-fixtures.js";

export const sorted = (values: readonly string[]): string => [...values].sort().join(" | ");
export const failed = (rows: readonly GoldRun[]) => rows.filter(({ status }) => status === "failed");
export const unique = (values: readonly string[]) => [...new Set(values)];
export const tally = (values: readonly string[]) => {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};

type Gold = (rows: readonly GoldRun[], all: readonly GoldRun[], window: Window) => string;
/** Phrasings of one question, and an independent fold over the rows of its window. */
export type Template = { readonly operation: string; readonly fr: readonly string[]; readonly en: readonly string[]; readonly gold: Gold };
