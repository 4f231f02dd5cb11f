import type { GroupBy } from "../plan/group-words.js";
import { dayMs, localClock, startOfDay, startOfMonths, startOfWeek, type Wall } from "../time/wall-time.js";

/** Hours of eleven years. */
const edgesAtMost = 100_000;

/** Edges of local hours, days, weeks or months that cover [from, to); the outer two are from and to. */
export function bucketEdges(from: Date, to: Date, unit: GroupBy, zone: string): Date[] {
  const clock = localClock(from, zone);
  const edges = [from];
  const start: Wall =
    unit === "week"
      ? startOfWeek(clock.wall)
      : unit === "month"
        ? startOfMonths(clock.wall, 1)
        : unit === "hour"
          ? Math.floor(clock.wall / 3_600_000) * 3_600_000
          : startOfDay(clock.wall);
  for (let step = 1; edges.length < edgesAtMost; step++) {
    // Hours are counted, so that the one that repeats in autumn is two.
    const edge =
      unit === "hour"
        ? new Date(clock.instant(start).getTime() + step * 3_600_000)
        : clock.instant(unit === "month" ? startOfMonths(start, 1, step) : start + step * (unit === "week" ? 7 : 1) * dayMs);
    if (edge >= to) break;
    if (edge > from) edges.push(edge);
  }
  return [...edges, to];
}

/** Index of the first edge after an instant. */
export function upperBound(edges: readonly Date[], instant: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] as Date).getTime() <= instant) low = middle + 1;
    else high = middle;
  }
  return low;
}
