import type { Cell, FactFilter, RunFacts, FoundRun } from "@flow-rag/stores";
import { isWithin } from "../plan/count-bound.js";
import type { Plan, PlanWindow } from "../plan/plan.js";
import type { GroupBy } from "../plan/group-words.js";
import { localClock } from "../time/wall-time.js";
import type { CommonFacts, EarlierFailures, FactGroup, Facts, PipelineState, Totals, TrendBucket } from "./facts.js";
import { firstSeenSince, latestOfGroups } from "./latest-of-groups.js";
import { missingPipelines } from "./missing-pipelines.js";
import { quotedErrors } from "./quoted-errors.js";
import { rateOf } from "./rate.js";
import { durationFacts, signatureCounts, summarise } from "./summarise.js";
import { bucketEdges, upperBound } from "./time-buckets.js";

type Context = { readonly runs: RunFacts; readonly zone: string; readonly now: Date; readonly signal: AbortSignal };
/** Examples and groups that an answer shows at most. */
const shownAtMost = 8;
const statesAtMost = 5;
const streakSeen = 200;
/** Successes that a failure's duration is compared with. */
const successesCompared = 200;
/** Days, hours or weeks whose durations are looked at, the latest ones. */
const periodsAtMost = 400;
/** Hours, days, weeks or months of a curve that are given with the empty ones among them. */
const bucketsAtMost = 2_000;

/** Everything a plan asks for, in as few aggregations as it takes. Zero rows is an answer: nothing is widened. */
export async function collectFacts(plan: Plan, context: Context): Promise<Facts> {
  const { runs, now, signal } = context;
  const groupBy = totalsBy(plan);
  const [cells, compared, latest, extra] = await Promise.all([
    runs.cells(scopeOf(plan, plan.window), signal),
    plan.operation === "compare" && plan.compareWindow ? runs.cells(scopeOf(plan, plan.compareWindow), signal) : undefined,
    runs.latest(now, signal),
    extraFacts(plan, context),
  ]);
  const { statuses } = plan.filters;
  const all = summarise(
    cells,
    statuses,
    groupBy,
    plan.bound || plan.operation === "rate" || comparesNames(plan) ? "all" : plan.without ? "others" : "asked",
  );
  const fresh = plan.only === "new" ? onlyOf(all, await firstSeenSince(all.groups, plan.window?.from ?? null, runs, signal)) : all;
  const { bound } = plan;
  const totals = bound
    ? {
        ...fresh,
        groups: fresh.groups.filter((group) =>
          isWithin(bound, group.count, bound.of === "share" ? rateOf(group, statuses).of : group.runs),
        ),
      }
    : fresh;
  const groups = plan.limit !== null && plan.operation === "top" ? totals.groups.slice(0, plan.limit) : totals.groups;
  const common =
    plan.operation === "explain"
      ? await commonFacts(
          plan,
          cells.filter((cell) => cell.status === "failed"),
          context,
        )
      : undefined;
  const latestRuns =
    plan.operation === "last" && plan.groupBy !== null
      ? await latestOfGroups(plan, cells, { runs, scope: scopeOf(plan, plan.window), shown: plan.limit ?? shownAtMost, signal })
      : undefined;
  const quotes = await quotedErrors(plan, { groups, cells, asked: { ...scopeOf(plan, plan.window), statuses } }, context);
  return {
    ...totals,
    groups,
    groupCount: latestRuns?.length ?? totals.groups.length,
    ...(latestRuns && { latest: latestRuns }),
    dataUntil: latest ?? null,
    ...(compared && { compare: summarise(compared, statuses, groupBy) }),
    ...extra,
    ...(common && { common }),
    quotes,
    samples: [...new Map(quotes.map(({ example }) => [example.id, example])).values()],
  };
}

/** Names that are compared with each other are all told, also the one without a failure. */
const comparesNames = ({ operation, compareWindow }: Plan): boolean => operation === "compare" && compareWindow === null;

const onlyOf = (totals: Totals, groups: readonly FactGroup[]): Totals => ({
  ...totals,
  groups,
  matching: groups.reduce((sum, { count }) => sum + count, 0),
});

/** The window and names of a plan, whatever the status. */
export function scopeOf({ filters }: Plan, window: PlanWindow | null): FactFilter {
  return {
    from: window?.from ?? undefined,
    to: window?.to,
    techs: filters.techs,
    pipelines: filters.pipelines,
    environments: filters.environments,
    excluded: filters.excluded,
    errorText: filters.signatureText ?? undefined,
    minDurationMs: filters.minDurationMs ?? undefined,
    maxDurationMs: filters.maxDurationMs ?? undefined,
  };
}

