import { maxBatchRecords } from "@flow-rag/contracts";
import { pagesOf } from "./pages-of.js";
import type { Pull } from "./pull.js";

/**
 * Reads on from the watermark, less the overlap, and looks again at the runs that had not ended. The watermark moves only after a page
 * is sent: a crash sends that page again, which costs a comparison of hashes and nothing else.
 */
export async function pullChanges({ deps, request, result, offer, report, signal }: Pull): Promise<void> {
  const { source, overlapMs } = request;
  let mark = await deps.cursors.read(source, signal);
  let place = mark?.cursor ? deps.source.rewind(mark.cursor, overlapMs) : undefined;
  for (;;) {
    const page = await deps.source.changedAfter(place, maxBatchRecords, signal);
    await offer(page.records);
    await report({ read: result.read, total: 0, enqueued: result.enqueued });
    if (!page.last) break;
    const cursor = deps.source.advance(mark?.cursor, page.last, deps.now());
    if (cursor) {
      mark = await deps.cursors.move(source, mark, cursor, deps.now());
      if (!mark) return; // another producer is reading on from here: what it does need not be done twice
    }
    place = page.last;
    if (page.records.length < maxBatchRecords) break;
  }
  for await (const ids of pagesOf((after) => deps.runs.idsAfter(source, after, maxBatchRecords, signal, "running"))) {
    await offer(await deps.source.find(ids, signal));
  }
}
