import { instantOf, isDay } from "./time-expression.js";
import { type Anchor, type Ref, type Span, clockMs, dayOf, spanOf, timeOn } from "./time-ref.js";
import { type LocalClock, type Wall, dayMs, hourMs, minuteMs } from "./wall-time.js";

type Joined = { readonly span: Span; readonly ends: readonly [Span, Span] };

/** From the beginning of one reference to the end of another; each lends the other what it lacks. */
export function join(first: Ref, second: Ref, clock: LocalClock, opener: "none" | "from" | "between"): Joined | undefined | "unrelated" {
  if (first.kind === "time" && second.kind === "time") return "unrelated"; // hour ranges are read elsewhere
  if (first.kind === "time" && !isDay(second)) return "unrelated";
  if (first.kind === "date" && first.month === undefined && second.kind === "month") return "unrelated";
  if (second.kind === "date" && second.month === undefined && first.kind !== "date" && first.kind !== "weekday" && first.kind !== "day")
    return "unrelated";
  if (first.kind === "date" && first.month === undefined && !isDay(second)) return "unrelated";
  const [a, b] = opener === "between" ? inOrder(first, second) : lend(first, second);
  const found = anchored(a, b, clock);
  if (!found) return undefined;
  const [start, end] = found;
  if (start.from === undefined) return undefined;
  const { from } = start;
  const to = isDay(b) && b.time?.kind === "clock" ? b.time : undefined;
  // The minute of a stamp begins the end of a range: until 12:00 is not until 12:01.
  const stamp = b.kind === "span" && b.span.from instanceof Date && instantOf(b.span.to, clock) - b.span.from.getTime() === minuteMs;
  if (stamp && end.from !== undefined && instantOf(end.from, clock) > instantOf(start.from, clock))
    return { span: { from, to: end.from, name: "span" }, ends: [start, end] };
  const until = to && end.from !== undefined && typeof end.from === "number" ? end.from + (to.around ? hourMs / 2 : 0) : end.to;
  if (instantOf(until, clock) > instantOf(from, clock)) return { span: { from, to: until, name: "span" }, ends: [start, end] };
  // "entre cette semaine et la semaine dernière" names the later period first.
  const turned =
    opener !== "none" &&
    (first.kind === "span" || first.kind === "day") &&
    (second.kind === "span" || second.kind === "day" || second.kind === "weekday") &&
    end.from !== undefined;
  return turned ? { span: { from: end.from, to: start.to, name: "span" }, ends: [start, end] } : undefined;
}

/** "entre le 28 et le 22 novembre" names the later day first: both are of November. */
const inOrder = (a: Ref, b: Ref): [Ref, Ref] =>
  a.kind === "date" && b.kind === "date" && a.month === undefined && b.month !== undefined && a.day > b.day
    ? [b, { ...b, day: a.day }]
    : lend(a, b);

/** Month, year and time that only one end says hold for both: "du 3 au 7 novembre 2025", "octobre à décembre 2025". */
function lend(a: Ref, b: Ref): [Ref, Ref] {
  if (a.kind === "date" && b.kind === "date") {
    if (a.month === undefined && b.month !== undefined) {
      const earlier = a.day > b.day;
      const month = earlier ? ((b.month + 10) % 12) + 1 : b.month;
      return [{ ...a, month, ...(b.year !== undefined && { year: earlier && b.month === 1 ? b.year - 1 : b.year }) }, b];
    }
    if (a.month !== undefined && a.year === undefined && b.year !== undefined && b.month !== undefined) {
      const before = a.month < b.month || (a.month === b.month && a.day <= b.day);
      return [{ ...a, year: before ? b.year : b.year - 1 }, b];
    }
  }
  if (a.kind === "month" && b.kind === "month" && a.year === undefined && b.year !== undefined) {
    return [{ ...a, year: a.month <= b.month ? b.year : b.year - 1 }, b];
  }
  return [a, b];
}

/** "between Nov 28 and Nov 22", where the second is to come only next year: the one that was and the first. */
function turnedDates(a: Ref, b: Ref, first: Span, clock: LocalClock): [Span, Span] | undefined {
  if (a.kind !== "date" || b.kind !== "date" || a.year !== undefined || b.year !== undefined) return undefined;
  if (a.month === undefined || b.month === undefined || b.month * 100 + b.day >= a.month * 100 + a.day) return undefined;
  const earlier = spanOf(b, clock);
  if (earlier?.from === undefined || first.from === undefined) return undefined;
  const apart = instantOf(first.from, clock) - instantOf(earlier.from, clock);
  return apart > 0 && apart < halfYear ? [earlier, first] : undefined;
}
const halfYear = 183 * dayMs;

/** Both ends, the second the first after the first one; of weekdays the last such pair that has begun. */
function anchored(a: Ref, b: Ref, clock: LocalClock): [Span, Span] | undefined {
  const pair = (start: Span | undefined, end: Span | undefined): [Span, Span] | undefined => start && end && [start, end];
  if (a.kind === "time" && isDay(b)) {
    const day = dayOf(b, clock);
    if (day === undefined || a.time.kind !== "clock") return undefined;
    const from = day + clockMs(a.time.clock);
    return pair({ from, to: from + hourMs, name: "span" }, spanOf(b, clock));
  }
  if (b.kind === "time") {
    const start = spanOf(a, clock);
    if (!start || typeof start.from !== "number" || b.time.kind !== "clock") return undefined;
    const day = isDay(a) ? dayOf(a, clock) : undefined;
    if (day === undefined) return undefined;
    const at = timeOn(day, b.time).from;
    const to: Wall = at > start.from ? at : at + dayMs;
    return pair(start, { from: to, to, name: "span" });
  }
  if (a.kind === "weekday") {
    const anchor: Anchor = b.kind === "weekday" ? { notAfter: clock.today } : {};
    const endDay = isDay(b) ? dayOf(b, clock, b.kind === "weekday" ? anchor : {}) : undefined;
    const end = spanOf(b, clock, anchor);
    return endDay === undefined ? pair(spanOf(a, clock), end) : pair(spanOf(a, clock, { notAfter: endDay }), end);
  }
  const start = spanOf(a, clock);
  const day = isDay(a) ? dayOf(a, clock) : typeof start?.from === "number" ? start.from : undefined;
  const turned = start && turnedDates(a, b, start, clock);
  if (turned) return turned;
  const later = spanOf(b, clock, day !== undefined && b.kind !== "day" && b.kind !== "span" ? { notBefore: day } : {});
  // "entre hier et lundi" names the later day first: Monday is the one that was.
  const ahead = b.kind === "weekday" && a.kind === "day" && typeof later?.from === "number" && later.from > clock.today;
  return pair(start, ahead ? spanOf(b, clock) : later);
}
