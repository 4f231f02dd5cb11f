import { bareDay } from "./bare-number.js";
import { parseTimeOfDay } from "./parse-clock.js";
import { parseDay } from "./parse-day.js";
import { span } from "./time-expression.js";
import { type Ref, type Span, type WindowName, clockMs, dayOf, untilNow, timeOn } from "./time-ref.js";
import { type Read, phrase, skip, wordAt, words } from "./token-reader.js";
import type { Token } from "./tokenize.js";
import { type LocalClock, type Wall, dayMs, hourMs } from "./wall-time.js";

type Tokens = readonly Token[];
/** "cette nuit à 3h", "last night between 1 and 3am": the hours before noon belong to the morning. */
export function timeInNight(tokens: Tokens, read: Read<Ref>, evening: Wall, clock: LocalClock): Read<Ref> {
  const time = parseTimeOfDay(tokens, read.next);
  if (!time || time.value.kind === "part") return read;
  const hour = time.value.kind === "range" ? time.value.from.hour : time.value.clock.hour;
  if (time.value.kind === "before" || time.value.kind === "after") {
    const at = evening + (hour < 12 ? dayMs : 0) + clockMs(time.value.clock);
    const whole = timeOn(evening, { kind: "part", part: "night" });
    const part = time.value.kind === "before" ? { from: whole.from, to: at } : { from: at, to: whole.to };
    return part.from < part.to ? span(untilNow({ ...part, name: "span" }, clock), time.next) : read;
  }
  return { value: { kind: "day", day: hour < 12 ? evening + dayMs : evening, name: "span", time: time.value }, next: time.next };
}

const nightOf = (clock: LocalClock, evening: Wall, name: WindowName): Span =>
  untilNow({ ...timeOn(evening, { kind: "part", part: "night" }), name }, clock);

/** A night begins at 18:00 and ends at noon: `cette nuit`, `last night`, `la nuit de lundi à mardi`, `la nuit du 3 au 4 mai`. */
export function night(tokens: Tokens, index: number, clock: LocalClock): Read<Ref> | undefined {
  const { today, wall } = clock;
  const start = skip(tokens, index, words("la l the dans in pendant during au cours de du d of sur for over pour"), 4);
  const before = phrase(tokens, start, "nuit before last", "avantderniere nuit", "nuit precedent");
  if (before !== undefined) return span(nightOf(clock, today - 2 * dayMs, "span"), before);
  const last = phrase(
    tokens,
    start,
    "nuit derniere",
    "nuit passe",
    "derniere nuit",
    "last nuit",
    "precedent nuit",
    "overnight",
    "yesterday nuit",
    "hier nuit",
  );
  if (last !== undefined) return timeInNight(tokens, span(nightOf(clock, today - dayMs, "night"), last), today - dayMs, clock);
  const evening = wall - today >= 18 * hourMs ? today : today - dayMs;
  const tonight = phrase(tokens, start, "tonight");
  if (tonight !== undefined) return span(nightOf(clock, wall - today < 6 * hourMs ? today - dayMs : today, "night"), tonight);
  const this_ = phrase(tokens, start, "cette nuit", "this nuit", "ce nuit");
  if (this_ !== undefined) return timeInNight(tokens, span(nightOf(clock, evening, "night"), this_), evening, clock);
  const word = phrase(tokens, start, "nuit");
  if (word === undefined) return undefined;
  const opener = skip(tokens, word, words("de du d of from le the entre between"), 2);
  const first = opener > word ? parseDay(tokens, opener, clock) : undefined;
  if (first) {
    const joiner = tokens[first.next]?.kind === "hyphen" || /^(a|au|to|et|and)$/.test(wordAt(tokens, first.next));
    const second = joiner
      ? (parseDay(tokens, skip(tokens, first.next + 1, words("le the"), 1), clock) ?? bareDay(tokens, first.next + 1))
      : undefined;
    const morning = second && dayOf(second.value, clock);
    if (second && morning !== undefined) return span(nightOf(clock, morning - dayMs, "span"), second.next);
    const day = dayOf(first.value, clock);
    if (day !== undefined) return span(nightOf(clock, day, "span"), first.next);
  }
  const bare = bareDay(tokens, opener);
  if (bare && opener > word) {
    const second = /^(a|au|to|et|and)$/.test(wordAt(tokens, bare.next))
      ? (parseDay(tokens, bare.next + 1, clock) ?? bareDay(tokens, bare.next + 1))
      : undefined;
    const morning = second && dayOf(second.value, clock);
    if (second && morning !== undefined) return span(nightOf(clock, morning - dayMs, "span"), second.next);
  }
  const said = skip(tokens, index, words("la the de dans during in pendant"), 3) > index && /^(la|the)$/.test(wordAt(tokens, word - 2));
  return said ? span(nightOf(clock, evening, "night"), word) : undefined;
}
