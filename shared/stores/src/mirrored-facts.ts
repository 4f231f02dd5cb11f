import type { RunStatus, UnreadStatus } from "@flow-rag/contracts";
import { toCells } from "./mirrored-cells.js";
import type { MirrorState } from "./mirrored-days.js";
import {
  addKinds,
  byPlace,
  countKinds,
  toFound,
  type KindCount,
  type MirroredDay,
  type MirroredRun,
  type RunKind,
} from "./mirrored-run.js";
import { exampleLength, quarterMs, sortUnread, type ErrorKind, type FoundRun, type RunFigures } from "./run-figures.js";
import { errorPattern, sourcesOf, type FactFilter, type RunLimits } from "./run-filter.js";

type Selection = {
  /** Half-open, epoch ms. */
  readonly from: number;
  readonly to: number;
  /** Runs are told apart by their kind and instant alone. */
  readonly kindsOnly: boolean;
  /** Every kind passes. */
  readonly everyKind: boolean;
  readonly hasKind: (kind: RunKind) => boolean;
  readonly has: (run: MirroredRun) => boolean;
};

/**
 * The figures of `createRunFacts` over runs in memory, in the order of their days. A pass over 100,000 runs takes a few milliseconds; whole
 * days have been counted before.
 */
export function mirroredFigures(
  { days, counted, names }: Pick<MirrorState, "days" | "counted" | "names">,
  limits: readonly RunLimits[],
): RunFigures {
  const select = (filter: FactFilter): Selection => selectionOf([filter, ...limits]);
  /** Runs that have a duration, by it; of equal ones the latest first. */
  const timed = (filter: FactFilter, order: (a: number, b: number) => number, limit: number) =>
    [...upwards(days, select(filter))]
      .filter(({ durationMs }) => durationMs !== null && durationMs >= 0)
      .sort((a, b) => order(a.durationMs as number, b.durationMs as number) || byPlace(b, a))
      .slice(0, limit)
      .map(toFound);
  return {
    async cells(filter) {
      const selection = select(filter);
      const among = days.filter((day) => overlaps(day, selection));
      const whole = selection.kindsOnly ? among.filter((day) => covers(selection, day)) : [];
      if (whole.length === among.length && selection.everyKind) return counted(whole).cells();
      const counts = addKinds(new Map<RunKind, KindCount>(), counted(whole).kinds(), selection.hasKind);
      for (const day of among.filter((each) => !whole.includes(each)))
        addKinds(counts, countKinds(day.runs, { ...within(day, selection), passes: selection.has }));
      return toCells(counts);
    },
    async errorKinds(filter) {
      const kinds = new Map<string, { runs: MirroredRun[] }>();
      for (const run of upwards(days, select(filter))) {
        const { signature } = run.kind;
        if (signature === null) continue;
        const kind = kinds.get(signature);
        if (kind) kind.runs.push(run);
        else kinds.set(signature, { runs: [run] });
      }
      return [...kinds]
        .map(([signature, { runs }]) => toErrorKind(signature, runs))
        .sort((a, b) => b.count - a.count || (a.signature < b.signature ? -1 : 1));
    },
    async pipelines(filter) {
      const found = new Map<string, { tech: string; count: number; first: number; last: number }>();
      for (const { kind, at } of upwards(days, select(filter))) {
        const row = found.get(kind.pipeline);
        if (!row) found.set(kind.pipeline, { tech: kind.tech, count: 1, first: at, last: at });
        else {
          row.tech = kind.tech;
          row.count++;
          row.last = at;
        }
      }
      return [...found].map(([pipeline, { tech, count, first, last }]) => ({
        pipeline,
        tech,
        count,
        first: new Date(first),
        last: new Date(last),
      }));
    },
    latestRuns: async (filter, limit) => take(downwards(days, select(filter)), limit).map(toFound),
    earliestRuns: async (filter, limit) => take(upwards(days, select(filter)), limit).map(toFound),
    latestOfTexts: async (filter) => latestOfTexts(downwards(days, select(filter))),
    longestRuns: async (filter, limit) => timed(filter, (a, b) => b - a, limit),
    shortestRuns: async (filter, limit) => timed(filter, (a, b) => a - b, limit),
    async durations(filter, by) {
      const rows: { key: string | null; durationMs: number }[] = [];
      for (const { kind, durationMs } of upwards(days, select(filter)))
        if (durationMs !== null && durationMs >= 0) rows.push({ key: by === null ? null : kind[by], durationMs });
      return rows;
    },
    async quarters(filter) {
      const counts = new Map<number, Map<RunStatus, number>>();
      for (const { kind, at } of upwards(days, select(filter))) {
        const from = at - (((at % quarterMs) + quarterMs) % quarterMs);
        const quarter = counts.get(from) ?? new Map<RunStatus, number>();
        counts.set(from, quarter.set(kind.status, (quarter.get(kind.status) ?? 0) + 1));
      }
      return [...counts].flatMap(([from, statuses]) => [...statuses].map(([status, count]) => ({ from: new Date(from), status, count })));
    },
    async unreadStatuses(filter) {
      const selection = select(filter);
      const among = days.filter((day) => overlaps(day, selection));
      const whole = selection.kindsOnly ? among.filter((day) => covers(selection, day)) : [];
      const rows = new Map<string, UnreadStatus>();
      const add = ({ source, pipeline, unread: word, signature }: RunKind, count: number): void => {
        if (word === null) return;
        const key = JSON.stringify([source, pipeline, word]);
        const { runs, withError } = rows.get(key) ?? { runs: 0, withError: 0 };
        rows.set(key, { source, pipeline, word, runs: runs + count, withError: withError + (signature === null ? 0 : count) });
      };
      for (const [kind, { count }] of counted(whole).kinds()) if (selection.hasKind(kind)) add(kind, count);
      const parts = whole.length === 0 ? among : among.filter((day) => !whole.includes(day));
      for (const { kind } of upwards(parts, selection)) add(kind, 1);
      return sortUnread([...rows.values()]);
    },
    catalogue: async () => names(sourcesOf(limits)),
    async latest(now) {
      const upTo = new Date(now.getTime() + 1); // a filter's end is not part of it
      const [run] = take(downwards(days, selectionOf([{ sources: sourcesOf(limits), to: upTo }])), 1);
      return run && new Date(run.at);
    },
  };
}

