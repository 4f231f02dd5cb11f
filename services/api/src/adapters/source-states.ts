import { sumUnread } from "@flow-rag/contracts";
import type { CursorStore, DeadLetterStore, RunFacts, RunStore } from "@flow-rag/stores";
import type { SourceState } from "../entry/routes/ingestion.js";

type Stores = {
  readonly cursors: Pick<CursorStore, "read">;
  readonly runs: Pick<RunStore, "countOfSource">;
  readonly facts: Pick<RunFacts, "limitedTo">;
  readonly deadLetters: Pick<DeadLetterStore, "count">;
};

/** How far each source is read and indexed. */
export const createSourceStates =
  ({ cursors, runs, facts, deadLetters }: Stores) =>
  (sources: readonly string[], signal: AbortSignal): Promise<SourceState[]> =>
    Promise.all(
      sources.map(async (source) => {
        const [watermark, count, setAside, unread] = await Promise.all([
          cursors.read(source, signal),
          runs.countOfSource(source, signal),
          deadLetters.count(source, signal),
          facts.limitedTo({ sources: [source] }).unreadStatuses({}, signal),
        ]);
        return {
          source,
          enqueuedThrough: textOf(watermark?.cursor?.at),
          indexedThrough: textOf(watermark?.indexed?.at),
          movedAt: watermark?.movedAt.toISOString() ?? null,
          runs: count,
          setAside,
          unread: sumUnread(unread) ?? null,
        };
      }),
    );

/** A cursor's value has the source's own type; those that are no plain value have a text of their own (a 64-bit integer). */
const textOf = (at: unknown): string | null =>
  at === undefined || at === null ? null : at instanceof Date ? at.toISOString() : `${at as string}`;
