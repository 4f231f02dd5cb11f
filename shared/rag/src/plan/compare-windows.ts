import { readTime } from "../time/read-time.js";
import type { WindowName } from "../time/time-ref.js";
import type { PlanWindow } from "./plan.js";
import { addMonths, dayMs, localClock, minuteMs, startOfDay, startOfMonths, type Wall } from "../time/wall-time.js";

type Bare = Omit<PlanWindow, "label">;

/** The window of the same kind just before: the day before a day, the month before a month, the same part of last week for "this week". */
export function precedingWindow({ from, to, name, stated }: Bare, zone: string): Bare {
  const clock = localClock(to, zone);
  const wallOf = (instant: Date): Wall => localClock(instant, zone).wall;
  if (from === null) return { from, to, name, stated };
  const [start, end] = [wallOf(from), wallOf(to)];
  const shifted = (move: (wall: Wall) => Wall): Bare => ({
    from: clock.instant(move(start)),
    to: clock.instant(move(end)),
    name: "span",
    stated,
  });
  if (name === "thisWeek" || name === "lastWeek" || name === "weekend") return shifted((wall) => wall - 7 * dayMs);
  const months = monthsIn(start, end, name);
  if (months > 0) return shifted((wall) => addMonths(wall, -months));
  const days = Math.max(1, Math.ceil((end - start) / dayMs));
  if (typeof name === "string") return shifted((wall) => wall - days * dayMs);
  return { from: new Date(from.getTime() - (to.getTime() - from.getTime())), to: from, name: "span", stated };
}

export function weekBefore({ from, to, stated }: Bare, zone: string): Bare {
  const clock = localClock(to, zone);
  const back = (instant: Date) => clock.instant(localClock(instant, zone).wall - 7 * dayMs);
  return { from: from && back(from), to: back(to), name: "span", stated };
}

function monthsIn(start: Wall, end: Wall, name: WindowName): number {
  if (name === "thisMonth") return 1;
  if (name === "thisQuarter") return 3;
  if (name === "thisYear") return 12;
  if (startOfMonths(start, 1) !== start || startOfMonths(end, 1) !== end) return 0;
  return Math.max(0, Math.round((end - start) / (30.4 * dayMs)));
}

/** What is compared with a reference: "par rapport à la semaine dernière" speaks of this week, "par rapport à hier" of today. */
export function usualWindow(reference: Bare, now: Date, zone: string): Bare {
  const current: Partial<Record<Extract<WindowName, string>, string>> = {
    yesterday: "aujourd'hui",
    dayBefore: "hier",
    lastWeek: "cette semaine",
    lastMonth: "ce mois-ci",
    lastQuarter: "ce trimestre",
    lastYear: "cette année",
  };
  const phrase = typeof reference.name === "string" ? current[reference.name] : undefined;
  const [window] = phrase === undefined ? [] : readTime(phrase, now, zone).windows;
  if (window) return { from: window.from, to: window.to, name: window.name, stated: true };
  const clock = localClock(now, zone);
  const length = reference.from === null ? dayMs : reference.to.getTime() - reference.from.getTime();
  const from = length >= dayMs - 60 * minuteMs ? clock.instant(startOfDay(clock.wall - length + dayMs)) : new Date(now.getTime() - length);
  return { from, to: now, name: "span", stated: true };
}
