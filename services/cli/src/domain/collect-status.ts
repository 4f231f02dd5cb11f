import {
  recordsEmbed,
  sourcePull,
  sumUnread,
  type DeadLetter,
  type DeliveryState,
  type Doubt,
  type UnreadStatuses,
} from "@flow-rag/contracts";
import type { Producer } from "@flow-rag/queue";
import type {
  CursorStore,
  DeadLetterStore,
  DeliveryStore,
  IndexState,
  RecordSource,
  RefusedRows,
  ReportStore,
  RunFacts,
  RunStore,
  SourceCursor,
  SourceHealthStore,
} from "@flow-rag/stores";

/** Counts that should agree, and what explains it when they do not. Instants are ISO 8601, UTC. */
export type Status = {
  source: number;
  runs: number;
  index: number;
  setAside: number;
  /** Runs of all sources whose status was not read; null when every one was. */
  unread: UnreadStatuses | null;
  inSync: boolean;
  /** The latest time of the cursor field: what was enqueued, and what was also indexed for certain. */
  watermark: { enqueuedThrough: string | null; indexedThrough: string | null; movedAt: string } | null;
  /** How far each configured source was read. Instants in UTC; null where the cursor field holds none. `lagMs`: of what was enqueued, behind now. */
  marks: Record<string, { enqueuedThrough: string | null; indexedThrough: string | null; lagMs: number | null; movedAt: string } | null>;
  /** When each source is compared as a whole next: corrections of finished records are seen then, or by `ingest --since`. Null: not told yet. */
  nextReconcile: Record<string, string | null>;
  dataUntil: string | null;
  indexState: { collection: string; embedder: string } | null;
  queues: Record<string, { unfinished: number; failed: number; consumers: number }>;
  /** `deliveries`: how many are in each state; an unknown one wants a person's look. */
  reports: { last: { id: string; writtenAt: string } | null; deliveries: Record<DeliveryState, number> };
  /** What is known to be wrong or missing in the figures of the last seven days. */
  doubts: readonly Doubt[];
  deadLetters: Pick<DeadLetter, "recordId" | "stage" | "reason" | "attempts">[];
  /** Rows that imports of files refused: they are not in the source. */
  refused: readonly RefusedRows[];
};
export type StatusDeps = {
  source: Pick<RecordSource, "source" | "count">;
  runs: Pick<RunStore, "count" | "countOfSource" | "latest">;
  facts: Pick<RunFacts, "unreadStatuses">;
  deadLetters: Pick<DeadLetterStore, "count" | "countHeld" | "list">;
  cursors: Pick<CursorStore, "read">;
  health: Pick<SourceHealthStore, "read">;
  /** The latest time that a cursor stands at. */
  instantOf: (cursor: SourceCursor | null) => Date | undefined;
  reports: Pick<ReportStore, "list">;
  deliveries: Pick<DeliveryStore, "countByState">;
  indexState: IndexState | undefined;
  /** Documents of all sources in the active collection. */
  countIndex: (signal: AbortSignal) => Promise<number>;
  jobs: Pick<Producer, "depth" | "consumers">;
  doubts: (signal: AbortSignal) => Promise<readonly Doubt[]>;
  /** Every configured source. */
  sources: readonly { readonly name: string }[];
  now: () => Date;
};
const shownLetters = 20;

export async function collectStatus(deps: StatusDeps, signal: AbortSignal): Promise<Status> {
  const name = deps.source.source;
  const [source, runs, allRuns, documents, setAside, held, watermark, latest, letters, [report], deliveries, doubts, unread] =
    await Promise.all([
      deps.source.count(signal),
      deps.runs.countOfSource(name, signal),
      deps.runs.count(signal),
      deps.countIndex(signal),
      deps.deadLetters.count(name, signal),
      deps.deadLetters.countHeld(name, signal),
      deps.cursors.read(name, signal),
      deps.runs.latest(deps.now(), signal),
      deps.deadLetters.list(name, shownLetters, signal),
      deps.reports.list(1, signal),
      deps.deliveries.countByState(signal),
      deps.doubts(signal),
      deps.facts.unreadStatuses({}, signal),
    ]);
  const index = documents - (allRuns - runs);
  const queues = [sourcePull, recordsEmbed].map(async (contract) => {
    const [depth, consumers] = await Promise.all([deps.jobs.depth(contract), deps.jobs.consumers(contract)]);
    return [contract.name, { ...depth, consumers }] as const;
  });
  return {
    source,
    runs,
    index,
    setAside,
    unread: sumUnread(unread) ?? null,
    inSync: runs === index && source === runs + held,
    watermark: watermark?.cursor
      ? {
          enqueuedThrough: deps.instantOf(watermark.cursor)?.toISOString() ?? null,
          indexedThrough: deps.instantOf(watermark.indexed)?.toISOString() ?? null,
          movedAt: watermark.movedAt.toISOString(),
        }
      : null,
    marks: Object.fromEntries(await Promise.all(deps.sources.map((one) => markOf(deps, one, signal)))),
    nextReconcile: Object.fromEntries(await Promise.all(deps.sources.map((one) => nextReconcileOf(deps, one, signal)))),
    dataUntil: latest?.toISOString() ?? null,
    indexState: deps.indexState ? { collection: deps.indexState.collection, embedder: deps.indexState.embedder.fingerprint } : null,
    queues: Object.fromEntries(await Promise.all(queues)),
    reports: { last: report ? { id: report.id, writtenAt: report.writtenAt.toISOString() } : null, deliveries },
    doubts,
    deadLetters: letters.map(({ recordId, stage, reason, attempts }) => ({ recordId, stage, reason, attempts })),
    refused: (await deps.health.read(name, signal)).refused,
  };
}

async function nextReconcileOf(
  { health }: StatusDeps,
  { name }: StatusDeps["sources"][number],
  signal: AbortSignal,
): Promise<readonly [string, string | null]> {
  return [name, (await health.read(name, signal)).nextReconcileAt?.toISOString() ?? null];
}

async function markOf(
  { cursors, instantOf, now }: StatusDeps,
  { name }: StatusDeps["sources"][number],
  signal: AbortSignal,
): Promise<readonly [string, Status["marks"][string]]> {
  const mark = await cursors.read(name, signal);
  if (!mark?.cursor) return [name, null];
  const at = instantOf(mark.cursor);
  return [
    name,
    {
      enqueuedThrough: at?.toISOString() ?? null,
      indexedThrough: instantOf(mark.indexed)?.toISOString() ?? null,
      lagMs: at ? Math.max(0, now().getTime() - at.getTime()) : null,
      movedAt: mark.movedAt.toISOString(),
    },
  ];
}
