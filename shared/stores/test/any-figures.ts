import { runStatus, type Run } from "@flow-rag/contracts";
import { sampleRun as run } from "@flow-rag/testing";
import fc from "fast-check";
import type { FactFilter, RunFacts, RunLimits } from "../src/index.js";

const signal = new AbortController().signal;
export const origin = Date.UTC(2026, 4, 1);
export const hour = 3_600_000;

const named = (name: string) => name.replace(/^./, (letter) => letter.toUpperCase());
const pipelines = ["orders", "crm", "stock", "a.b"];
export const anyRun = (recordId: number): fc.Arbitrary<Run> =>
  fc
    .record({
      source: fc.constantFrom("flows", "other"),
      pipeline: fc.constantFrom(...pipelines),
      status: fc.constantFrom(...runStatus.options),
      hours: fc.integer({ min: -30, max: 100 }),
      environment: fc.constantFrom("prod", "preprod", null),
      durationMs: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 5 })),
      error: fc.constantFrom(null, null, "Mémoire pleine (3.5 Go)", "timeout after 30s", "[a](b) ^x$ TIMEOUT"),
    })
    .map(({ hours, error, pipeline, ...fields }) =>
      run(String(recordId), {
        ...fields,
        pipeline,
        tech: named(pipeline),
        error,
        ts: new Date(origin + hours * hour),
        signature: error && `sig-${error.length}`,
      }),
    );
const some = <T>(...values: T[]) => fc.option(fc.subarray(values), { nil: undefined });
const bound = fc.option(
  fc.integer({ min: -40, max: 110 }).map((hours) => new Date(origin + hours * hour)),
  { nil: undefined },
);
export const anyFilter: fc.Arbitrary<FactFilter> = fc.record({
  from: bound,
  to: bound,
  statuses: some(...runStatus.options),
  techs: some(...pipelines.map(named)),
  pipelines: some(...pipelines),
  environments: some("prod", "preprod"),
  signatures: some("sig-17", "sig-23"),
  excluded: fc.option(fc.record({ pipelines: fc.subarray(pipelines), techs: fc.subarray(["Crm"]), environments: fc.subarray(["prod"]) }), {
    nil: undefined,
  }),
  errorText: fc.constantFrom(undefined, undefined, "memoire", "timeout", "^x$", "(3.5"),
  minDurationMs: fc.constantFrom(undefined, undefined, 2),
  maxDurationMs: fc.constantFrom(undefined, undefined, 4),
});
export const anyLimits: fc.Arbitrary<RunLimits> = fc.record({
  from: bound,
  sources: some("flows", "other", "nobody"),
  statuses: some("failed"),
});

/** Every figure there is, in an order that does not depend on who computed it. */
export async function allOf(facts: RunFacts, filter: FactFilter) {
  const sorted = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row, Object.keys(row as object).sort())).sort();
  // Which of the runs with an error lends it as the example is not said.
  const kinds = (await facts.errorKinds(filter, signal)).map(({ example: _any, ...kind }) => kind);
  return {
    cells: sorted(await facts.cells(filter, signal)),
    kinds,
    pipelines: sorted(await facts.pipelines(filter, signal)),
    latest: await facts.latestRuns(filter, 7, signal),
    earliest: await facts.earliestRuns(filter, 7, signal),
    ofCells: sorted(await facts.latestOfTexts(filter, signal)),
    longest: await facts.longestRuns(filter, 7, signal),
    shortest: await facts.shortestRuns(filter, 7, signal),
    durations: sorted(await facts.durations(filter, "pipeline", signal)),
    total: sorted(await facts.durations(filter, null, signal)),
    quarters: sorted(await facts.quarters(filter, signal)),
    catalogue: await facts.catalogue(signal),
    unread: await facts.unreadStatuses(filter, signal),
    until: await facts.latest(filter.to ?? new Date(8e15), signal),
  };
}
