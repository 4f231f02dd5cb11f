import { endedStatuses, type RunDimension, type RunFilter, type RunMetric } from "@flow-rag/contracts";
import type { Db, Document } from "mongodb";
import { quantileRank } from "@flow-rag/kernel";
import { readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";
import { matchOf } from "./run-list.js";

/** One line of a result: the dimensions' values, then the metrics'; null where there is nothing to compute from. */
export type MetricRow = Readonly<Record<string, string | number | null>>;
export type RunMetrics = ReturnType<typeof createRunMetrics>;
type Question = { filter: RunFilter; metrics: readonly RunMetric[]; dimensions: readonly RunDimension[]; zone: string };
/** Values of the dimensions, in their order. */
type Group = { readonly _id: Readonly<Record<string, unknown>> };

/** More than anybody reads; a coarser question is the better answer. */
const maxGroups = 50_000;

const inStatus = (...statuses: string[]): Document => ({ $sum: { $cond: [{ $in: ["$status", statuses] }, 1, 0] } });
const duration = { $cond: [{ $gte: ["$durationMs", 0] }, "$durationMs", null] };
/** What is summed up for each metric. Percentiles are read apart. */
const accumulators: Readonly<Record<RunMetric, Document>> = {
  runs: { runs: { $sum: 1 } },
  failures: { failures: inStatus("failed") },
  successes: { successes: inStatus("success") },
  failure_rate: { failures: inStatus("failed"), ended: inStatus(...endedStatuses) },
  pipelines: { pipelines: { $addToSet: "$pipeline" } },
  duration_avg: { duration_avg: { $avg: duration } },
  duration_min: { duration_min: { $min: duration } },
  duration_max: { duration_max: { $max: duration } },
  duration_sum: { duration_sum: { $sum: duration } },
  duration_p50: {},
  duration_p95: {},
  records_processed: { records_processed: { $sum: "$recordsProcessed" } },
  last_run: { last_run: { $max: "$ts" } },
};
const percentiles = { duration_p50: 0.5, duration_p95: 0.95 } as const satisfies Partial<Record<RunMetric, number>>;

/** Figures over runs in a closed grammar, computed by the database: names of ours become expressions of ours, and nothing else does. */
export const createRunMetrics = (db: Db) => {
  const runs = db.collection("runs");
  return {
    /** Groups in the order of their dimensions' values; a single line without dimensions, even of no run. */
    async query({ filter, metrics, dimensions, zone }: Question, signal: AbortSignal): Promise<MetricRow[]> {
      const match = { $match: matchOf(filter) };
      const keys = Object.fromEntries(dimensions.map((dimension) => [dimension, keyOf(dimension, zone)]));
      const options = { ...readOptions(signal), allowDiskUse: true };
      const sums = Object.assign({ runs: { $sum: 1 } }, ...metrics.map((metric) => accumulators[metric])) as Document;
      const groups = await runs
        .aggregate<Group & Document>([match, { $group: { _id: keys, ...sums } }, { $limit: maxGroups }], options)
        .toArray()
        .catch(toStoreError);
      const durations = metrics.some((metric) => metric in percentiles) ? await readDurations(match, keys) : undefined;
      if (groups.length === 0 && dimensions.length === 0)
        groups.push({ _id: {}, runs: 0, failures: 0, successes: 0, ended: 0, pipelines: [] });
      return groups
        .map((group) => toRow(group, { metrics, dimensions, durations: durations?.get(nameOf(group)) ?? [] }))
        .sort((a, b) => compareBy(dimensions, a, b));

      /** Each distinct duration of a group with how often it occurs: exact, and far fewer than the runs. */
      async function readDurations(first: Document, id: Document): Promise<Map<string, (readonly [ms: number, count: number])[]>> {
        const found = new Map<string, (readonly [number, number])[]>();
        const stages = [
          first,
          { $match: { durationMs: { $gte: 0 } } },
          { $group: { _id: { ...id, ms: "$durationMs" }, count: { $sum: 1 } } },
        ];
        try {
          for await (const { _id, count } of runs.aggregate<Group & { count: number }>(stages, options)) {
            const { ms, ...rest } = _id;
            const name = nameOf({ _id: rest });
            const known = found.get(name);
            if (known) known.push([Number(ms), Number(count)]);
            else found.set(name, [[Number(ms), Number(count)]]);
          }
        } catch (error) {
          toStoreError(error);
        }
        for (const list of found.values()) list.sort(([a], [b]) => a - b);
        return found;
      }
    },
  };
};

function keyOf(dimension: RunDimension, timezone: string): unknown {
  const text = (format: string) => ({ $dateToString: { date: "$ts", format, timezone } });
  const spans: Partial<Record<RunDimension, unknown>> = {
    hour: text("%Y-%m-%dT%H:00%z"),
    day: text("%Y-%m-%d"),
    week: text("%G-W%V"),
    month: text("%Y-%m"),
    weekday: { $isoDayOfWeek: { date: "$ts", timezone } },
    hour_of_day: { $hour: { date: "$ts", timezone } },
  };
  return spans[dimension] ?? `$${dimension}`;
}

const nameOf = ({ _id }: Group): string => JSON.stringify(Object.values(_id).map((value) => value ?? null));

function toRow(
  group: Group & Document,
  {
    metrics,
    dimensions,
    durations,
  }: { metrics: readonly RunMetric[]; dimensions: readonly RunDimension[]; durations: readonly (readonly [number, number])[] },
): MetricRow {
  const values = dimensions.map((dimension): [string, string | number | null] => {
    const value = group._id[dimension] ?? null;
    return [dimension, typeof value === "number" ? value : value === null ? null : `${value as string}`];
  });
  return Object.fromEntries([...values, ...metrics.map((metric) => [metric, valueOf(metric, group, durations)] as const)]);
}

function valueOf(metric: RunMetric, group: Document, durations: readonly (readonly [number, number])[]): string | number | null {
  if (metric === "failure_rate") return Number(group["ended"]) > 0 ? Number(group["failures"]) / Number(group["ended"]) : null;
  if (metric === "pipelines") return (group["pipelines"] as unknown[]).length;
  if (metric === "duration_p50" || metric === "duration_p95") return quantileOfCounted(durations, percentiles[metric]);
  if (metric === "last_run") return (group["last_run"] as Date | null | undefined)?.toISOString() ?? null;
  const value = group[metric] as number | null | undefined;
  return value === null || value === undefined ? null : Number(value);
}

/** Of ascending durations that each occurred so often; null of none. */
function quantileOfCounted(durations: readonly (readonly [ms: number, count: number])[], share: number): number | null {
  let left = quantileRank(
    durations.reduce((sum, [, count]) => sum + count, 0),
    share,
  );
  return durations.find(([, count]) => (left -= count) < 0)?.[0] ?? null;
}

function compareBy(dimensions: readonly RunDimension[], a: MetricRow, b: MetricRow): number {
  for (const dimension of dimensions) {
    const [left, right] = [a[dimension] ?? null, b[dimension] ?? null];
    if (left === right) continue;
    if (left === null || right === null) return left === null ? 1 : -1;
    return left < right ? -1 : 1;
  }
  return 0;
}
