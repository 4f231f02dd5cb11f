import type { ClockTime } from "./tokenize.js";
import {
  addMonths,
  dayMs,
  hourMs,
  isDate,
  minuteMs,
  partsOf,
  startOfMonths,
  wallOf,
  weekdayOf,
  type LocalClock,
  type Wall,
} from "./wall-time.js";
import type { Unit } from "./vocabulary.js";

/** Which phrase a window was, as far as its wording differs from its dates. */
export type WindowName =
  | "today"
  | "yesterday"
  | "dayBefore"
  | "tomorrow"
  | "morning"
  | "afternoon"
  | "evening"
  | "night"
  | "weekend"
  | "thisWeek"
  | "lastWeek"
  | "thisMonth"
  | "lastMonth"
  | "thisQuarter"
  | "lastQuarter"
  | "thisYear"
  | "lastYear"
  | "since"
  | "before"
  | "allTime"
  | "span"
  | { readonly last: number; readonly unit: Unit };

/** An end of a window: a local reading, or an instant where hours are counted instead of read from a clock. */
export type Bound = Wall | Date;

/** Half-open; `from` undefined means without a beginning. `whole` is where a period that is still going on ends by the calendar. */
export type Span = { readonly from: Bound | undefined; readonly to: Bound; readonly name: WindowName; readonly whole?: Wall };

export type DayPart = "morning" | "noon" | "afternoon" | "evening" | "midnight" | "night";
/** A time of the day that waits for its day. */
export type TimeRef =
  | { readonly kind: "clock"; readonly clock: ClockTime; readonly around: boolean }
  | { readonly kind: "part"; readonly part: DayPart }
  | { readonly kind: "range"; readonly from: ClockTime; readonly to: ClockTime }
  | { readonly kind: "before" | "after"; readonly clock: ClockTime };

type Day = { readonly time?: TimeRef };
/** A period, or as much of one as was said: what is missing comes from now, or from the other end of a range. */
export type Ref =
  | { readonly kind: "span"; readonly span: Span }
  | (Day & { readonly kind: "day"; readonly day: Wall; readonly name: WindowName })
  | (Day & { readonly kind: "weekday"; readonly weekday: number })
  | (Day & { readonly kind: "date"; readonly day: number; readonly month?: number; readonly year?: number; readonly weekday?: number })
  | { readonly kind: "month"; readonly month: number; readonly year?: number; readonly slice?: Slice }
  | { readonly kind: "time"; readonly time: TimeRef };
export type DayLike = Extract<Ref, { kind: "day" | "weekday" | "date" }>;

/** A part of a longer period: a third, or the nth run of so many days. */
export type Slice = "early" | "middle" | "late" | { readonly days: number; readonly nth: number };

/** Where what is missing is looked for: before now, at the latest on a day, or at the earliest on one. */
export type Anchor = { readonly notAfter?: Wall; readonly notBefore?: Wall };

export const clockMs = ({ hour, minute }: ClockTime): number => hour * hourMs + minute * minuteMs;

const partHours: Record<DayPart, readonly [number, number]> = {
  morning: [0, 12],
  noon: [12, 14],
  afternoon: [12, 18],
  evening: [18, 24],
  midnight: [0, 1],
  night: [18, 36],
};

/** The window of a time on a day; hour ranges may end on the next one. */
export function timeOn(day: Wall, time: TimeRef): { from: Wall; to: Wall } {
  switch (time.kind) {
    case "part": {
      const [from, to] = partHours[time.part];
      return { from: day + from * hourMs, to: day + to * hourMs };
    }
    case "clock": {
      const at = day + clockMs(time.clock);
      if (time.around) return { from: at - hourMs / 2, to: at + hourMs / 2 };
      return { from: at, to: at + (time.clock.exact ? minuteMs : hourMs) };
    }
    case "range": {
      const [from, to] = [clockMs(time.from), clockMs(time.to)];
      return { from: day + from, to: day + to + (to <= from ? dayMs : 0) };
    }
    case "before":
      return { from: day, to: day + clockMs(time.clock) };
    case "after":
      return { from: day + clockMs(time.clock), to: day + dayMs };
  }
}

/** The day a reference means; undefined when there is no such day. */
export function dayOf(ref: DayLike, clock: LocalClock, anchor: Anchor = {}): Wall | undefined {
  if (ref.kind === "day") return ref.day;
  if (ref.kind === "weekday") {
    if (anchor.notBefore !== undefined) return anchor.notBefore + ((ref.weekday - weekdayOf(anchor.notBefore) + 7) % 7) * dayMs;
    const latest = anchor.notAfter ?? clock.today - dayMs;
    return latest - ((weekdayOf(latest) - ref.weekday + 7) % 7) * dayMs;
  }
  const found = dateOf(ref, clock, anchor);
  return found !== undefined && ref.weekday !== undefined && weekdayOf(found) !== ref.weekday ? undefined : found;
}

