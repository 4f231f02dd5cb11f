import { firstInstantAt, localTimeAt } from "@flow-rag/kernel";

/** A local clock's reading as milliseconds, its fields written as if they were UTC: calendar arithmetic without time zones. */
export type Wall = number;

export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

export const wallOf = (year: number, month: number, day: number): Wall => Date.UTC(year, month - 1, day);

/** Year, month 1 to 12 and day of the month. */
export function partsOf(wall: Wall): { year: number; month: number; day: number } {
  const date = new Date(wall);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

export function isDate(year: number, month: number, day: number): boolean {
  const parts = partsOf(wallOf(year, month, day));
  return parts.year === year && parts.month === month && parts.day === day;
}

export const startOfDay = (wall: Wall): Wall => Math.floor(wall / dayMs) * dayMs;
/** 1 Monday to 7 Sunday; 1 January 1970 was a Thursday. */
export const weekdayOf = (wall: Wall): number => ((((Math.floor(wall / dayMs) + 3) % 7) + 7) % 7) + 1;
export const startOfWeek = (wall: Wall): Wall => startOfDay(wall) - (weekdayOf(wall) - 1) * dayMs;

/** The first day of the period of `months` months that holds `wall`, `offset` periods later. */
export function startOfMonths(wall: Wall, months: number, offset = 0): Wall {
  const { year, month } = partsOf(wall);
  const index = Math.floor((month - 1) / months) * months + offset * months;
  return Date.UTC(year, index, 1);
}

/** The same clock reading `months` months away; the last day of the month where the day does not exist there. */
export function addMonths(wall: Wall, months: number): Wall {
  const { day } = partsOf(wall);
  const first = startOfMonths(wall, 1, months);
  const length = Math.round((startOfMonths(first, 1, 1) - first) / dayMs);
  return first + (Math.min(day, length) - 1) * dayMs + (wall - startOfDay(wall));
}

/** Monday of an ISO week; undefined when the year has no such week. Source: ISO 8601, week 1 holds 4 January. */
export function isoWeek(year: number, week: number): Wall | undefined {
  const monday = startOfWeek(wallOf(year, 1, 4)) + (week - 1) * 7 * dayMs;
  return week >= 1 && partsOf(monday + 3 * dayMs).year === year ? monday : undefined;
}

/** A business zone's clock at one instant. */
export type LocalClock = {
  readonly now: Date;
  readonly wall: Wall;
  readonly today: Wall;
  readonly zone: string;
  /** Of two instants with the same reading the earlier; a reading that the clocks skip is the end of the skipped hour. */
  instant(wall: Wall): Date;
};

export function localClock(now: Date, zone: string): LocalClock {
  const wall = localTimeAt(now, zone);
  // One question asks for the same few midnights over and over.
  const found = new Map<Wall, Date>();
  const instant = (reading: Wall): Date => {
    const known = found.get(reading) ?? firstInstantAt(reading, zone);
    found.set(reading, known);
    return new Date(known);
  };
  return { now, wall, today: startOfDay(wall), zone, instant };
}
