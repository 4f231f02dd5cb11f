import type { Doubt } from "@flow-rag/contracts";
import type { FactFilter, FoundRun, RunRow, StoredSignature } from "@flow-rag/stores";
import type { ReportDeps } from "../src/build-report.js";

export type TestRun = RunRow & { readonly error: string | null; readonly rawStatus?: string };

/** Runs in memory that answer as the stores do. */
export function memoryStores(runs: readonly TestRun[], doubts: readonly Doubt[] = []): ReportDeps {
  const failuresBefore = (before: Date) => runs.filter(({ status, at }) => status === "failed" && at < before.getTime());
  const latest = ({ from, to, signatures, statuses, pipelines }: FactFilter): FoundRun[] =>
    runs
      .filter(({ at, signature, status, pipeline }) => {
        const inTime = at >= (from?.getTime() ?? -Infinity) && at < (to?.getTime() ?? Infinity);
        return (
          inTime &&
          (pipelines?.includes(pipeline) ?? true) &&
          (signatures?.includes(signature ?? "") ?? true) &&
          (statuses?.includes(status) ?? true)
        );
      })
      .sort((a, b) => b.at - a.at)
      .map((run): FoundRun => ({ ...run, environment: null, ts: new Date(run.at) }));
  return {
    runs: {
      async *between({ from, to }) {
        yield* runs.filter(({ at }) => at >= from.getTime() && at < to.getTime());
      },
      async *indexedSince({ from, to, indexedFrom }) {
        const isLater = ({ firstIndexedAt = 0, statusSince = 0 }: TestRun) =>
          Math.max(firstIndexedAt, statusSince) >= indexedFrom.getTime();
        yield* runs.filter((run) => run.at >= from.getTime() && run.at < to.getTime() && isLater(run));
      },
      async errorsBefore(before) {
        const lastSeen = new Map<string, number>();
        for (const { signature, at } of failuresBefore(before)) {
          if (signature !== null) lastSeen.set(signature, Math.max(at, lastSeen.get(signature) ?? 0));
        }
        return { lastSeen, since: runs.reduce((first, { at }) => Math.min(first, at), Infinity) };
      },
    },
    facts: {
      unreadStatuses: async ({ from, to }) =>
        runs
          .filter(({ status, at }) => status === "unknown" && at >= (from?.getTime() ?? -Infinity) && at < (to?.getTime() ?? Infinity))
          .map(({ pipeline, signature, rawStatus = "" }) => ({
            source: "flows",
            pipeline,
            word: rawStatus,
            runs: 1,
            withError: Number(signature !== null),
          })),
      latestRuns: async (filter, limit) => latest(filter).slice(0, limit),
      latestOfTexts: async (filter) => latest(filter),
    },
    signatures: {
      read: async (ids) =>
        new Map(
          ids.flatMap((id): [string, StoredSignature][] => {
            const seen = runs.filter(({ signature }) => signature === id).sort((a, b) => a.at - b.at);
            const [first, last] = [seen[0], seen.at(-1)];
            if (!first || !last) return [];
            const names = (of: (run: TestRun) => string) => [...new Set(seen.map(of))];
            const pipelines = names((run) => run.pipeline);
            const instants = { firstSeen: new Date(first.at), lastSeen: new Date(last.at) };
            return [[id, { id, template: id, example: first.error ?? "", pipelines, techs: names((run) => run.tech), ...instants }]];
          }),
        ),
    },
    lookForDoubts: async () => ({ collect: async () => doubts }),
  };
}

const hourMs = 3_600_000;

/** Hourly successes of one minute with a little noise, from 45 days before `to`; `change` alters a run or takes it away. */
export const hourly = (to: number, pipeline: string, change: (run: TestRun) => TestRun | undefined = (run) => run): TestRun[] =>
  Array.from({ length: 45 * 24 }, (_, index) => to - (45 * 24 - index) * hourMs + 60_000).flatMap((at, index) => {
    const run: TestRun = {
      id: `s:${pipeline}-${index}`,
      pipeline,
      tech: "Spark",
      status: "success",
      at,
      durationMs: 60_000 + ((index * 7_919) % 10_000),
      signature: null,
      owner: null,
      error: null,
    };
    return change(run) ?? [];
  });
export const failing = (run: TestRun, signature = "sig-a", error = "disk full on node-7"): TestRun => ({
  ...run,
  status: "failed",
  signature,
  error,
});
