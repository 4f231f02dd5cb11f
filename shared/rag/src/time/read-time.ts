import { parseExpression } from "./parse-expression.js";
import { instantOf, type TimeExpression } from "./time-expression.js";
import { dayOf, spanOf, type Bound, type DayLike, type Ref, type Span, type TimeRef, type WindowName } from "./time-ref.js";
import { tokenize, type Token } from "./tokenize.js";
import { findUnread } from "./unread-time.js";
import { localClock, type LocalClock } from "./wall-time.js";

/** Half-open [from, to); `from` null is without a beginning. `start` and `end` are where the question says it. */
export type TimeWindow = {
  readonly from: Date | null;
  readonly to: Date;
  readonly name: WindowName;
  readonly start: number;
  readonly end: number;
};
export type TimeReading = {
  /** In the order of the question. Two of them are a comparison, or not understood as one time. */
  readonly windows: readonly TimeWindow[];
  /** The two periods that "between A and B" names, for a comparison of them. */
  readonly ends: readonly [TimeWindow, TimeWindow] | undefined;
  /** Words about time that were not understood, as they were written. */
  readonly unread: readonly string[];
};

type Found = {
  readonly expression: TimeExpression;
  readonly start: number;
  readonly end: number;
  readonly first: number;
  readonly next: number;
  readonly also?: Found;
};

/**
 * The windows that a question names, in French or English, in a business zone. Pure.
 * `masks` are parts of the text that are names: nothing in them is a time.
 */
export function readTime(text: string, now: Date, zone: string, masks: readonly (readonly [number, number])[] = []): TimeReading {
  const clock = localClock(now, zone);
  const tokens = tokenize(text, masks);
  const found = attachTimes(scan(tokens, clock), clock);
  const unread: string[] = [];
  const windows: TimeWindow[] = [];
  let ends: TimeReading["ends"];
  for (const { expression, start, end } of found) {
    const span = expression.kind === "span" ? expression.span : expression.kind === "ref" ? spanOf(expression.ref, clock) : undefined;
    const window = span && toWindow(span, clock, start, end);
    if (!window) unread.push(text.slice(start, end).trim());
    else {
      windows.push(window);
      if (expression.kind === "span" && expression.ends) {
        const [a, b] = expression.ends.map((each) => toWindow(each, clock, start, end));
        if (a && b) ends = [a, b];
      }
    }
  }
  const parts = found.flatMap((each) => (each.also ? [each, each.also] : [each]));
  const consumed = new Set(parts.flatMap(({ first, next }) => Array.from({ length: next - first }, (_, offset) => first + offset)));
  return { windows, ends, unread: [...unread, ...findUnread(text, tokens, consumed)] };
}

function scan(tokens: readonly Token[], clock: LocalClock): Found[] {
  const found: Found[] = [];
  for (let index = 0; index < tokens.length;) {
    const read = parseExpression(tokens, index, clock);
    if (!read) {
      index += 1;
      continue;
    }
    const [first, last] = [tokens[index] as Token, tokens[read.next - 1] as Token];
    found.push({ expression: read.value, start: first.start, end: last.end, first: index, next: read.next });
    index = read.next;
  }
  return found;
}

/** "Hier, quels échecs entre 2h et 6h ?": a time of the day that stands apart belongs to the one day that is named. */
function attachTimes(found: readonly Found[], clock: LocalClock): Found[] {
  const times = found.filter(({ expression }) => expression.kind === "ref" && expression.ref.kind === "time");
  const days = found.filter(({ expression }) => dayRef(expression) !== undefined);
  const [time, day] = [times[0], days[0]];
  if (!time || !day || times.length > 1 || days.length > 1) return [...found];
  const ref = dayRef(day.expression) as DayLike;
  if (ref.time !== undefined || dayOf(ref, clock) === undefined) return [...found];
  const joined: Ref = { ...ref, time: ((time.expression as { ref: Ref }).ref as { time: TimeRef }).time };
  const both: Found = { ...day, expression: { kind: "ref", ref: joined }, also: time };
  return found.filter((each) => each !== time).map((each) => (each === day ? both : each));
}

const dayRef = (expression: TimeExpression): DayLike | undefined =>
  expression.kind === "ref" && (expression.ref.kind === "day" || expression.ref.kind === "weekday" || expression.ref.kind === "date")
    ? expression.ref
    : undefined;

function toWindow(span: Span, clock: LocalClock, start: number, end: number): TimeWindow | undefined {
  const at = (bound: Bound) => new Date(instantOf(bound, clock));
  const from = span.from === undefined ? null : at(span.from);
  const to = at(span.to);
  return from === null || from < to ? { from, to, name: span.name, start, end } : undefined;
}

/**
 * The one window that several phrases mean together: the narrowest of nested ones ("cette nuit … entre 2h et 4h"), or all of
 * adjoining ones ("lundi et mardi"). Undefined when they lie apart.
 */
export function mergeWindows(windows: readonly TimeWindow[]): TimeWindow | undefined {
  const [first, ...others] = [...windows].sort((a, b) => startOf(a) - startOf(b) || b.to.getTime() - a.to.getTime());
  if (!first) return undefined;
  return others.reduce<TimeWindow | undefined>((merged, next) => {
    if (!merged || startOf(next) > merged.to.getTime()) return undefined;
    if (next.to <= merged.to) return next;
    return { from: merged.from, to: next.to, name: "span", start: Math.min(merged.start, next.start), end: Math.max(merged.end, next.end) };
  }, first);
}

const startOf = ({ from }: TimeWindow): number => from?.getTime() ?? -Infinity;