/** Where the runs begin that all the filters let pass, epoch ms; -Infinity without a bound. */
export const beginOf = (filters: readonly Pick<FactFilter, "from">[]): number =>
  Math.max(...filters.map(({ from }) => from?.getTime() ?? -Infinity));

function selectionOf(filters: readonly (FactFilter & RunLimits)[]): Selection {
  const passes = filters.flatMap(kindTests);
  const runTests = filters.flatMap(runTest);
  const kindPasses = passes.length === 0 ? () => true : (kind: RunKind) => passes.every((pass) => pass(kind));
  return {
    from: beginOf(filters),
    to: Math.min(...filters.map(({ to }) => to?.getTime() ?? Infinity)),
    kindsOnly: runTests.length === 0,
    everyKind: passes.length === 0,
    hasKind: kindPasses,
    has: runTests.length === 0 ? ({ kind }) => kindPasses(kind) : (run) => kindPasses(run.kind) && runTests.every((passed) => passed(run)),
  };
}

/** What a filter asks of a run's kind, what most fail first; nothing for what it leaves open. */
function kindTests(filter: FactFilter & RunLimits): ((kind: RunKind) => boolean)[] {
  const { statuses, techs, pipelines, environments, signatures, excluded, sources } = filter;
  const isAmong = (field: keyof RunKind, values: readonly (string | null)[] | undefined, wanted: boolean) => {
    if (values === undefined || values.length === 0) return [];
    const [only] = values;
    if (values.length === 1) return [(kind: RunKind) => (kind[field] === only) === wanted];
    const set = new Set(values);
    return [(kind: RunKind) => set.has(kind[field]) === wanted];
  };
  return [
    ...isAmong("signature", signatures, true),
    ...isAmong("pipeline", pipelines, true),
    ...isAmong("status", statuses, true),
    ...isAmong("tech", techs, true),
    ...isAmong("environment", environments, true),
    ...isAmong("tech", excluded?.techs, false),
    ...isAmong("pipeline", excluded?.pipelines, false),
    ...isAmong("environment", excluded?.environments, false),
    // An empty list of sources is none of them; of the others, no restriction.
    ...(sources ? [({ source }: RunKind) => sources.includes(source)] : []),
  ];
}

