import { sumUnread, unreadDoubt, type Doubt } from "@flow-rag/contracts";
import { AppError, type Logger } from "@flow-rag/kernel";
import type { DeadLetterStore, FactFilter, RunFacts, RunSnapshots, SourceHealth, SourceHealthStore } from "@flow-rag/stores";
import { dayMs } from "./find-gaps.js";
import { createGapReader, type GapReader } from "./read-gaps.js";

export type DoubtDeps = {
  readonly deadLetters: Pick<DeadLetterStore, "count">;
  readonly health: Pick<SourceHealthStore, "read">;
  /** Records of the sources that are waiting to be indexed. Without it nobody looks. */
  readonly pending?: ((sources: readonly string[], signal: AbortSignal) => Promise<number>) | undefined;
  readonly log: Logger;
};
/** What is doubted. `runs` knows of `sources` and perhaps others; a window from null begins with the first run. */
export type DoubtScope = {
  readonly sources: readonly string[];
  readonly runs: Pick<RunFacts, "limitedTo">;
  readonly window: { readonly from: Date | null; readonly to: Date };
  /** Whose statuses matter, where it is not all of the window. */
  readonly within?: FactFilter | undefined;
  readonly zone: string;
  readonly now: Date;
  /** Keeps what it read, for who asks often; without it the runs are read each time. */
  readonly gaps?: GapReader | undefined;
};

/** What is known before the runs are read, so that a record indexed meanwhile is told as waiting and never as neither waiting nor counted. */
export type EarlyDoubts = {
  readonly health: ReadonlyMap<string, SourceHealth>;
  readonly setAside: number;
  /** Null: it could not be told. Undefined: nobody looks. */
  readonly pending: number | null | undefined;
};

/** @throws whatever the stores throw; a queue that does not answer is a doubt of its own. */
export async function readEarlyDoubts(deps: DoubtDeps, sources: readonly string[], signal: AbortSignal): Promise<EarlyDoubts> {
  const [counts, health, pending] = await Promise.all([
    Promise.all(sources.map((source) => deps.deadLetters.count(source, signal))),
    Promise.all(sources.map(async (source) => [source, await deps.health.read(source, signal)] as const)),
    countPending(deps, sources, signal),
  ]);
  const refused = health.flatMap(([, { refused }]) => refused.map(({ rows }) => rows));
  return { health: new Map(health), setAside: [...counts, ...refused].reduce((sum, count) => sum + count, 0), pending };
}

async function countPending({ pending, log }: DoubtDeps, sources: readonly string[], signal: AbortSignal): Promise<EarlyDoubts["pending"]> {
  return await pending?.(sources, signal).catch((thrown: unknown) => {
    if (signal.aborted) throw thrown;
    log.warn({ err: AppError.from(thrown) }, "what is waiting cannot be told");
    return null;
  });
}

/**
 * Everything that is known to be wrong or missing in figures about a window, the gravest first; empty when the data are complete.
 */
export async function collectDoubts(early: EarlyDoubts, scope: DoubtScope, signal: AbortSignal): Promise<Doubt[]> {
  const { sources, runs, window, now, within = { from: window.from ?? undefined, to: window.to } } = scope;
  const allowed = runs.limitedTo({ sources });
  const [until, [latest], future, ofSources, statuses] = await Promise.all([
    allowed.latest(now, signal),
    allowed.latestRuns({}, 1, signal),
    allowed.cells({ from: new Date(now.getTime() + 1) }, signal),
    Promise.all(sources.map((source) => doubtsOfSource(early.health.get(source), source, scope, signal))),
    allowed.unreadStatuses(within, signal),
  ]);
  const unread = sumUnread(statuses);
  const ahead = future.reduce((sum, { count }) => sum + count, 0);
  const end = Math.min(window.to.getTime(), now.getTime());
  const { pending, setAside } = early;
  return [
    ...ofSources.flat(),
    ...(unread ? [unreadDoubt(unread)] : []),
    ...(until === undefined || until.getTime() < end - toleranceMs
      ? [{ kind: "data_until" as const, at: until?.toISOString() ?? null }]
      : []),
    ...(pending === undefined || pending === 0 ? [] : [{ kind: "pending" as const, records: pending }]),
    ...(setAside === 0 ? [] : [{ kind: "set_aside" as const, records: setAside }]),
    ...(ahead === 0 || !latest ? [] : [{ kind: "future_runs" as const, runs: ahead, until: latest.ts.toISOString() }]),
  ];
}

