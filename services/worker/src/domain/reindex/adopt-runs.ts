import { runId } from "@flow-rag/contracts";
import type { IndexedRun } from "@flow-rag/stores";
import { indexSignatures } from "../index-signatures.js";
import { findBehind, removeOrphans } from "./fill-index.js";
import type { ReindexDeps } from "./reindex-deps.js";
import { walkRuns } from "./walk-runs.js";
import { assignSignatures, writeDocuments } from "./write-documents.js";

/** A round that is behind only because it raced with ingestion is followed by one that is not. */
const mostRounds = 10;

/**
 * After the switch: makes every run bear the active index's fingerprint and the signature it has there, once its document is seen to be of
 * its content. What workers wrote to the former index until they saw the switch bears the former fingerprint, and so is found here. A run
 * that changes while it is looked at is left for the next round.
 */
export async function adoptRuns(deps: ReindexDeps, signal: AbortSignal): Promise<number> {
  let written = 0;
  const total = await deps.runs.count(signal);
  let done = 0;
  for (let round = 0; round < mostRounds; round += 1) {
    let found = 0;
    await walkRuns(
      { runs: deps.runs, besides: deps.fingerprint },
      async (page) => {
        found += page.length;
        written += await adoptPage(deps, page, signal);
        done += page.length;
        deps.onProgress({ stage: "adopt", done, total: Math.max(total, done) });
      },
      signal,
    );
    if (found === 0) break;
  }
  await removeOrphans(deps, (id) => isGoneFromSource(deps, id, signal), signal);
  return written;
}

async function adoptPage(deps: ReindexDeps, page: readonly IndexedRun[], signal: AbortSignal): Promise<number> {
  const behind = new Set(await findBehind(deps, page, signal));
  await indexAgain(deps, [...behind], signal);
  const inOrder = page.filter((run) => !behind.has(run));
  const given = await assignSignatures(deps, inOrder, signal);
  await deps.signatures.note(
    inOrder.flatMap(({ error, signature, pipeline, tech, ts }, index) => {
      const now = given[index];
      if (!now || now.id === signature || error === null) return [];
      return [{ signature: now.id, template: now.template, example: error, pipeline, tech, at: ts }];
    }),
  );
  await deps.runs.adopt(
    inOrder.map(({ id, contentHash }, index) => ({ id, contentHash, signature: given[index]?.id ?? null })),
    deps.fingerprint,
  );
  return behind.size;
}

/**
 * As any job would, from the records as they are now: workers write to this index too, and a document made from a run that was read a moment
 * ago could replace a newer one. Runs without a record, which were kept on purpose, have nobody else to write their documents.
 */
async function indexAgain(deps: ReindexDeps, runs: readonly IndexedRun[], signal: AbortSignal): Promise<void> {
  const kept: IndexedRun[] = [];
  for (const source of new Set(runs.map((run) => run.source))) {
    const ofSource = runs.filter((run) => run.source === source);
    const ids = ofSource.map(({ recordId }) => recordId);
    const existing = (await deps.sources.get(source)?.existing(ids, signal)) ?? new Set();
    kept.push(...ofSource.filter(({ recordId }) => !existing.has(recordId)));
    const due = ids.filter((id) => existing.has(id));
    if (due.length > 0) await deps.embedAgain(source, due, signal);
  }
  await writeDocuments(deps, kept, signal);
}

/** A worker writes the document before the run: what has a record still will have its run. A source that is not configured is left alone. */
async function isGoneFromSource({ sources }: ReindexDeps, id: string, signal: AbortSignal): Promise<boolean> {
  const source = id.slice(0, id.indexOf(":"));
  const recordId = id.slice(runId({ source, recordId: "" }).length);
  const existing = await sources.get(source)?.existing([recordId], signal);
  return existing !== undefined && !existing.has(recordId);
}

export type Parity = { runs: number; documents: number; missing: number; stale: number; extra: number; inSync: boolean };

/**
 * Compares every run with its document; what is found behind is indexed again, documents without a run are removed, and all is compared anew,
 * so that what remains is about this moment. Orphans are looked for here again: as long as some runs lacked their documents, they were hidden
 * behind an equal count.
 */
export async function verifyIndex(deps: ReindexDeps, signal: AbortSignal): Promise<Parity> {
  for (let round = 1; ; round += 1) {
    const parity = await compareOnce(deps, round < mostRounds, signal);
    if (parity.inSync || round === mostRounds) return parity;
    if (parity.extra > 0) await removeOrphans(deps, (id) => isGoneFromSource(deps, id, signal), signal);
  }
}

async function compareOnce(deps: ReindexDeps, repair: boolean, signal: AbortSignal): Promise<Parity> {
  const total = await deps.runs.count(signal);
  const counts = { runs: 0, missing: 0, stale: 0 };
  await walkRuns(
    deps,
    async (page) => {
      const versions = await deps.vectors.versions(
        page.map(({ id }) => id),
        signal,
      );
      const behind = page
        .filter(({ id, contentHash, fingerprint }) => versions.get(id) !== contentHash || fingerprint !== deps.fingerprint)
        .map(({ id }) => id);
      for (const id of behind) counts[versions.has(id) ? "stale" : "missing"] += 1;
      if (repair && behind.length > 0) await adoptPage(deps, await deps.runs.byIds(behind, signal), signal);
      counts.runs += page.length;
      deps.onProgress({ stage: "verify", done: counts.runs, total: Math.max(total, counts.runs) });
    },
    signal,
  );
  await restoreSignatures(deps, signal);
  const documents = await deps.vectors.count(signal);
  const extra = Math.max(0, documents - (await deps.runs.count(signal)));
  return { ...counts, documents, extra, inSync: counts.missing + counts.stale + extra === 0 };
}

/** Writes the signatures that runs bear where the index lacks them or has another template; few, and none is expected. */
async function restoreSignatures(deps: ReindexDeps, signal: AbortSignal): Promise<void> {
  const bearers = new Map<string, IndexedRun>();
  await walkRuns(
    deps,
    async (page) => {
      for (const run of page) if (run.signature !== null && !bearers.has(run.signature)) bearers.set(run.signature, run);
    },
    signal,
  );
  const ids = [...bearers.keys()];
  const [known, documents] = await Promise.all([deps.signatures.read(ids, signal), deps.signatureIndex.templates(ids, signal)]);
  const due = ids.filter((id) => documents.get(id) === undefined || documents.get(id) !== (known.get(id)?.template ?? documents.get(id)));
  const assigned = await assignSignatures(deps, due.flatMap((id) => bearers.get(id) ?? []), signal); // prettier-ignore
  const given = due.map((id, index) => ({
    id,
    template: known.get(id)?.template ?? assigned[index]?.template ?? "",
    example: known.get(id)?.example ?? bearers.get(id)?.error ?? "",
  }));
  await indexSignatures(deps, given, signal);
}
