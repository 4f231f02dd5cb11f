import { clockDays } from "@flow-rag/insights";
import { DateTime } from "@flow-rag/kernel";
import type { Range } from "./figures.js";
import type { ReportKind } from "./report.js";

const dayMs = 86_400_000;
const mostDays = 31;
const shownDays = 14;
const comparedSpans = { daily: 7, weekly: 1 };

/** The instants a report is about. A span keeps its clock times when it is moved by days, so that it is comparable over a change of the clocks. */
export type ReportSpans = {
  readonly window: Range;
  /** How many days by the clock the window is long, at least one: as many are judged. */
  readonly days: number;
  /** Spans before of the same length, the nearest first. */
  readonly before: readonly Range[];
  /** The days of the pictures, the oldest first; the last one ends with the window. `date` is the local day that it ends on. */
  readonly shown: readonly (Range & { readonly date: string })[];
  /** Begin of the earliest of them. */
  readonly earliest: number;
  /** So many days before the judged ones. */
  readonly historyFrom: (days: number) => number;
};

export function spansOf(kind: ReportKind, window: { from: Date; to: Date }, zone: string): ReportSpans {
  const [from, to] = [window.from.getTime(), window.to.getTime()];
  const days = Math.min(mostDays, Math.max(1, Math.round((to - from) / dayMs)));
  const count = comparedSpans[kind];
  const [starts, ends] = [window.from, window.to].map((instant) => clockDays(instant, zone, count * days));
  const before = Array.from({ length: count }, (_, index): Range => {
    const at = (count - 1 - index) * days;
    return { from: starts?.[at] ?? from, to: ends?.[at] ?? to };
  });
  const marks = [...clockDays(window.to, zone, shownDays), to];
  const shown = marks.slice(1).map((end, index) => ({
    from: marks[index] ?? end,
    to: end,
    date: DateTime.fromMillis(end - 1, { zone }).toFormat("yyyy-MM-dd"),
  }));
  return {
    window: { from, to },
    days,
    before,
    shown,
    earliest: Math.min(from, marks[0] ?? from, ...before.map((span) => span.from)),
    historyFrom: (more) => clockDays(window.to, zone, days + more)[0] ?? from,
  };
}
