import { DateTime, Info, Interval, type Zone } from "luxon";
import { AppError } from "./errors.js";

export { DateTime, Interval };

const minuteMs = 60_000;
const dayMs = 86_400_000;

function zoneOf(name: string): Zone {
  const zone = Info.normalizeZone(name);
  if (!zone.isValid) throw new AppError("misconfigured", "unknown time zone; accepted: an IANA name such as Europe/Paris");
  return zone;
}

/** Asking a zone costs ten microseconds, and one question asks for the same few days a dozen times. */
const offsets = new Map<string, Map<number, number>>();
/** Since then every zone's clock changes at a full minute. */
const fullMinutesSince = Date.UTC(1975);
const minutesKept = 10_000;

/** Minutes that a zone's clock is ahead of UTC. */
function offsetAt(instant: number, zone: Zone): number {
  if (instant < fullMinutesSince || !Number.isFinite(instant)) return zone.offset(instant);
  let known = offsets.get(zone.name);
  if (!known || known.size >= minutesKept) offsets.set(zone.name, (known = new Map<number, number>()));
  const minute = Math.floor(instant / minuteMs);
  const offset = known.get(minute) ?? zone.offset(minute * minuteMs);
  known.set(minute, offset);
  return offset;
}

/**
 * What a zone's clock shows at an instant, its fields written as if they were UTC.
 * @throws AppError `misconfigured` when the zone is unknown.
 */
export const localTimeAt = (instant: Date, zone: string): number =>
  instant.getTime() + offsetAt(instant.getTime(), zoneOf(zone)) * minuteMs;

/**
 * What a zone's clock shows at an instant, to the minute: `2026-05-05 07:25`. The platform's formatters take a millisecond to make and
 * 2 MB to keep: what is asked for by each question is written from this.
 * @throws AppError `misconfigured` when the zone is unknown.
 */
export const localReading = (instant: Date, zone: string): string =>
  new Date(localTimeAt(instant, zone)).toISOString().slice(0, 16).replace("T", " ");

/**
 * The date of a zone's calendar at an instant: `2026-05-05`.
 * @throws AppError `misconfigured` when the zone is unknown.
 */
export const localDay = (instant: Date, zone: string): string => localReading(instant, zone).slice(0, 10);

/**
 * The instant at which a local clock shows `localMs` (its fields written as if they were UTC).
 *
 * Luxon resolves an ambiguous time with the offset in force when it is asked, so one text would mean two instants in summer and in winter.
 * Here the first of two wins, and a time that the clocks skip moves on by the skipped hour. Source: "compatible" in ECMAScript Temporal.
 */
function instantOf(localMs: number, zone: Zone): number {
  const [dayBefore, dayAfter] = [offsetAt(localMs - dayMs, zone), offsetAt(localMs + dayMs, zone)];
  const before = localMs - dayBefore * minuteMs;
  if (dayBefore === dayAfter) return before; // the clocks did not change; asking a zone is the costly part
  const after = localMs - dayAfter * minuteMs;
  const shows = (instant: number): boolean => instant + offsetAt(instant, zone) * minuteMs === localMs;
  const readings = [before, after].filter(shows);
  return readings.length > 0 ? Math.min(...readings) : before;
}

/**
 * The first instant at which a zone's clock shows `localMs`, its fields written as if they were UTC, or a later time: of two instants with
 * this reading the earlier, and for a time that the clocks skip the end of the skipped hour.
 * @throws AppError `misconfigured` when the zone is unknown.
 */
export function firstInstantAt(localMs: number, zone: string): Date {
  const resolved = zoneOf(zone);
  let [at, instant] = [localMs, instantOf(localMs, resolved)];
  while (instant + offsetAt(instant, resolved) * minuteMs !== at) {
    at = Math.floor(at / minuteMs) * minuteMs + minuteMs;
    instant = instantOf(at, resolved);
  }
  return new Date(instant);
}

const isoLike =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?(?: ?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?)?$/i;
const basicDate = /^(\d{4})(\d{2})(\d{2})(?=$|T)/;

function offsetMinutes(text: string): number | undefined {
  if (!/^[+-]/.test(text)) return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(":", "") || 0);
  if (hours > 18 || minutes > 59) return undefined;
  return (text.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

/**
 * The instant an ISO-like text names: `2026-05-05T07:25:00.123+02:00`, `2026-05-05 07:25`, `2026-05-05`, `20260505T072500Z`.
 * Without an offset it is read in `zone`; a date alone is 00:00. Of two readings (the hour that repeats in autumn) the earlier is
 * meant; a time that does not exist (the hour skipped in spring) moves on by the skipped hour.
 *
 * Shape: undefined when the text has another form or names no date, as 2026-02-30.
 * @throws AppError `misconfigured` when the zone is unknown.
 */
export function parseInstant(text: string, zone: string): Date | undefined {
  const resolved = zoneOf(zone);
  const match = isoLike.exec(text.trim().replace(basicDate, "$1-$2-$3"));
  if (!match) return undefined;
  const [, year = "", month = "", day = "", hour = "0", minute = "0", second = "0", fraction = "", offsetText] = match;
  const dateMs = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // Date.UTC rolls 31 February over into March, and reads years below 100 as 19xx.
  const date = new Date(dateMs);
  if (date.getUTCFullYear() !== Number(year) || date.getUTCMonth() + 1 !== Number(month) || date.getUTCDate() !== Number(day))
    return undefined;
  const endOfDay = hour === "24" && Number(minute) === 0 && Number(second) === 0;
  if ((Number(hour) > 23 && !endOfDay) || Number(minute) > 59 || Number(second) > 59) return undefined;
  const timeMs = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000 + Number(fraction.slice(0, 3).padEnd(3, "0"));
  if (offsetText === undefined) return new Date(instantOf(dateMs + timeMs, resolved));
  const offset = offsetMinutes(offsetText);
  return offset === undefined ? undefined : new Date(dateMs + timeMs - offset * minuteMs);
}

/**
 * The first instant of the local day that holds `instant`: 00:00, or the end of the skipped hour where the clocks skip midnight.
 * @throws AppError `misconfigured` when the zone is unknown.
 */
export function startOfLocalDay(instant: Date, zone: string): Date {
  const resolved = zoneOf(zone);
  const localMs = localTimeAt(instant, zone);
  return new Date(instantOf(Math.floor(localMs / dayMs) * dayMs, resolved));
}
