import { anomalySettings, collectHistory, errorTimesOf, listMornings, type FindingKind } from "@flow-rag/insights";
import { zone } from "./anomaly-data.js";
import { calmKinds, type CalmKind } from "./calm-fleets.js";
import { dayMs, daysFrom, makeFleet } from "./fleet.js";

const settings = anomalySettings.parse({});

export type FleetSize = { readonly pipelines: number; readonly seeds: readonly number[]; readonly days: number };
/** False findings of mornings on which nothing was wrong, those that go on from the day before among them. */
export type FalseFindings = {
  readonly mornings: number;
  /** Per 100 pipelines and morning. */
  readonly perHundred: ReadonlyMap<FindingKind, number>;
  /** Share of the mornings with a false finding of a test, by its kind: what the accepted rate promises. */
  readonly withTest: ReadonlyMap<FindingKind, number>;
};

/** Days of past from which a pipeline is judged, and those up to which its past is called short. */
const firstJudged = 5;
const shortPast = 20;

/** The mornings of a kind of fleet, those with a short past (5 to 19 days) and the others apart. */
export async function falseFindingsOf(
  kind: CalmKind,
  { pipelines, seeds, days: count }: FleetSize,
): Promise<{ short: FalseFindings; long: FalseFindings }> {
  const tallies = { short: createTally(pipelines), long: createTally(pipelines) };
  for (const seed of seeds) {
    const days = daysFrom(kind.first ?? "2026-04-01", count);
    const history = await collectHistory([...makeFleet(kind.habit, { pipelines, days, seed }).values()].flat());
    const first = Math.max(firstJudged, (kind.judgedFrom ?? 0) - 1);
    const options = { first: new Date((days[first]?.from ?? 0) + dayMs / 2), count: count - first, now: new Date(8.64e15), zone, settings };
    let index = first;
    for (const { incidents } of listMornings(history, { ...options, errors: errorTimesOf(history) })) {
      const found = incidents.flatMap(({ findings }) => findings);
      if (index >= (kind.judgedFrom ?? 0)) (index < shortPast ? tallies.short : tallies.long).add(found);
      index += 1;
    }
  }
  return { short: tallies.short.result(), long: tallies.long.result() };
}

function createTally(pipelines: number) {
  let mornings = 0;
  const counts = new Map<FindingKind, number>();
  const tested = new Map<FindingKind, number>();
  return {
    add(found: readonly { kind: FindingKind; pValue: number | null }[]): void {
      mornings += 1;
      for (const { kind } of found) counts.set(kind, (counts.get(kind) ?? 0) + 1);
      for (const kind of new Set(found.filter(({ pValue }) => pValue !== null).map((one) => one.kind)))
        tested.set(kind, (tested.get(kind) ?? 0) + 1);
    },
    result: (): FalseFindings => ({
      mornings,
      perHundred: new Map([...counts].map(([kind, number]) => [kind, (100 * number) / mornings / pipelines])),
      withTest: new Map([...tested].map(([kind, number]) => [kind, number / mornings])),
    }),
  };
}

export type EvalSize = "quick" | "usual" | "full";
const sizes: Readonly<Record<EvalSize, readonly FleetSize[]>> = {
  quick: [{ pipelines: 100, seeds: [1], days: 45 }],
  usual: [{ pipelines: 100, seeds: [1, 2], days: 60 }],
  full: [
    { pipelines: 100, seeds: [1, 2, 3, 4, 5], days: 90 },
    { pipelines: 1_000, seeds: [1], days: 60 },
  ],
};
/** Findings by kind; those of a test promise a share of mornings too. */
const columns: readonly FindingKind[] = [
  "missing_run",
  "failure_rate",
  "consecutive_failures",
  "new_error",
  "regressed_error",
  "duration",
  "volume",
];
const mostPerHundred = 1;

/**
 * A row for each calm kind, size of fleet and length of past: false findings per 100 pipelines and morning by detector, and in brackets the
 * share of mornings with one of a test. `missed`: what is above 1 per 100.
 */
export async function calmRows(size: EvalSize): Promise<{ table: Record<string, string | number>[]; missed: string[] }> {
  const table: Record<string, string | number>[] = [];
  const missed: string[] = [];
  for (const fleet of sizes[size]) {
    for (const kind of calmKinds) {
      const { short, long } = await falseFindingsOf(kind, fleet);
      for (const [past, found] of [
        ["5-19 days", short],
        ["20 days on", long],
      ] as const) {
        if (found.mornings === 0) continue;
        const cell = (column: FindingKind): string => {
          const value = found.perHundred.get(column);
          if (value === undefined) return "-";
          const mornings = found.withTest.get(column);
          return `${value.toFixed(2)}${mornings === undefined ? "" : ` (${(100 * mornings).toFixed(0)} %)`}`;
        };
        const cells = Object.fromEntries(columns.map((column) => [column, cell(column)]));
        table.push({ "nothing wrong": kind.name, pipelines: fleet.pipelines, past, mornings: found.mornings, ...cells });
        for (const [column, value] of found.perHundred)
          if (value > mostPerHundred) missed.push(`${kind.name}, ${fleet.pipelines} pipelines, ${past}: ${column} ${value.toFixed(2)}`);
      }
    }
  }
  return { table, missed };
}
