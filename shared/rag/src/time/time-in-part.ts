import { bareHours } from "./parse-bare-hours.js";
import { parseTimeOfDay } from "./parse-clock.js";
import type { DayPart, TimeRef } from "./time-ref.js";
import type { Read } from "./token-reader.js";
import type { ClockTime, Token } from "./tokenize.js";

type Tokens = readonly Token[];
/** "lundi matin à 8h", "cet après-midi à 3h": the reading that stands behind a part of the day, in that part. */
export function timeInPart(tokens: Tokens, index: number, part: DayPart): Read<TimeRef> | undefined {
  const read = parseTimeOfDay(tokens, index) ?? bareHours(tokens, index);
  return read && inPart(read, part);
}

/** A reading of the clock in a part of the day: 8 in the evening is 20:00. */
export function inPart(read: Read<TimeRef>, part: DayPart): Read<TimeRef> | undefined {
  if (read.value.kind === "part") return undefined;
  const late = part === "afternoon" || part === "evening";
  const moved = (clock: ClockTime): ClockTime => (late && clock.hour < 12 && clock.hour > 0 ? { ...clock, hour: clock.hour + 12 } : clock);
  const { value, next } = read;
  return {
    value: value.kind === "range" ? { ...value, from: moved(value.from), to: moved(value.to) } : { ...value, clock: moved(value.clock) },
    next,
  };
}
