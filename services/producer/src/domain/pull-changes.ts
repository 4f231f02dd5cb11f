import { maxBatchRecords } from "@flow-rag/contracts";
import { pagesOf } from "./pages-of.js";
import type { Pull } from "./pull.js";

/**
 * Reads on from the watermark, less the overlap, and looks again at the runs that had not ended. The watermark moves only after a page
 * is sent: a crash sends that page again, which costs a comparison of hashes and nothing else.
 *
 * When the queue is not the one that the work was sent to (it was emptied, or lost), reading begins where everything was indexed for
 * certain: an overlap alone would not bring back a backlog that was older.
 */
export async function pullChanges({ deps, request, result, offer, report, signal }: Pull): Promise<void> {
  const { source, overlapMs } = request;
  let mark = await deps.cursors.read(source, signal);
  const readThrough = mark?.cursor;
  const queueMarker = await deps.queueMarker();
  const queueIsKnown = mark?.queueMarker === queueMarker;
  // The watermark was read first: a queue that is idle after that has done all that was sent up to it.
  const settled = queueIsKnown && (await deps.queueIsIdle());
  const begin = queueIsKnown ? mark?.cursor : mark?.indexed;
  let place = begin ? deps.source.rewind(begin, overlapMs) : undefined;
  const indexed = settled ? mark?.cursor : mark?.indexed;
  if (settled && mark) mark = await deps.cursors.move(source, mark, { indexed: mark.cursor }, deps.now());
  for (;;) {
    const page = await deps.source.changedAfter(place, maxBatchRecords, signal);
    await offer(page.records, readThrough);
    await report({ read: result.read, total: 0, enqueued: result.enqueued });
    if (!page.last) break;
    const cursor = deps.source.advance(mark?.cursor, page.last, deps.now());
    if (cursor) {
      // A queue that is new gets its marker below, once everything is read again.
      const change = { cursor, indexed: indexed ?? null, ...(queueIsKnown && { queueMarker }) };
      mark = await deps.cursors.move(source, mark, change, deps.now());
      if (!mark) return; // another producer is reading on from here: what it does need not be done twice
    }
    place = page.last;
    if (page.records.length < maxBatchRecords) break;
  }
  for await (const ids of pagesOf((after) => deps.runs.idsAfter(source, after, maxBatchRecords, signal, "running"))) {
    await offer(await deps.source.find(ids, signal));
  }
  if (!queueIsKnown) await deps.cursors.move(source, mark, { queueMarker }, deps.now());
}