function totalsBy({ operation, groupBy, without }: Plan): GroupBy | null {
  if (without) return groupBy ?? "pipeline";
  if (operation === "status") return "pipeline";
  if (operation === "compare") return groupBy ?? "pipeline";
  return operation === "count" || operation === "rate" || operation === "list" || operation === "top" || operation === "explain"
    ? groupBy
    : null;
}

async function extraFacts(plan: Plan, context: Context): Promise<Partial<Facts>> {
  const { runs, signal } = context;
  const asked: FactFilter = { ...scopeOf(plan, plan.window), statuses: plan.filters.statuses };
  switch (plan.operation) {
    case "trend":
      return await trend(plan, asked, context);
    case "last":
      return plan.groupBy === null ? { listed: await runs.latestRuns(asked, plan.limit ?? 1, signal) } : {};
    case "first":
      return { listed: await runs.earliestRuns(asked, plan.limit ?? 1, signal) };
    case "duration":
      return await durations(plan, asked, context);
    case "missing":
      return { missing: await missingPipelines(scopeOf(plan, null), plan.window, context) };
    case "status":
      return plan.filters.pipelines.length > 0 ? { states: await states(plan.filters.pipelines, context) } : {};
    case "similar":
      return { listed: await runs.latestRuns({ ...asked, errorText: plan.filters.signatureText ?? undefined }, plan.limit ?? 3, signal) };
    case "list":
      return plan.filters.minDurationMs !== null || plan.filters.maxDurationMs !== null
        ? { listed: await runs.longestRuns(asked, shownAtMost, signal) }
        : listsRuns(plan)
          ? { listed: await runs.latestRuns(asked, shownAtMost, signal) }
          : {};
    case "count":
    case "rate":
    case "top":
    case "compare":
    case "explain":
    case "help":
      return {};
  }
}

/** One pipeline by itself is no list of pipelines: its runs are. */
const listsRuns = ({ filters, groupBy, without, bound, only }: Plan): boolean =>
  groupBy === "pipeline" && filters.pipelines.length === 1 && !without && bound === null && only === null;

async function durations(plan: Plan, asked: FactFilter, context: Context): Promise<Partial<Facts>> {
  const { runs, signal } = context;
  if (plan.groupBy === "hour" || plan.groupBy === "day" || plan.groupBy === "week" || plan.groupBy === "month")
    return await durationsByPeriod(plan, asked, context);
  const by = plan.groupBy === "tech" || plan.groupBy === "environment" || plan.groupBy === "pipeline" ? plan.groupBy : null;
  const rows = await runs.durations(asked, by, signal);
  const duration = durationFacts(rows.map(({ durationMs }) => durationMs));
  const listed = by === null ? await extremeRuns(plan, asked, context) : undefined;
  if (by === null) return { duration, ...(listed && { listed }) };
  const lists = new Map<string, number[]>();
  for (const { key, durationMs } of rows) {
    const list = lists.get(key ?? "");
    if (list) list.push(durationMs);
    else lists.set(key ?? "", [durationMs]);
  }
  const measure = plan.measure === "p95" || plan.measure === "average" ? plan.measure : "median";
  const all = [...lists].flatMap(([key, values]) => {
    const facts = durationFacts(values);
    return facts ? [{ key, ...facts }] : [];
  });
  const order = plan.measure === "fastest" ? -1 : 1;
  all.sort((a, b) => order * (b[measure] - a[measure]) || (a.key < b.key ? -1 : 1));
  return { duration, durations: plan.limit === null ? all : all.slice(0, plan.limit) };
}

/** The longest or the shortest runs, where they are asked for. */
async function extremeRuns({ measure, limit }: Plan, asked: FactFilter, { runs, signal }: Context): Promise<FoundRun[] | undefined> {
  const most = limit ?? 5;
  if (measure === "slowest") return await runs.longestRuns(asked, most, signal);
  return measure === "fastest" ? await runs.shortestRuns(asked, most, signal) : undefined;
}

/** One look at an index for each period that has runs: their edges are local, and those of the stored days are not. */
async function durationsByPeriod(plan: Plan, asked: FactFilter, context: Context): Promise<Partial<Facts>> {
  const { runs, signal } = context;
  const [whole, { buckets }] = await Promise.all([runs.durations(asked, null, signal), trend(plan, asked, context)]);
  const durationBuckets = await Promise.all(
    buckets.slice(-periodsAtMost).map(async ({ from, to, count }) => {
      const rows = count === 0 ? [] : await runs.durations({ ...asked, from, to }, null, signal);
      return { from, to, duration: durationFacts(rows.map(({ durationMs }) => durationMs)) };
    }),
  );
  return { duration: durationFacts(whole.map(({ durationMs }) => durationMs)), durationBuckets };
}

