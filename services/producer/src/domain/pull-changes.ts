import { maxBatchRecords } from "@flow-rag/contracts";
import type { SourceCursor } from "@flow-rag/stores";
import type { Pull } from "./pull.js";

/** Runs that have not ended, as far as is known, that one pull looks at again: the latest of them. */
const lookedAgain = 10 * maxBatchRecords;
/** Pages after which what waits is sent, however little it is, so that a crash costs no more than reading these again. */
const pagesTogether = 40;

/**
 * Reads on from the watermark, less the overlap, and looks again at the runs that had not ended. The watermark moves only after everything
 * up to it is sent: a crash sends those pages again, which costs a comparison of hashes and nothing else.
 *
 * When the queue is not the one that the work was sent to (it was emptied, or lost), reading begins where everything was indexed for
 * certain: an overlap alone would not bring back a backlog that was older.
 */
export async function pullChanges({ deps, request, result, offer, flush, report, signal }: Pull): Promise<void> {
  const { source, overlapMs } = request;
  let mark = await deps.cursors.read(source, signal);
  const readThrough = mark?.cursor;
  const queueMarker = await deps.queueMarker();
  const queueIsKnown = mark?.queueMarker === queueMarker;
  // The watermark was read first: a queue that is idle after that has done all that was sent up to it.
  const settled = queueIsKnown && (await deps.queueIsIdle());
  const begin = queueIsKnown ? mark?.cursor : mark?.indexed;
  const indexed = settled ? mark?.cursor : mark?.indexed;
  if (settled && mark) mark = await deps.cursors.move(source, mark, { indexed: mark.cursor }, deps.now());

  let reached: SourceCursor | undefined = mark?.cursor ?? undefined;
  let moves = false;
  /** False when another producer is reading on from here: what it does need not be done twice. */
  const moveOn = async (): Promise<boolean> => {
    await flush();
    if (!moves || !reached) return true;
    // A queue that is new gets its marker below, once everything is read again.
    const change = { cursor: reached, indexed: indexed ?? null, ...(queueIsKnown && { queueMarker }) };
    mark = await deps.cursors.move(source, mark, change, deps.now());
    moves = false;
    return mark !== undefined;
  };
  let place = begin ? deps.source.rewind(begin, overlapMs, deps.now()) : undefined;
  for (let pages = 1; ; pages += 1) {
    const page = await deps.source.changedAfter(place, maxBatchRecords, signal);
    await offer(page.records, readThrough);
    await report({ read: result.read, total: 0, enqueued: result.enqueued });
    const cursor = page.last && deps.source.advance(reached, page.last, deps.now());
    if (cursor) [reached, moves] = [cursor, true];
    if (page.records.length < maxBatchRecords) break;
    if (pages % pagesTogether === 0 && !(await moveOn())) return;
    place = page.last;
  }
  if (!(await moveOn())) return;
  const open = await deps.runs.notFinal(source, lookedAgain, signal);
  for (let start = 0; start < open.length; start += maxBatchRecords)
    await offer(await deps.source.find(open.slice(start, start + maxBatchRecords), signal));
  await flush();
  if (!queueIsKnown) await deps.cursors.move(source, mark, { queueMarker }, deps.now());
}
