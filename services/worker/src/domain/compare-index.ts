import { runId, type IndexReconcileResult, type SourceRecord } from "@flow-rag/contracts";
import { contentHash, normaliseRecord } from "@flow-rag/insights";
import type { DeadLetterStore, RecordSource, RunStore, VectorStore } from "@flow-rag/stores";
import { compareSignatures, type CompareSignaturesDeps, type SignatureComparison } from "./compare-signatures.js";
import { createDayCounts } from "./day-counts.js";

export type CompareDeps = CompareSignaturesDeps & {
  source: Pick<RecordSource, "all" | "existing">;
  runs: Pick<RunStore, "versions" | "idsAfter" | "countOfSource" | "count" | "signaturesOf" | "bearing">;
  deadLetters: Pick<DeadLetterStore, "contentHashes">;
  vectors: Pick<VectorStore, "versions" | "ids" | "count">;
  fingerprint: string;
  zones: { source: string };
};
/** What was found, and which records and documents it concerns. `runIds` and `recordIds` are record ids, `documentIds` the index's. */
export type Comparison = {
  readonly counts: Omit<IndexReconcileResult, "batches" | "keptBack">;
  /** Records to index or index again. */
  readonly due: readonly string[];
  /** Records that have a run and no longer exist. */
  readonly removed: readonly string[];
  /** Documents that have no run. */
  readonly orphans: readonly string[];
  /** Documents of signatures to write. */
  readonly signatures: SignatureComparison["due"];
};
const pageSize = 500;

/**
 * Compares every record of a source with its run and its document by content hash, then looks for runs and documents without a record,
 * and for the documents of the signatures.
 * Memory grows with what differs, not with the source. Reads only.
 */
export async function compareIndex(deps: CompareDeps, source: string, signal: AbortSignal): Promise<Comparison> {
  const days = createDayCounts();
  const counts = { source: 0, missing: 0, stale: 0, dead: 0 };
  const due: string[] = [];
  let documentsSeen = 0;

  const compareRecord = (record: SourceRecord, page: PageOfStores): void => {
    const { recordId } = record;
    const hash = contentHash(record);
    const run = page.runs.get(recordId);
    const document = page.documents.get(runId(record));
    if (document !== undefined) documentsSeen += 1;
    const dead = page.letters.get(recordId) === hash;
    if (dead) counts.dead += 1;
    days.add(dayOf(record), { source: dead ? 0 : 1, runs: run ? 1 : 0, index: document === undefined ? 0 : 1 });
    const fault = dead ? remainsOf(run, document) : faultOf(run, document, hash, deps.fingerprint);
    if (fault) {
      counts[fault] += 1;
      due.push(recordId);
    }
  };
  const dayOf = (record: SourceRecord): { day: string; pipeline: string } => {
    const run = normaliseRecord(record, { zone: deps.zones.source });
    return run.ok ? { day: run.facts.ts.toISOString().slice(0, 10), pipeline: run.facts.pipeline } : { day: "", pipeline: "" };
  };

  for (let after: { readonly id: unknown } | undefined; ;) {
    const { records, last } = await deps.source.all(after, pageSize, signal);
    const page = await readStores(deps, source, records, signal);
    for (const record of records) compareRecord(record, page);
    counts.source += records.length;
    if (records.length < pageSize) break;
    after = last;
  }
  const { removed, documents: ofRemoved } = await findRemovedRuns(deps, source, signal);
  const runs = await deps.runs.countOfSource(source, signal);
  const ofOthers = (await deps.runs.count(signal)) - runs; // the collection holds the documents of every source
  const expected = documentsSeen + ofRemoved + ofOthers;
  const orphans = (await deps.vectors.count(signal)) > expected ? await findOrphans(deps, source, signal) : [];
  const index = documentsSeen + ofRemoved + orphans.length;
  const extra = removed.length + orphans.length;
  const { counts: ofSignatures, due: signatures, forgotten } = await compareSignatures(deps, source, signal);
  const isGone = new Set(removed);
  const found = {
    ...counts,
    ...ofSignatures,
    runs,
    index,
    extra,
    inSync: counts.missing + counts.stale + extra + ofSignatures.missingSignatures + ofSignatures.staleSignatures === 0,
    differences: days.differences(20),
  };
  return { counts: found, due: [...new Set([...due, ...forgotten.filter((id) => !isGone.has(id))])], removed, orphans, signatures };
}

/** What is wrong with a record's run and document; undefined when both are of its content. */
function faultOf(
  run: StoredVersion | undefined,
  document: string | undefined,
  hash: string,
  fingerprint: string,
): "missing" | "stale" | undefined {
  if (!run || document === undefined) return "missing";
  return run.contentHash === hash && run.fingerprint === fingerprint && document === hash ? undefined : "stale";
}

/** Nothing of a record that is set aside may be indexed: its earlier version says what the source no longer does. */
const remainsOf = (run: StoredVersion | undefined, document: string | undefined): "stale" | undefined =>
  run || document !== undefined ? "stale" : undefined;

type StoredVersion = { contentHash: string; fingerprint: string };
type PageOfStores = {
  runs: Map<string, StoredVersion>;
  documents: Map<string, string>;
  letters: Map<string, string>;
};

async function readStores(deps: CompareDeps, source: string, records: readonly SourceRecord[], signal: AbortSignal): Promise<PageOfStores> {
  const ids = records.map(({ recordId }) => recordId);
  const [runs, documents, letters] = await Promise.all([
    deps.runs.versions(source, ids, signal),
    deps.vectors.versions(records.map(runId), signal),
    deps.deadLetters.contentHashes(source, ids, signal),
  ]);
  return { runs, documents, letters };
}

/** Runs whose record is gone, and how many of them have a document. */
async function findRemovedRuns(deps: CompareDeps, source: string, signal: AbortSignal): Promise<{ removed: string[]; documents: number }> {
  const removed: string[] = [];
  let documents = 0;
  for (let after = ""; ;) {
    const ids = await deps.runs.idsAfter(source, after, pageSize, signal);
    const existing = await deps.source.existing(ids, signal);
    const gone = ids.filter((recordId) => !existing.has(recordId));
    if (gone.length > 0)
      documents += (
        await deps.vectors.versions(
          gone.map((recordId) => runId({ source, recordId })),
          signal,
        )
      ).size;
    removed.push(...gone);
    if (ids.length < pageSize) return { removed, documents };
    after = ids.at(-1) as string;
  }
}

/** Documents of the source that have neither a run nor a record. */
async function findOrphans(deps: CompareDeps, source: string, signal: AbortSignal): Promise<string[]> {
  const prefix = runId({ source, recordId: "" });
  const orphans: string[] = [];
  for (let offset = 0; ; offset += pageSize) {
    const page = await deps.vectors.ids({ limit: pageSize, offset }, signal);
    const recordIds = page.filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length));
    const [runs, existing] = await Promise.all([deps.runs.versions(source, recordIds, signal), deps.source.existing(recordIds, signal)]);
    orphans.push(...recordIds.filter((id) => !runs.has(id) && !existing.has(id)).map((recordId) => runId({ source, recordId })));
    if (page.length < pageSize) return orphans;
  }
}
