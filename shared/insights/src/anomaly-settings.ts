import { DateTime, parseInstant } from "@flow-rag/kernel";
import { z } from "zod";
import { regressedAfterDays } from "./detect-errors.js";
import type { Calendar } from "./run-history.js";

const pattern = z.string().min(1).max(200);
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 02:30");
const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/**
 * What people may set about anomalies. A pattern is a pipeline's name in which `*` stands for anything; the last that matches wins.
 * `sensitivity`: how sure a finding must be (low: three times as sure, high: a third). Muted pipelines have no findings, their failures are
 * listed all the same. A maintenance window hides what happens to a pipeline in it: every week on `days` from `from` to `to` local time
 * (past midnight when `to` is earlier), or once between two instants.
 */
export const anomalyFields = {
  /** Share of false findings that is accepted among those of one morning, by signal. */
  falseDiscoveryRate: z.number().gt(0).lt(1).default(0.1),
  regressedAfterDays: z.number().int().min(1).max(365).default(regressedAfterDays),
  sensitivity: z.array(z.strictObject({ pipelines: pattern, level: z.enum(["low", "normal", "high"]) })).default([]),
  muted: z.array(pattern).default([]),
  maintenance: z
    .array(
      z.union([
        z.strictObject({ pipelines: pattern, days: z.array(z.enum(weekdays)).min(1), from: clock, to: clock }),
        z.strictObject({ pipelines: pattern, between: z.tuple([z.iso.datetime({ offset: true }), z.iso.datetime({ offset: true })]) }),
      ]),
    )
    .default([]),
};
export const anomalySettings = z.strictObject(anomalyFields).prefault({});
export type AnomalySettings = z.output<typeof anomalySettings>;

export function matchesPattern(name: string, glob: string): boolean {
  const parts = glob.split("*");
  const [head = "", ...rest] = parts;
  if (rest.length === 0) return name === glob;
  if (!name.startsWith(head)) return false;
  let at = head.length;
  const tail = rest.pop() ?? "";
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - tail.length >= at && name.endsWith(tail);
}

/** Factor on the p-values of a pipeline: 3 for low sensitivity, 1/3 for high. */
export function sensitivityFactor(settings: AnomalySettings, pipeline: string): number {
  const level = settings.sensitivity.findLast(({ pipelines }) => matchesPattern(pipeline, pipelines))?.level ?? "normal";
  return { low: 3, normal: 1, high: 1 / 3 }[level];
}

export const isMuted = (settings: AnomalySettings, pipeline: string): boolean =>
  settings.muted.some((glob) => matchesPattern(pipeline, glob));

/** Half-open spans [from, to) in epoch ms in which the pipeline is under maintenance, on the days of the calendar. */
export function maintenanceSpans(
  settings: AnomalySettings,
  pipeline: string,
  { dayStarts, to: end, zone }: Calendar,
): (readonly [from: number, to: number])[] {
  return settings.maintenance.flatMap((window): (readonly [number, number])[] => {
    if (!matchesPattern(pipeline, window.pipelines)) return [];
    if ("between" in window) return [[Date.parse(window.between[0]), Date.parse(window.between[1])]];
    // A day that does not begin at midnight reaches into the date of its end.
    return [...dayStarts, end].flatMap((start): (readonly [number, number])[] => {
      const day = DateTime.fromMillis(start, { zone });
      if (!window.days.some((name) => weekdays.indexOf(name) + 1 === day.weekday)) return [];
      const instant = (date: DateTime, time: string): number =>
        parseInstant(`${date.toFormat("yyyy-MM-dd")}T${time}`, zone)?.getTime() ?? start;
      return [[instant(day, window.from), instant(window.to <= window.from ? day.plus({ days: 1 }) : day, window.to)]];
    });
  });
}