async function trend(
  plan: Plan,
  asked: FactFilter,
  { runs, zone, now, signal }: Context,
): Promise<{ buckets: TrendBucket[]; periods: number }> {
  const scope = scopeOf(plan, plan.window);
  const [rows, [earliest]] = await Promise.all([
    runs.quarters(scope, signal),
    plan.window?.from ? [] : runs.earliestRuns(scope, 1, signal),
  ]);
  const to = plan.window?.to ?? now;
  const from = plan.window?.from ?? earliest?.ts ?? to;
  const edges = bucketEdges(from, to, plan.groupBy ?? "day", zone);
  const buckets = edges.slice(0, -1).map((edge, index) => ({ from: edge, to: edges[index + 1] as Date, count: 0, runs: 0 }));
  const wanted = new Set(asked.statuses);
  for (const { from: quarter, status, count } of rows) {
    // A window may begin within a quarter of an hour; what is counted of that one is in the window.
    const bucket = buckets[Math.max(upperBound(edges, quarter.getTime()) - 1, 0)];
    if (!bucket) continue;
    bucket.runs += count;
    if (wanted.size === 0 || wanted.has(status)) bucket.count += count;
  }
  return { buckets: buckets.length > bucketsAtMost ? buckets.filter((bucket) => bucket.runs > 0) : buckets, periods: buckets.length };
}

async function states(pipelines: readonly string[], { runs, signal, now }: Context): Promise<PipelineState[]> {
  const all = await Promise.all(
    pipelines.slice(0, statesAtMost).map(async (pipeline): Promise<PipelineState | undefined> => {
      const rows = await runs.latestRuns({ pipelines: [pipeline], to: now }, streakSeen, signal);
      const [last] = rows;
      if (!last) return undefined;
      const other = rows.findIndex(({ status }) => status !== last.status);
      const streak = other === -1 ? rows.length : other;
      return {
        pipeline,
        tech: last.tech,
        last,
        streak,
        since: (rows[streak - 1] as FoundRun).ts,
        open: other === -1 && rows.length === streakSeen,
      };
    }),
  );
  return all.filter((state) => state !== undefined);
}

async function commonFacts(plan: Plan, cells: readonly Cell[], { runs, zone, signal }: Context): Promise<CommonFacts | undefined> {
  if (cells.length === 0) return undefined;
  const scope = scopeOf(plan, plan.window);
  const signatures = signatureCounts(cells).flatMap(({ signature }) => signature ?? []);
  const failing = [...new Set(cells.map(({ pipeline }) => pipeline))];
  const [failed, failedRows, successRows, earlier, everywhere] = await Promise.all([
    runs.quarters({ ...scope, statuses: ["failed"] }, signal),
    runs.durations({ ...scope, statuses: ["failed"] }, null, signal),
    runs.latestRuns(
      { pipelines: failing, environments: scope.environments, to: scope.to, statuses: ["success"] },
      successesCompared,
      signal,
    ),
    scope.from && signatures.length > 0
      ? runs.cells({ ...scope, from: undefined, to: scope.from, statuses: ["failed"], signatures }, signal)
      : [],
    scope.from && signatures.length > 0 ? runs.cells({ ...ofAnyName(scope), statuses: ["failed"], signatures }, signal) : [],
  ]);
  const hours = failed.map(({ from }) => new Date(localClock(from, zone).wall).getUTCHours());
  return {
    techs: [...new Set(cells.map(({ tech }) => tech))].sort(),
    environments: [...new Set(cells.flatMap(({ environment }) => environment ?? []))].sort(),
    hours: [Math.min(...hours), Math.max(...hours)],
    failedDuration: durationFacts(failedRows.map(({ durationMs }) => durationMs)),
    successDuration: durationFacts(successRows.flatMap(({ durationMs }) => durationMs ?? [])),
    errors: signatures.length,
    before: together(earlier),
    beforeElsewhere: together(without(everywhere, earlier)),
  };
}

/** Before a scope, and whatever the names: cells that the scope's names leave out differ in a name from those that it has. */
const ofAnyName = ({ from, errorText, minDurationMs, maxDurationMs }: FactFilter): FactFilter => ({
  to: from,
  errorText,
  minDurationMs,
  maxDurationMs,
});

const together = (cells: readonly Cell[]): EarlierFailures | null => {
  const [all] = signatureCounts(cells.map((cell) => ({ ...cell, signature: null })));
  return all ? { count: all.count, last: all.last, pipelines: all.pipelines } : null;
};

/** The cells that are not among others, by what tells them apart. */
function without(cells: readonly Cell[], others: readonly Cell[]): Cell[] {
  const keyOf = ({ tech, pipeline, environment, status, signature }: Cell) =>
    JSON.stringify([tech, pipeline, environment, status, signature]);
  const known = new Set(others.map(keyOf));
  return cells.filter((cell) => !known.has(keyOf(cell)));
}
