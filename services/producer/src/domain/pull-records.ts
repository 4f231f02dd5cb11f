import { maxBatchRecords, type RecordVersion, type SourcePullResult, type SourceRecord } from "@flow-rag/contracts";
import { contentHash } from "@flow-rag/insights";
import { findRemoved } from "./find-removed.js";
import { pagesOf } from "./pages-of.js";
import type { PullStores } from "./pull-stores.js";

export type PullRecordsDeps = PullStores & {
  /** Enqueues one batch of at most `maxBatchRecords` and returns its job id. */
  send: (records: readonly RecordVersion[]) => Promise<string>;
  /** Resolves once the queue has room for another batch. */
  waitForRoom: (signal: AbortSignal) => Promise<void>;
  now: () => Date;
};
export type PullRequest = {
  readonly source: string;
  readonly mode: "changes" | "everything";
  readonly allowRemovals: boolean;
  /** How far behind the watermark to begin, in milliseconds. */
  readonly overlapMs: number;
};
/** `total` is 0 when nobody counted: a pull of changes does not know how many there will be. */
export type PullProgress = { read: number; total: number; enqueued: number };

/**
 * Enqueues every record whose content the index does not hold. The watermark moves only after a page is sent:
 * a crash sends that page again, which costs a comparison of hashes and nothing else.
 * @throws whatever the deps throw; the signal's reason once it has aborted.
 */
export async function pullRecords(
  deps: PullRecordsDeps,
  request: PullRequest,
  signal: AbortSignal,
  report: (progress: PullProgress) => Promise<void> = async () => {},
): Promise<SourcePullResult> {
  const pull = await beginPull(deps, request.source, signal);
  if (request.mode === "everything") await pullEverything(deps, request, pull, signal, report);
  else await pullChanges(deps, request, pull, signal, report);
  return pull.result;
}

type Pull = {
  result: SourcePullResult;
  offer: (records: readonly SourceRecord[]) => Promise<void>;
  send: (records: readonly RecordVersion[]) => Promise<void>;
};

async function beginPull(deps: PullRecordsDeps, source: string, signal: AbortSignal): Promise<Pull> {
  const fingerprint = (await deps.indexState.read(signal))?.fingerprint;
  const result: SourcePullResult = { read: 0, unchanged: 0, enqueued: 0, removed: 0, keptBack: 0, batches: [] };

  const send = async (records: readonly RecordVersion[]) => {
    for (let start = 0; start < records.length; start += maxBatchRecords) {
      signal.throwIfAborted();
      await deps.waitForRoom(signal);
      result.batches.push(await deps.send(records.slice(start, start + maxBatchRecords)));
    }
  };
  const offer = async (records: readonly SourceRecord[]) => {
    if (records.length === 0) return;
    const ids = records.map(({ recordId }) => recordId);
    const [indexed, setAside] = await Promise.all([
      deps.runs.versions(source, ids, signal),
      deps.deadLetters.contentHashes(source, ids, signal),
    ]);
    const due = records
      .map((record) => ({ recordId: record.recordId, contentHash: contentHash(record) }))
      .filter(({ recordId, contentHash: hash }) => {
        const run = indexed.get(recordId);
        return !(run?.contentHash === hash && run.fingerprint === fingerprint) && setAside.get(recordId) !== hash;
      });
    result.read += records.length;
    result.unchanged += records.length - due.length;
    await send(due);
    result.enqueued += due.length;
  };
  return { result, offer, send };
}

/** Reads on from the watermark, less the overlap, and looks again at the runs that had not ended. */
async function pullChanges(
  deps: PullRecordsDeps,
  { source, overlapMs }: PullRequest,
  { result, offer }: Pull,
  signal: AbortSignal,
  report: (progress: PullProgress) => Promise<void>,
): Promise<void> {
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

/** Reads every record in the order of its id, then finds the runs whose record is gone, then sets the watermark to where the source ended at the start. */
async function pullEverything(
  deps: PullRecordsDeps,
  { source, allowRemovals }: PullRequest,
  { result, offer, send }: Pull,
  signal: AbortSignal,
  report: (progress: PullProgress) => Promise<void>,
): Promise<void> {
  const mark = await deps.cursors.read(source, signal);
  const end = await deps.source.lastPlace(deps.now(), signal);
  const total = await deps.source.count(signal);
  let after: { readonly id: unknown } | undefined;
  for (;;) {
    const page = await deps.source.all(after, maxBatchRecords, signal);
    await offer(page.records);
    await report({ read: result.read, total, enqueued: result.enqueued });
    if (page.records.length < maxBatchRecords) break;
    after = page.last;
  }
  const removed = await findRemoved(deps, { source, allowMany: allowRemovals || (mark?.removalsAllowed ?? false) }, signal);
  await send(removed.recordIds.map((recordId) => ({ recordId, contentHash: "gone" })));
  result.removed = removed.recordIds.length;
  result.keptBack = removed.keptBack;
  if (end && removed.keptBack === 0) await deps.cursors.move(source, mark, end, deps.now());
}
