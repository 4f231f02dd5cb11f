import { maxBatchRecords, type RecordFilter, type RecordVersion, type SourcePullResult, type SourceRecord } from "@flow-rag/contracts";
import { contentHash } from "@flow-rag/insights";
import type { SourceCursor } from "@flow-rag/stores";
import type { PullStores } from "./pull-stores.js";

export type PullRecordsDeps = PullStores & {
  /** Enqueues one batch of at most `maxBatchRecords` and returns its job id. */
  send: (records: readonly RecordVersion[], options: { force: boolean }) => Promise<string>;
  /** Resolves once the queue has room for another batch. */
  waitForRoom: (signal: AbortSignal) => Promise<void>;
  /** Which life of the queue this is: another one once its store was emptied or lost. */
  queueMarker: () => Promise<string>;
  /** True when nothing waits, runs or was given up. */
  queueIsIdle: () => Promise<boolean>;
  now: () => Date;
  /** Told how many records appeared behind the watermark. */
  onLate: (records: number) => void;
};
export type PullRequest = {
  readonly source: string;
  readonly mode: "changes" | "everything" | "selected";
  readonly filter?: RecordFilter | undefined;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly allowRemovals: boolean;
  /** How far behind the watermark to begin, in milliseconds. */
  readonly overlapMs: number;
  /** Zone of timestamps that name none. */
  readonly zone: string;
};
/** `total` is 0 when nobody counted: a pull of changes does not know how many there will be. */
type PullProgress = { read: number; total: number; enqueued: number };
export type ReportPull = (progress: PullProgress) => Promise<void>;

/** One pull under way: what it was asked, what it has done, and the two ways in which it may ask for work. */
export type Pull = {
  readonly deps: PullRecordsDeps;
  readonly request: PullRequest;
  readonly result: SourcePullResult;
  /** Takes those among the records whose content the index does not hold; with `force`, all of them. Full batches are enqueued at once. `mark` is how far was read before. */
  readonly offer: (records: readonly SourceRecord[], mark?: SourceCursor | null) => Promise<void>;
  /** Takes as they are. */
  readonly send: (records: readonly RecordVersion[]) => Promise<void>;
  /** Enqueues what was taken and made no full batch. */
  readonly flush: () => Promise<void>;
  readonly report: ReportPull;
  readonly signal: AbortSignal;
};

/** Which of some records are in the index or set aside, in whatever version, and which as they are. */
type Held = { isKnown: (record: SourceRecord) => boolean; isHeld: (version: RecordVersion) => boolean };

export async function beginPull(deps: PullRecordsDeps, request: PullRequest, signal: AbortSignal, report: ReportPull): Promise<Pull> {
  const { source, force } = request;
  const fingerprint = (await deps.indexState.read(signal))?.fingerprint;
  const result: SourcePullResult = { read: 0, matched: 0, unchanged: 0, enqueued: 0, ahead: 0, removed: 0, keptBack: 0, batches: [] };

  let taken: RecordVersion[] = [];
  const enqueue = async (least: number) => {
    while (taken.length >= least) {
      signal.throwIfAborted();
      await deps.waitForRoom(signal);
      result.batches.push(await deps.send(taken.slice(0, maxBatchRecords), { force }));
      taken = taken.slice(maxBatchRecords);
    }
  };
  const send = async (records: readonly RecordVersion[]) => {
    taken.push(...records);
    await enqueue(maxBatchRecords);
  };
  const readHeld = async (records: readonly SourceRecord[]): Promise<Held> => {
    if (force) return { isKnown: () => true, isHeld: () => false };
    const ids = records.map(({ recordId }) => recordId);
    const [indexed, setAside] = await Promise.all([
      deps.runs.versions(source, ids, signal),
      deps.deadLetters.contentHashes(source, ids, signal),
    ]);
    return {
      isKnown: ({ recordId }) => indexed.has(recordId) || setAside.has(recordId),
      isHeld: ({ recordId, contentHash: hash }) => {
        const run = indexed.get(recordId);
        return (run?.contentHash === hash && run.fingerprint === fingerprint) || setAside.get(recordId) === hash;
      },
    };
  };
  const offer = async (records: readonly SourceRecord[], mark?: SourceCursor | null) => {
    if (records.length === 0) return;
    const { isKnown, isHeld } = await readHeld(records);
    const due = records
      .map((record) => ({ recordId: record.recordId, contentHash: contentHash(record) }))
      .filter((version) => !isHeld(version));
    if (mark) deps.onLate(records.filter((record) => !isKnown(record) && deps.source.isBehind(mark, record)).length);
    result.read += records.length;
    result.matched += records.length;
    result.ahead += records.filter((record) => deps.source.isAhead(record, deps.now())).length;
    result.unchanged += records.length - due.length;
    await send(due);
    result.enqueued += due.length;
  };
  return { deps, request, result, offer, send, flush: () => enqueue(1), report, signal };
}
