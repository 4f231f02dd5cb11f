import {
  runId,
  type DeadLetter,
  type RecordRef,
  type RecordsEmbedResult,
  type RecordVersion,
  type Run,
  type RunFacts,
  type RunVersion,
  type SourceRecord,
} from "@flow-rag/contracts";
import { contentHash, documentText, embeddedText, normaliseRecord } from "@flow-rag/insights";
import { AppError } from "@flow-rag/kernel";
import type { Embedder } from "@flow-rag/models";
import type {
  DeadLetterStore,
  RecordSource,
  RunStore,
  SignatureIndex,
  SignatureStore,
  VectorDocument,
  VectorStore,
} from "@flow-rag/stores";
import { indexSignatures } from "./index-signatures.js";
import type { SignatureKeeper } from "./keep-signatures.js";

export type EmbedRecordsDeps = {
  source: Pick<RecordSource, "find">;
  runs: Pick<RunStore, "versions" | "upsert" | "remove">;
  deadLetters: Pick<DeadLetterStore, "contentHashes" | "put" | "resolve">;
  vectors: Pick<VectorStore, "upsert" | "remove">;
  signatureIndex: Pick<SignatureIndex, "upsert" | "templates">;
  embedder: Pick<Embedder, "embedPassages">;
  signatures: Pick<SignatureKeeper, "assign"> & Pick<SignatureStore, "note">;
  /** Of the index that `vectors` writes to. */
  fingerprint: string;
  /** `source`: of timestamps that name none; `display`: of the times in documents. IANA names. */
  zones: { source: string; display: string };
  now: () => Date;
};
type Pending = {
  readonly record: SourceRecord;
  readonly hash: string;
  readonly facts: RunFacts;
  /** What is indexed of it. */
  readonly former: RunVersion | undefined;
};

/**
 * Makes the index agree with the records as they are now, whichever versions the job was sent for.
 * Safe to repeat: ids are deterministic and every write is an upsert or a delete by id.
 * A record that cannot be understood or stored is set aside with its reason, and an earlier version of it leaves the index: what is
 * indexed is what the source says now.
 * @throws whatever the deps throw for reasons that may pass, such as a store that does not answer.
 */
export async function embedRecords(
  deps: EmbedRecordsDeps,
  { source, records, force = false }: { source: string; records: readonly RecordVersion[]; force?: boolean },
  signal: AbortSignal,
): Promise<RecordsEmbedResult> {
  const ids = [...new Set(records.map(({ recordId }) => recordId))];
  const [found, indexed, setAside] = await Promise.all([
    deps.source.find(ids, signal),
    deps.runs.versions(source, ids, signal),
    deps.deadLetters.contentHashes(source, ids, signal),
  ]);
  const present = new Set(found.map(({ recordId }) => recordId));
  const gone = ids.filter((recordId) => !present.has(recordId)).map((recordId) => ({ source, recordId }));
  await forget(deps, gone, signal);

  const result = { indexed: 0, unchanged: 0, removed: gone.length, setAside: 0 };
  const pending: Pending[] = [];
  const mended: RecordRef[] = [];
  for (const record of found) {
    const hash = contentHash(record);
    const run = indexed.get(record.recordId);
    if (!force && run?.contentHash === hash && run.fingerprint === deps.fingerprint) {
      result.unchanged += 1;
      if (setAside.has(record.recordId)) mended.push(record);
      continue;
    }
    const normalised = normaliseRecord(record, { zone: deps.zones.source });
    if (normalised.ok) pending.push({ record, hash, facts: normalised.facts, former: run });
    else {
      const { recordId } = record;
      await setRecordAside(deps, { source, recordId, contentHash: hash, stage: "normalise", reason: normalised.reason }, signal);
      result.setAside += 1;
    }
  }
  const refused = await indexBatch(deps, pending, signal);
  result.indexed = pending.length - refused.size;
  result.setAside += refused.size;
  for (const { record } of pending) if (setAside.has(record.recordId) && !refused.has(record.recordId)) mended.push(record);
  await deps.deadLetters.resolve(mended);
  return result;
}

/** Removes what flow-rag holds of records that are gone from the source; the run last, so that a crash in between repeats the job. */
async function forget(deps: EmbedRecordsDeps, gone: readonly RecordRef[], signal: AbortSignal): Promise<void> {
  if (gone.length === 0) return;
  await deps.vectors.remove(gone.map(runId), signal);
  await deps.deadLetters.resolve(gone);
  await deps.runs.remove(gone);
}

/**
 * Embeds and stores the records; returns the ids of those that were refused for good. A batch that is refused as a whole is halved until the
 * record that spoils it stands alone. What fails for an unknown reason is refused only when others of the batch could be stored: else the
 * fault is not the record's.
 */