/** For who writes a report: looks at what is not in the runs, and then says what is doubted of a window. */
export const createDoubtLook =
  (deps: DoubtDeps, { sources, runs }: Pick<DoubtScope, "sources" | "runs">) =>
  async (
    signal: AbortSignal,
  ): Promise<{ collect: (scope: Omit<DoubtScope, "sources" | "runs">, signal: AbortSignal) => Promise<Doubt[]> }> => {
    const early = await readEarlyDoubts(deps, sources, signal);
    return { collect: (scope, abort) => collectDoubts(early, { sources, runs, ...scope }, abort) };
  };

const lookedBackMs = 7 * dayMs;

/** What is doubted of the last seven days, for who looks at the state of the whole. */
export async function currentDoubts(
  deps: DoubtDeps & { readonly runs: RunSnapshots },
  { sources, zone, now }: Pick<DoubtScope, "sources" | "zone" | "now">,
  signal: AbortSignal,
): Promise<Doubt[]> {
  const early = await readEarlyDoubts(deps, sources, signal);
  const window = { from: new Date(now.getTime() - lookedBackMs), to: now };
  return await collectDoubts(early, { sources, runs: await deps.runs.snapshot(signal), window, zone, now }, signal);
}

/** A minute without a run at the end of a window is no gap. */
const toleranceMs = 60_000;

async function doubtsOfSource(health: SourceHealth | undefined, source: string, scope: DoubtScope, signal: AbortSignal): Promise<Doubt[]> {
  const { window, now } = scope;
  const end = Math.min(window.to.getTime(), now.getTime());
  const { held = null, imported = null } = health ?? {};
  const stopped = health && stoppedPulls(health, source, { end, now });
  const gaps = await (scope.gaps ?? createGapReader())(source, scope, signal);
  const silent = gaps.at(-1);
  // What goes on until now is no gap yet; a pull that is known to fail says more.
  const isSilent = silent !== undefined && silent.lasts;
  return [
    ...(held
      ? [
          {
            kind: "held_removals" as const,
            source,
            runs: held.runs,
            copies: held.copies,
            since: held.since.toISOString(),
            command: `flow-rag reconcile --yes --source ${source}`,
          },
        ]
      : []),
    ...(imported
      ? [{ kind: "imported" as const, source, records: imported.records, at: imported.at.toISOString(), command: importedCommand(source) }]
      : []),
    ...(stopped ? [stopped] : []),
    ...(isSilent && !stopped
      ? [{ kind: "source_stopped" as const, source, why: "silent" as const, since: new Date(silent.from).toISOString(), reason: null }]
      : []),
    ...gaps
      .filter(({ lasts }) => !lasts)
      .map(({ from, to }) => ({ kind: "gap" as const, source, from: new Date(from).toISOString(), to: new Date(to).toISOString() })),
  ];
}

/** Of the first source `flow-rag ingest` alone would do; the name makes it right for any. */
const importedCommand = (source: string): string => `flow-rag ingest --source ${source}`;

function stoppedPulls(
  { failing, pulledAt, nextPullBy }: SourceHealth,
  source: string,
  { end, now }: { end: number; now: Date },
): Extract<Doubt, { kind: "source_stopped" }> | undefined {
  if (failing && failing.since.getTime() <= end)
    return { kind: "source_stopped", source, why: "pull_failing", since: failing.since.toISOString(), reason: failing.reason };
  if (pulledAt && nextPullBy && nextPullBy < now && pulledAt.getTime() <= end)
    return { kind: "source_stopped", source, why: "not_pulled", since: pulledAt.toISOString(), reason: null };
  return undefined;
}
