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

/** The middle value, or the mean of the two middle ones; undefined of none. */
export function medianOf(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half] : sorted.length === 0 ? undefined : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}
/** The smallest value that 95 % do not exceed. */
export const p95Of = (values: readonly number[]): number | undefined =>
  [...values].sort((a, b) => a - b)[Math.ceil(0.95 * values.length) - 1];
export function groupsOf<K>(rows: readonly GoldRun[], keyOf: (row: GoldRun) => K): Map<K, GoldRun[]> {
  const groups = new Map<K, GoldRun[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}
const local = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Paris", dateStyle: "short" });
export const dayOf = ({ at }: GoldRun): string => local.format(at);