async function indexBatch(deps: EmbedRecordsDeps, batch: readonly Pending[], signal: AbortSignal): Promise<Set<string>> {
  const refused: { pending: Pending; error: AppError }[] = [];
  let stored = 0;
  const index = async (part: readonly Pending[]): Promise<void> => {
    if (part.length === 0) return;
    try {
      await store(deps, part, signal);
      stored += part.length;
    } catch (thrown) {
      const [only] = part;
      if (!(thrown instanceof AppError) || (thrown.kind !== "invalid_input" && thrown.kind !== "unexpected")) throw thrown;
      const error = thrown;
      if (part.length === 1 && only) {
        refused.push({ pending: only, error });
        const unknown = refused.filter(({ error: { kind } }) => kind === "unexpected").length;
        if (unknown > 0 && (stored === 0 ? unknown >= tried : unknown > mostUnknown)) throw thrown;
        return;
      }
      const half = Math.ceil(part.length / 2);
      await index(part.slice(0, half));
      await index(part.slice(half));
    }
  };
  await index(batch);
  const unknown = refused.find(({ error: { kind } }) => kind === "unexpected");
  if (unknown && stored === 0) throw unknown.error;
  for (const { pending, error } of refused) {
    const { source, recordId } = pending.record;
    await setRecordAside(
      deps,
      { source, recordId, contentHash: pending.hash, stage: "store", reason: error.message.slice(0, 500) },
      signal,
    );
  }
  return new Set(refused.map(({ pending }) => pending.record.recordId));
}

/** Records that fail one after the other for an unknown reason before it is taken for the store's, without one that could be stored and with some. */
const [tried, mostUnknown] = [4, 32];

async function store(deps: EmbedRecordsDeps, batch: readonly Pending[], signal: AbortSignal): Promise<void> {
  const texts = batch.map(({ facts }) => embeddedText(facts));
  const distinct = [...new Set(texts)]; // the same failure a hundred times is embedded once
  const vectors = await deps.embedder.embedPassages(distinct, signal);
  const vectorOf = new Map(distinct.map((text, index) => [text, vectors[index]]));

  const signatures = await deps.signatures.assign(
    batch.map(({ facts }) => facts.error),
    signal,
  );
  const rows = batch.map(({ record, hash, facts }, index) => {
    const { source, recordId } = record;
    const signature = signatures[index]?.id ?? null;
    const run: Unstamped = { source, recordId, ...facts, signature, contentHash: hash, fingerprint: deps.fingerprint };
    const values = vectorOf.get(texts[index] ?? "");
    if (!values) throw new AppError("unexpected", "the embedder returned too few vectors");
    return { run, document: toDocument(run, values, deps.zones.display) };
  });
  const sightings = batch.flatMap(({ facts: { error, pipeline, tech, ts } }, index) => {
    const given = signatures[index];
    return given && error !== null ? [{ signature: given.id, template: given.template, example: error, pipeline, tech, at: ts }] : [];
  });
  const documents = rows.map(({ document }) => document);
  const toIndex = sightings.map(({ signature: id, template, example }) => ({ id, template, example }));
  await allEnded([deps.vectors.upsert(documents, signal), indexSignatures(deps, toIndex, signal), deps.signatures.note(sightings)]);
  const now = deps.now(); // as close to the write as can be: a report goes by these times
  const unseen = new Set(batch.filter(({ former }) => !former).map(({ record }) => record.recordId));
  // Last: a stored run means the document is there, so a crash in between repeats the job.
  await deps.runs.upsert(
    rows.map(({ run }, index) => stamped(run, batch[index]?.former, now)),
    { unseen },
  );
}

type Unstamped = Omit<Run, "indexedAt" | "firstIndexedAt" | "statusSince">;

/** A run with its times. What was indexed before those were kept came when it was indexed last, at the latest. */
function stamped(run: Unstamped, former: RunVersion | undefined, now: Date): Run {
  const before = former?.indexedAt ?? now;
  const statusSince = former?.status === run.status ? (former.statusSince ?? before) : now;
  return { ...run, indexedAt: now, firstIndexedAt: former?.firstIndexedAt ?? before, statusSince };
}

/** Waits until each has ended, then throws the first failure: a write left running could land after those of the retry. */
async function allEnded(writes: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(writes)).find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
}

/** The document of a run; `zone` is of the times in its text. */
export function toDocument(run: Unstamped, values: number[], zone: string): VectorDocument {
  const { source, pipeline, tech, status, signature, environment, contentHash: hash } = run;
  return {
    id: runId(run),
    values,
    document: documentText(run, zone),
    metadata: {
      source,
      pipeline,
      tech,
      status,
      ts: run.ts.getTime(),
      durationMs: run.durationMs ?? -1,
      signature: signature ?? "",
      environment: environment ?? "",
      contentHash: hash,
    },
  };
}

async function setRecordAside(deps: EmbedRecordsDeps, pending: SetAside, signal: AbortSignal): Promise<void> {
  const { source, recordId, contentHash: hash, stage, reason } = pending;
  await deps.deadLetters.put([{ source, recordId, contentHash: hash, stage, reason }], deps.now());
  await deps.vectors.remove([runId(pending)], signal);
  await deps.runs.remove([pending]);
}
type SetAside = Pick<DeadLetter, "source" | "recordId" | "contentHash" | "stage" | "reason">;
