import type { RunStatus } from "@flow-rag/contracts";
import { hasEnded, type RunHistory, type RunSeen } from "@flow-rag/insights";
import { medianOf, quantileOf } from "@flow-rag/kernel";
import type { Figures, UsualFigures } from "./report.js";

/** Which pipelines are meant; undefined: all. */
export type Selection = ReadonlySet<string> | undefined;
/** Half-open: [from, to), epoch ms. */
export type Range = { readonly from: number; readonly to: number };

/** The runs of a span, one pipeline after the other. */
export function* runsIn(history: RunHistory, { from, to }: Range, pipelines?: Selection): Generator<RunSeen> {
  for (const { pipeline, runs } of history.values()) {
    if (pipelines && !pipelines.has(pipeline)) continue;
    yield* runs.slice(runs.firstFrom(from), runs.firstFrom(to));
  }
}

export function figuresOf(runs: Iterable<RunSeen>): Figures {
  const byStatus = new Map<RunStatus, number>();
  const durations: number[] = [];
  const pipelines = new Set<string>();
  let [count, ended] = [0, 0];
  for (const run of runs) {
    count += 1;
    byStatus.set(run.status, (byStatus.get(run.status) ?? 0) + 1);
    if (hasEnded(run)) ended += 1;
    if (run.durationMs !== null && run.durationMs >= 0) durations.push(run.durationMs);
    pipelines.add(run.pipeline);
  }
  const failed = byStatus.get("failed") ?? 0;
  return {
    runs: count,
    failed,
    ended,
    succeeded: ended - failed,
    byStatus: Object.fromEntries(byStatus),
    p95Ms: p95Of(durations),
    pipelines: pipelines.size,
  };
}

/** The smallest value that 95 % do not exceed, as in the answers. */
function p95Of(values: readonly number[]): number | null {
  const sorted = Float64Array.from(values).sort();
  return sorted.length === 0 ? null : quantileOf(sorted, 0.95);
}

/** Spans that a week's median needs at least. */
const leastSpans = 3;

/** The medians of the spans that have runs; null when there are fewer than three. */
export function usualOf(spans: readonly Figures[]): UsualFigures | null {
  const seen = spans.filter(({ runs }) => runs > 0);
  if (seen.length < leastSpans) return null;
  const median = (valueOf: (figures: Figures) => number | null): number | null =>
    middleOf(seen.map(valueOf).filter((value) => value !== null));
  return {
    spans: seen.length,
    runs: median(({ runs }) => runs) ?? 0,
    failed: median(({ failed }) => failed) ?? 0,
    successShare: median(successShare),
    p95Ms: median(({ p95Ms }) => p95Ms),
  };
}

/** Ended runs that did not fail among those that ended, 0 to 1; null when none ended. */
export const successShare = ({ succeeded, ended }: Figures): number | null => (ended === 0 ? null : succeeded / ended);

const middleOf = (values: readonly number[]): number | null => (values.length === 0 ? null : medianOf(Float64Array.from(values).sort()));
