import { z } from "zod";
import { sourceName } from "./records.js";
import { runStatus } from "./runs.js";

/**
 * What may be computed over runs. Durations in milliseconds, over the runs that have one; `failure_rate` is failures by runs that ended as
 * success, failed or warning, 0 to 1. Percentiles are by nearest rank.
 */
export const runMetric = z.enum([
  "runs",
  "failures",
  "successes",
  "failure_rate",
  "pipelines",
  "duration_avg",
  "duration_min",
  "duration_max",
  "duration_sum",
  "duration_p50",
  "duration_p95",
  "records_processed",
  "last_run",
]);
export type RunMetric = z.output<typeof runMetric>;

/** What figures may be broken down by. `hour` to `month` are spans of time, `hour_of_day` is 0 to 23, `weekday` 1 (Monday) to 7. */
export const runDimension = z.enum([
  "source",
  "pipeline",
  "tech",
  "status",
  "environment",
  "owner",
  "signature",
  "hour",
  "day",
  "week",
  "month",
  "weekday",
  "hour_of_day",
]);
export type RunDimension = z.output<typeof runDimension>;

const names = z.array(z.string().min(1).max(200)).min(1).max(100);

/** Which runs are meant: half-open window [from, to) and any of the listed values. What is left out does not restrict. */
export const runFilter = z.strictObject({
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  sources: z.array(sourceName).min(1).max(100).optional(),
  pipelines: names.optional(),
  techs: names.optional(),
  statuses: z.array(runStatus).min(1).max(10).optional(),
  environments: names.optional(),
  signatures: names.optional(),
  /** Text that the error contains, whatever its case. */
  error: z.string().min(1).max(200).optional(),
  /** Milliseconds: longer than, shorter than. */
  min_duration: z.number().min(0).max(1e12).optional(),
  max_duration: z.number().min(0).max(1e12).optional(),
});
export type RunFilter = z.output<typeof runFilter>;
