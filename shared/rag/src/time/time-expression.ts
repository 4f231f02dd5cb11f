import type { Bound, DayLike, Ref, Span } from "./time-ref.js";
import type { Read } from "./token-reader.js";
import type { LocalClock } from "./wall-time.js";

/** A window as the question says it. `ends` are the two periods of "between A and B", which a comparison looks at one by one. */
export type TimeExpression =
  | { readonly kind: "span"; readonly span: Span; readonly ends?: readonly [Span, Span] }
  | { readonly kind: "ref"; readonly ref: Ref }
  /** Speaks of time, and is none: 31 February. */
  | { readonly kind: "impossible" };

export const asSpan = (span: Span | undefined, next: number, ends?: readonly [Span, Span]): Read<TimeExpression> => ({
  value: span ? { kind: "span", span, ...(ends && { ends }) } : { kind: "impossible" },
  next,
});

export const instantOf = (bound: Bound, clock: LocalClock): number => (typeof bound === "number" ? clock.instant(bound) : bound).getTime();

export const isDay = (ref: Ref): ref is DayLike => ref.kind === "day" || ref.kind === "weekday" || ref.kind === "date";

/** A period that was read, as one end of a longer phrase. */
export const span = (value: Span, next: number): Read<Ref> => ({ value: { kind: "span", span: value }, next });
