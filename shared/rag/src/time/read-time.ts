import { amount } from "./parse-amount.js";
import { parseExpression } from "./parse-expression.js";
import { instantOf, type TimeExpression } from "./time-expression.js";
import { dayOf, spanOf, type Bound, type DayLike, type Ref, type Span, type TimeRef, type WindowName } from "./time-ref.js";
import { wordAt } from "./token-reader.js";
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
  /** True when "et" or "ou" joins it to the window before: both are meant. */
  readonly added?: true;
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
  const found = attachTimes(scan(tokens, clock), clock).map((each) => excluded(tokens, each));
  const unread: string[] = [];
  const windows: TimeWindow[] = [];
  let ends: TimeReading["ends"];
  let previous = -1;
  for (const { expression, start, end, first, next } of found) {
    const added = first > 0 && previous === first - 1 && /^(et|and|ou|or)$/.test(tokens[first - 1]?.text ?? "");
    previous = next;
    const span = expression.kind === "span" ? expression.span : expression.kind === "ref" ? spanOf(expression.ref, clock) : undefined;
    const window = span && toWindow(span, clock, start, end);
    if (!window) unread.push(text.slice(start, end).trim());
    else {
      windows.push(added ? { ...window, added } : window);
      if (expression.kind === "span" && expression.ends) {
        const [a, b] = expression.ends.map((each) => toWindow(each, clock, start, end));
        if (a && b) ends = [a, b];
      }
    }
  }
  const parts = found.flatMap((each) => (each.also ? [each, each.also] : [each]));
  const consumed = new Set(parts.flatMap(({ first, next }) => Array.from({ length: next - first }, (_, offset) => first + offset)));
  return {
    windows,
    ends,
    unread: [...unread, ...negativeCounts(text), ...findUnread(text, tokens, consumed, clock.wall !== now.getTime())],
  };
}

const unitWords = "jours?|heures?|semaines?|mois|ans?|minutes?|days?|hours?|weeks?|months?|years?";
/** "ces -3 derniers jours", "the last -3 days": no such number of them. */
const negative = new RegExp(
  String.raw`(?<=(?<!\p{L})(?:ces|les|last|past|the|des|depuis|since|sur|over)\s{1,3})[-−–]\d+(?:\s(?:derniers?|derni[èe]res?|last|past))?\s(?:${unitWords})(?!\p{L})`,
  "giu",
);
const negativeCounts = (text: string): string[] => [...text.matchAll(negative)].map(([said]) => said);

function scan(tokens: readonly Token[], clock: LocalClock): Found[] {
  const found: Found[] = [];
  for (let index = 0; index < tokens.length;) {
    const length = lengthOf(tokens, index);
    if (length !== undefined) {
      index = length;
      continue;
    }
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

const exceptions = /^(sauf|hors|hormis|excepte|exceptes|exceptee|except|excluding|besides|ni|nor|without|sans|outside)$/;

/** "sauf hier", "hors week-end", "except on Monday": what is left out is no time to answer for, and is told. */
function excluded(tokens: readonly Token[], found: Found): Found {
  const at = (index: number) => tokens[index]?.text ?? "";
  let before = found.first - 1;
  while (
    before > 0 &&
    found.first - before < 3 &&
    /^(le|la|les|l|the|on|in|at|during|pendant|du|de|d|of|for|pour|ce|cette)$/.test(at(before))
  )
    before -= 1;
  const begins = exceptions.test(at(found.first)) ? found.first : before;
  const outside =
    at(before) === "dehors" ||
    (at(before) === "from" && at(before - 1) === "apart") ||
    (at(before) === "than" && at(before - 1) === "other");
  const denied = (at(before) === "pas" && at(before - 1) === "mais") || (at(before) === "not" && at(before - 1) === "but");
  if (begins < 0 || (!exceptions.test(at(begins)) && !outside && !denied)) return found;
  return { ...found, expression: { kind: "impossible" }, start: tokens[begins]?.start ?? found.start, first: begins };
}

/** The index behind "duré 3 heures", "took between 1h and 2h": how long, and no hour of the day. */
function lengthOf(tokens: readonly Token[], index: number): number | undefined {
  if (!/^(dure|durent|durant|pris|prennent|prend|mis|took|take|takes|taking|lasted|lasting|lasts)$/.test(wordAt(tokens, index)))
    return undefined;
  const first = amountAt(tokens, /^(entre|between|de|from|for|pendant)$/.test(wordAt(tokens, index + 1)) ? index + 2 : index + 1);
  if (first === undefined) return undefined;
  return /^(et|and|a|to)$/.test(wordAt(tokens, first)) ? (amountAt(tokens, first + 1) ?? first) : first;
}

const amountAt = (tokens: readonly Token[], index: number): number | undefined => {
  const token = tokens[index];
  if (token?.kind === "clock" && token.text.includes("h") && token.half === undefined) return index + 1;
  return amount(tokens, index)?.next;
};

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
 * adjoining ones and of those that "et" joins ("lundi et mardi"). Undefined when they lie apart, or overlap for no stated reason.
 */
export function mergeWindows(windows: readonly TimeWindow[]): TimeWindow | undefined {
  const [first, ...others] = [...windows].sort((a, b) => startOf(a) - startOf(b) || b.to.getTime() - a.to.getTime());
  if (!first) return undefined;
  return others.reduce<TimeWindow | undefined>((merged, next) => {
    if (!merged || startOf(next) > merged.to.getTime()) return undefined;
    // "hier soir et cette nuit" is both, though one holds the other.
    const both = next.added === true || merged.added === true;
    const inside = next.to <= merged.to;
    if (inside && !both) return next;
    const place = { name: "span", start: Math.min(merged.start, next.start), end: Math.max(merged.end, next.end) } as const;
    if (both || startOf(next) === merged.to.getTime()) return { from: merged.from, to: inside ? merged.to : next.to, ...place };
    // "depuis lundi … jusqu'à hier": what both say.
    return isOpen(merged) || isOpen(next) ? { from: next.from, to: merged.to, ...place } : undefined;
  }, first);
}

const isOpen = ({ name }: TimeWindow): boolean => name === "since" || name === "before";

const startOf = ({ from }: TimeWindow): number => from?.getTime() ?? -Infinity;
