import type { IndexedRun, IndexedRuns } from "@flow-rag/stores";

export const pageSize = 500;
/** One page is embedded while another is written. */
const pagesAtOnce = 2;

type Walk = { runs: Pick<IndexedRuns, "page">; besides?: string };

/** Every run in pages, in the order of the ids, two pages in hand at once. The first failure ends it; all that had begun has ended by then. */
export async function walkRuns(
  { runs, besides }: Walk,
  handle: (page: readonly IndexedRun[]) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const underway = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const begin = (page: readonly IndexedRun[]): void => {
    const work = handle(page)
      .catch((error: unknown) => void (failure ??= { error }))
      .finally(() => underway.delete(work));
    underway.add(work);
  };
  try {
    for (let after = ""; ;) {
      signal.throwIfAborted();
      const page = await runs.page({ after, limit: pageSize, ...(besides !== undefined && { besides }) }, signal);
      if (page.length > 0) begin(page);
      if (page.length < pageSize) break;
      after = page.at(-1)?.id ?? "";
      if (underway.size >= pagesAtOnce) await Promise.race(underway);
      if (failure) break;
    }
  } finally {
    await Promise.all(underway);
  }
  if (failure) throw failure.error;
}
