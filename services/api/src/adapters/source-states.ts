import { sumUnread } from "@flow-rag/contracts";
import {
  cursorInstant,
  type CursorStore,
  type DeadLetterStore,
  type RunFacts,
  type RunStore,
  type SourceCursor,
  type SourceHealthStore,
} from "@flow-rag/stores";
import type { SourceState } from "../entry/routes/ingestion.js";

type Stores = {
  readonly cursors: Pick<CursorStore, "read">;
  readonly runs: Pick<RunStore, "countOfSource">;
  readonly facts: Pick<RunFacts, "limitedTo">;
  readonly deadLetters: Pick<DeadLetterStore, "count">;
  readonly health: Pick<SourceHealthStore, "read">;
};

/** How far each source is read and indexed. */
export const createSourceStates =
  ({ cursors, runs, facts, deadLetters, health }: Stores) =>
  (sources: readonly string[], signal: AbortSignal): Promise<SourceState[]> =>
    Promise.all(
      sources.map(async (source) => {
        const [watermark, count, setAside, unread, { nextReconcileAt }] = await Promise.all([
          cursors.read(source, signal),
          runs.countOfSource(source, signal),
          deadLetters.count(source, signal),
          facts.limitedTo({ sources: [source] }).unreadStatuses({}, signal),
          health.read(source, signal),
        ]);
        return {
          source,
          enqueuedThrough: textOf(watermark?.cursor),
          indexedThrough: textOf(watermark?.indexed),
          movedAt: watermark?.movedAt.toISOString() ?? null,
          runs: count,
          setAside,
          unread: sumUnread(unread) ?? null,
          nextReconcileAt: nextReconcileAt?.toISOString() ?? null,
        };
      }),
    );

const textOf = (cursor: SourceCursor | null | undefined): string | null => cursorInstant(cursor)?.toISOString() ?? null;
