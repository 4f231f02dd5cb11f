import { DateTime } from "@flow-rag/kernel";
import type { AnomalySettings } from "./anomaly-settings.js";
import type { Finding } from "./finding.js";
import { createFollower, type ResolvedFinding } from "./follow-findings.js";
import { ownCause, type CauseOf } from "./error-causes.js";
import { groupIncidents, type Incident } from "./group-incidents.js";
import { judgeDay, type ErrorTimes, type JudgedDay, type NotTold } from "./judge-day.js";
import { baselineDays, calendarEndingAt, calendarOf, clockDays, upTo, type Calendar, type RunHistory } from "./run-history.js";
import type { RunSeen } from "./run-seen.js";

/** The one list of a morning: what the local day before showed. Instants are epoch ms. */
export type Morning = {
  /** The judged local day, `2026-05-05`. */
  readonly date: string;
  readonly zone: string;
  /** Half-open: [from, to). A day that is not over ends now. */
  readonly from: number;
  readonly to: number;
  readonly isOver: boolean;
  readonly runs: number;
  readonly pipelines: number;
  readonly incidents: readonly Incident[];
  readonly resolved: readonly ResolvedFinding[];
  /** Pipelines that could not be judged in full, each with the signals concerned. */
  readonly unjudged: readonly Finding[];
  /** Every failed run, unusual or not. */
  readonly failures: readonly RunSeen[];
  readonly notTold: NotTold;
  /** Runs were seen, the status of each was read, none failed or was blocked by a failure, and nothing is unusual. */
  readonly allClear: boolean;
};

type Judging = {
  readonly zone: string;
  readonly errors: ErrorTimes;
  readonly settings: AnomalySettings;
  /** Which errors are one cause; each is its own without it. */
  readonly causeOf?: CauseOf;
};

/** Days that are judged before the asked one, so that what goes on is told from what is new. */
const followedDays = 7;

/** The longest way back to the same day of the month before. */
const monthDays = 31;

/** Days before the first asked one that a history should hold. */
export const historyDays = Math.max(baselineDays, monthDays) + followedDays;

/**
 * The mornings of consecutive local days, one at a time: `first` and the `count - 1` days after it, each as of its end, or as of `now` where that
 * comes first; days that are still to come have none. The 7 days before `first` are judged as well, for the states. `history` should hold
 * `historyDays` before `first`.
 */
export function* listMornings(
  history: RunHistory,
  { first, count, now, ...rest }: Judging & { first: Date; count: number; now: Date },
): Generator<Morning> {
  const { zone } = rest;
  const start = DateTime.fromJSDate(first, { zone }).startOf("day").plus({ hours: 12 });
  const calendars = Array.from({ length: followedDays + count }, (_, index) =>
    calendarOf(start.plus({ days: index - followedDays }).toJSDate(), zone),
  );
  const begun = calendars.filter(({ from }) => from < now.getTime()).map((calendar) => upTo(calendar, now));
  yield* followCalendars(history, begun, rest);
}

/** The same for the `count` days of 24 hours by the clock of which the last ends at `ending`, so that a report includes its night. */
export function* listMorningsEnding(
  history: RunHistory,
  { ending, count, ...rest }: Judging & { ending: Date; count: number },
): Generator<Morning> {
  const { zone } = rest;
  const ends = [...clockDays(ending, zone, followedDays + count - 1), ending.getTime()];
  const calendars = ends.map((end) => calendarEndingAt(new Date(end), zone));
  yield* followCalendars(history, calendars, rest);
}

function* followCalendars(
  history: RunHistory,
  calendars: readonly Calendar[],
  { errors, settings, causeOf = ownCause }: Omit<Judging, "zone">,
): Generator<Morning> {
  const follow = createFollower();
  for (const [index, calendar] of calendars.entries()) {
    const day = judgeDay(history, calendar, errors, settings);
    const { findings, resolved } = follow(day);
    if (index >= followedDays) yield toMorning(day, groupIncidents(findings, causeOf), resolved);
  }
}

function toMorning(day: JudgedDay, incidents: Incident[], resolved: ResolvedFinding[]): Morning {
  const { from, to, dayEnd, zone } = day.calendar;
  return {
    date: DateTime.fromMillis(from, { zone }).toFormat("yyyy-MM-dd"),
    zone,
    from,
    to,
    isOver: to === dayEnd,
    runs: day.runs,
    pipelines: day.ran.size,
    incidents,
    resolved,
    unjudged: day.unjudged,
    failures: day.failures,
    notTold: day.notTold,
    allClear: day.runs > 0 && day.failures.length + incidents.length === 0 && Object.values(day.notTold).every((count) => count === 0),
  };
}
