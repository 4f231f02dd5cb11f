import type { RunStatus } from "@flow-rag/contracts";
import { medianOf, quantileOf } from "@flow-rag/kernel";
import type { Cell } from "@flow-rag/stores";
import type { GroupBy } from "../plan/group-words.js";
import type { DurationFacts, FactGroup, SignatureCount, StatusCounts, Totals } from "./facts.js";

const byName = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
const sum = (cells: readonly Cell[]): number => cells.reduce((total, { count }) => total + count, 0);
// By their numbers: comparing dates as such converts both of them every time.
const earliest = (cells: readonly Cell[]): Date =>
  new Date(cells.length === 0 ? 0 : cells.reduce((first, cell) => Math.min(first, cell.first.getTime()), Infinity));
const latest = (cells: readonly Cell[]): Date =>
  new Date(cells.length === 0 ? 0 : cells.reduce((last, cell) => Math.max(last, cell.last.getTime()), -Infinity));

function grouped<T>(items: readonly T[], keyOf: (item: T) => string | null): Map<string | null, T[]> {
  const lists = new Map<string | null, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const list = lists.get(key);
    if (list) list.push(item);
    else lists.set(key, [item]);
  }
  return lists;
}

/** Totals and groups of what was counted; groups without an asked run are left out, unless it is them, or all, that are kept. */
export function summarise(
  cells: readonly Cell[],
  statuses: readonly RunStatus[],
  groupBy: GroupBy | null,
  kept: "asked" | "others" | "all" = "asked",
): Totals {
  const asked = (cell: Cell) => statuses.length === 0 || statuses.includes(cell.status);
  const byStatus: StatusCounts = {};
  for (const cell of cells) byStatus[cell.status] = (byStatus[cell.status] ?? 0) + cell.count;
  const keyOf = keyFor(groupBy);
  const groups = keyOf
    ? [...grouped(groupBy === "signature" ? cells.filter(asked) : cells, keyOf)]
        .map(([key, list]) => toGroup(key ?? "", list, asked))
        .filter(({ count }) => kept === "all" || (kept === "others" ? count === 0 : count > 0))
    : [];
  groups.sort((a, b) => b.count - a.count || b.runs - a.runs || byName(a.key, b.key));
  return { runs: sum(cells), matching: sum(cells.filter(asked)), byStatus, groups };
}

function keyFor(groupBy: GroupBy | null): ((cell: Cell) => string | null) | undefined {
  switch (groupBy) {
    case "pipeline":
      return (cell) => cell.pipeline;
    case "tech":
      return (cell) => cell.tech;
    case "environment":
      return (cell) => cell.environment ?? "";
    case "signature":
      return (cell) => cell.signature ?? "";
    case "status":
      return (cell) => cell.status;
    case "hour":
    case "day":
    case "week":
    case "month":
    case null:
      return undefined;
  }
}

function toGroup(key: string, cells: readonly Cell[], asked: (cell: Cell) => boolean): FactGroup {
  const matching = cells.filter(asked);
  const shown = matching.length > 0 ? matching : cells;
  const byStatus: StatusCounts = {};
  for (const cell of cells) byStatus[cell.status] = (byStatus[cell.status] ?? 0) + cell.count;
  const pipelines = [...grouped(matching, (cell) => cell.pipeline)].map(([pipeline, list]) => ({
    pipeline: pipeline ?? "",
    count: sum(list),
  }));
  return {
    key,
    count: sum(matching),
    runs: sum(cells),
    byStatus,
    first: earliest(shown),
    last: latest(shown),
    techs: [...new Set(cells.map((cell) => cell.tech))].sort(byName),
    pipelines: pipelines.sort((a, b) => b.count - a.count || byName(a.pipeline, b.pipeline)),
    signatures: signatureCounts(matching),
  };
}

export function signatureCounts(cells: readonly Cell[]): SignatureCount[] {
  return [...grouped(cells, (cell) => cell.signature)]
    .map(([signature, list]) => ({
      signature,
      count: sum(list),
      first: earliest(list),
      last: latest(list),
      pipelines: [...new Set(list.map((cell) => cell.pipeline))].sort(byName),
    }))
    .sort((a, b) => b.count - a.count || byName(a.signature ?? "", b.signature ?? ""));
}

/** Null without a value. */
export function durationFacts(values: readonly number[]): DurationFacts | null {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  return {
    count: sorted.length,
    median: medianOf(sorted),
    p95: quantileOf(sorted, 0.95),
    average: sorted.reduce((total, value) => total + value, 0) / sorted.length,
    min: sorted[0] ?? 0,
    max: sorted.at(-1) ?? 0,
  };
}
