import { medianOf } from "@flow-rag/kernel";
import { medianDeviation } from "./statistics.js";

/** A duration within this many scales, or this many ms, of the median is not worth waking up for. See `docs/decisions/2026-11-21-short-durations.md`. */
const floorScales = 3;
export const floorMs = 5_000;
/** Without a floor a constant series makes every millisecond an event. A share of the median. */
const floorShare = 0.05;

/** Durations of past successes and how far they scatter. All in ms, ascending; only what is longer than `limit` is looked at. */
export type DurationPast = { readonly sorted: Float64Array; readonly median: number; readonly scale: number; readonly limit: number };

export function durationPastOf(durations: readonly number[]): DurationPast {
  const sorted = Float64Array.from(durations).sort();
  const median = medianOf(sorted);
  const scale = Math.max(medianDeviation(sorted), floorShare * median);
  // The absolute part is a limit and no scatter: as a scatter it hid a check of 0.5 s that took 20 s.
  return { sorted, median, scale, limit: median + Math.max(floorScales * scale, floorMs) };
}

/** The scale of the logarithms of a past's durations. */
export const logScaleOf = ({ median, scale }: DurationPast): number => Math.log1p(Math.max(floorShare, scale / Math.max(1, median)));

/** How many of the past's scales a duration is above its median, both of logarithms. */
export const scalesAbove = (past: DurationPast, duration: number): number =>
  Math.log(Math.max(1, duration) / Math.max(1, past.median)) / logScaleOf(past);