/** February 29 comes back after four years, or eight. */
const yearsTried = 9;

function dateOf(ref: Extract<Ref, { kind: "date" }>, { today }: LocalClock, { notAfter = today, notBefore }: Anchor): Wall | undefined {
  const { day, month, year } = ref;
  const fits = (wall: Wall) => (notBefore !== undefined ? wall >= notBefore : wall <= notAfter);
  const forward = notBefore !== undefined;
  const start = partsOf(notBefore ?? notAfter);
  if (month === undefined) {
    for (let step = 0; step < 12; step++) {
      const parts = partsOf(startOfMonths(wallOf(start.year, start.month, 1), 1, forward ? step : -step));
      if (isDate(parts.year, parts.month, day) && fits(wallOf(parts.year, parts.month, day))) return wallOf(parts.year, parts.month, day);
    }
    return undefined;
  }
  if (year !== undefined) return isDate(year, month, day) ? wallOf(year, month, day) : undefined;
  for (let step = 0; step < yearsTried; step++) {
    const candidate = start.year + (forward ? step : -step);
    if (isDate(candidate, month, day) && fits(wallOf(candidate, month, day))) return wallOf(candidate, month, day);
  }
  return undefined;
}

/** A part of [from, to): thirds of a month are ten days, of other periods equal shares in whole days or months. */
export function sliced(from: Wall, to: Wall, slice: Slice): { from: Wall; to: Wall } {
  if (typeof slice === "object") {
    const { days, nth } = slice;
    if (nth < 0) return { from: Math.max(from, to + nth * days * dayMs), to };
    const start = from + (nth - 1) * days * dayMs;
    return { from: start, to: nth > 1 && days * nth >= 28 ? to : Math.min(start + days * dayMs, to) };
  }
  const days = Math.round((to - from) / dayMs);
  const month = (count: number) => addMonths(from, count);
  const [first, second] =
    days > 300
      ? slice === "middle"
        ? [month(4), month(8)]
        : [month(3), month(9)]
      : days > 31
        ? [month(1), month(2)]
        : days > 7
          ? [from + 10 * dayMs, from + 20 * dayMs]
          : [from + 2 * dayMs, from + 4 * dayMs];
  return slice === "early" ? { from, to: first } : slice === "middle" ? { from: first, to: second } : { from: second, to };
}

/** The window of a reference; undefined when nothing of the kind exists, as 31 February. */
export function spanOf(ref: Ref, clock: LocalClock, anchor: Anchor = {}): Span | undefined {
  switch (ref.kind) {
    case "span":
      return ref.span;
    case "month": {
      const from = monthOfRef(ref, clock, anchor);
      const whole = { from, to: startOfMonths(from, 1, 1) };
      return { ...(ref.slice ? sliced(whole.from, whole.to, ref.slice) : whole), name: "span" };
    }
    case "time":
      return { ...timeOn(latestDayFor(ref.time, clock), ref.time), name: "span" };
    case "day":
    case "weekday":
    case "date": {
      const day = dayOf(ref, clock, anchor);
      if (day === undefined) return undefined;
      if (ref.time) return untilNow({ ...timeOn(day, ref.time), name: "span" }, clock, ref.time.kind === "part");
      const name = ref.kind === "day" ? ref.name : "span";
      return untilNow({ from: day, to: day + dayMs, name }, clock, name === "today");
    }
  }
}

/** Ends a period that is still going on now, when it was named by its relation to now. */
export const untilNow = <Kind extends { from: Wall; to: Wall; name: WindowName }>(span: Kind, clock: LocalClock, relative = true): Span =>
  relative && span.from < clock.wall && span.to > clock.wall ? { ...span, to: clock.now, whole: span.to } : span;

/** A time without a day is today's when it has begun, else yesterday's. */
function latestDayFor(time: TimeRef, { wall, today }: LocalClock): Wall {
  if (time.kind === "before") return today;
  return timeOn(today, time).from <= wall ? today : today - dayMs;
}

function monthOfRef(
  { month, year }: Extract<Ref, { kind: "month" }>,
  { today }: LocalClock,
  { notAfter = today, notBefore }: Anchor,
): Wall {
  if (year !== undefined) return wallOf(year, month, 1);
  const start = partsOf(notBefore ?? notAfter);
  if (notBefore !== undefined) return wallOf(start.year + (month < start.month ? 1 : 0), month, 1);
  return wallOf(start.year - (month > start.month ? 1 : 0), month, 1);
}
