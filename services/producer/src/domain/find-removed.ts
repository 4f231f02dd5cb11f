import { removableShare } from "@flow-rag/contracts";
import { pagesOf } from "./pages-of.js";
import type { PullStores } from "./pull-stores.js";

const pageSize = 1_000;

/**
 * Ids that flow-rag holds for a source but the source no longer has. When they are too many to be removed without a yes,
 * `keptBack` says how many, and `recordIds` holds what was set aside alone.
 */
export async function findRemoved(
  { source: records, runs, deadLetters }: Pick<PullStores, "source" | "runs" | "deadLetters">,
  { source, allowMany }: { source: string; allowMany: boolean },
  signal: AbortSignal,
): Promise<{ recordIds: string[]; keptBack: number; gone: readonly string[] }> {
  const limit = allowMany ? Infinity : (await runs.countOfSource(source, signal)) * removableShare;
  const goneRuns = await missing((after) => runs.idsAfter(source, after, pageSize, signal));
  const goneLetters = await missing((after) => deadLetters.idsAfter(source, after, pageSize, signal));
  return goneRuns.length > limit
    ? { recordIds: goneLetters, keptBack: goneRuns.length, gone: goneRuns }
    : { recordIds: [...new Set([...goneRuns, ...goneLetters])], keptBack: 0, gone: goneRuns };

  async function missing(page: (after: string) => Promise<string[]>): Promise<string[]> {
    const gone: string[] = [];
    for await (const ids of pagesOf(page)) {
      const existing = await records.existing(ids, signal);
      gone.push(...ids.filter((recordId) => !existing.has(recordId)));
    }
    return gone;
  }
}