function runTest({ errorText, minDurationMs, maxDurationMs }: FactFilter): ((run: MirroredRun) => boolean)[] {
  const pattern = errorText ? new RegExp(errorPattern(errorText), "iu") : undefined;
  return [
    ...(pattern ? [({ error }: MirroredRun) => error !== null && pattern.test(error)] : []),
    ...(minDurationMs === undefined ? [] : [({ durationMs }: MirroredRun) => durationMs !== null && durationMs > minDurationMs]),
    ...(maxDurationMs === undefined
      ? []
      : [({ durationMs }: MirroredRun) => durationMs !== null && durationMs >= 0 && durationMs < maxDurationMs]),
  ];
}

const overlaps = (day: MirroredDay, { from, to }: Selection): boolean => day.to > from && day.from < to;

/** Whether every run of the day is within the selection's bounds. */
function covers({ from, to }: Selection, { runs }: MirroredDay): boolean {
  const [first, last] = [runs[0], runs.at(-1)];
  return first !== undefined && last !== undefined && from <= first.at && last.at < to;
}

/** Where the runs of a day begin and end that are within the selection's bounds. */
const within = ({ runs }: MirroredDay, { from, to }: Selection): { begin: number; end: number } => ({
  begin: placeOf(runs, from),
  end: placeOf(runs, to),
});

function* upwards(days: readonly MirroredDay[], selection: Selection): Generator<MirroredRun> {
  for (const day of days) {
    if (!overlaps(day, selection)) continue;
    const { begin, end } = within(day, selection);
    for (let index = begin; index < end; index++) {
      const run = day.runs[index] as MirroredRun;
      if (selection.has(run)) yield run;
    }
  }
}

function* downwards(days: readonly MirroredDay[], selection: Selection): Generator<MirroredRun> {
  for (const day of days.toReversed()) {
    if (!overlaps(day, selection)) continue;
    const { begin, end } = within(day, selection);
    for (let index = end - 1; index >= begin; index--) {
      const run = day.runs[index] as MirroredRun;
      if (selection.has(run)) yield run;
    }
  }
}

/** Index of the first run at or after an instant. */
function placeOf(runs: readonly MirroredRun[], at: number): number {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((runs[middle] as MirroredRun).at < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function take(runs: Iterable<MirroredRun>, limit: number): MirroredRun[] {
  const taken: MirroredRun[] = [];
  if (limit <= 0) return taken;
  for (const run of runs) if (taken.push(run) >= limit) break;
  return taken;
}

/** Of the runs, the latest first, the first one of each error text of each cell; kinds that differ in what cells do not tell apart are one. */
function latestOfTexts(runs: Iterable<MirroredRun>): FoundRun[] {
  const seen = new Map<RunKind, Set<string | null>>();
  const latest = new Map<string, MirroredRun>();
  for (const run of runs) {
    const texts = seen.get(run.kind) ?? new Set();
    if (texts.has(run.error)) continue;
    seen.set(run.kind, texts.add(run.error));
    const { tech, pipeline, environment, status, signature } = run.kind;
    const key = JSON.stringify([tech, pipeline, environment, status, signature, run.error]);
    if (!latest.has(key)) latest.set(key, run);
  }
  return [...latest.values()].map(toFound);
}

function toErrorKind(signature: string, runs: readonly MirroredRun[]): ErrorKind {
  const names = (field: "pipeline" | "tech" | "environment") =>
    [...new Set(runs.map(({ kind }) => kind[field]))].filter((name) => name !== null).sort();
  const [first, last] = [runs[0] as MirroredRun, runs.at(-1) as MirroredRun];
  return {
    signature,
    example: (first.error ?? "").slice(0, exampleLength),
    count: runs.length,
    first: new Date(first.at),
    last: new Date(last.at),
    pipelines: names("pipeline"),
    techs: names("tech"),
    environments: names("environment"),
  };
}
