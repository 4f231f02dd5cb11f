import { maxBatchRecords, removableShare, type IndexReconcileResult } from "@flow-rag/contracts";
import type { ImportNotes, RunStore, SourceHealthStore, VectorStore } from "@flow-rag/stores";
import { compareIndex, type CompareDeps } from "./compare-index.js";
import { indexSignatures, type IndexSignaturesDeps } from "./index-signatures.js";

export type ReconcileDeps = Omit<CompareDeps, "vectors" | "signatureIndex" | "runs"> & {
  runs: CompareDeps["runs"] & Pick<RunStore, "countCopied">;
  health: Pick<SourceHealthStore, "setHeld">;
  imports: Pick<ImportNotes, "read">;
  now: () => Date;
  vectors: CompareDeps["vectors"] & Pick<VectorStore, "remove">;
  signatureIndex: CompareDeps["signatureIndex"] & IndexSignaturesDeps["signatureIndex"];
  embedder: IndexSignaturesDeps["embedder"];
  /** Enqueues records to be embedded, or removed when they are gone; returns the job's id. */
  send: (source: string, recordIds: readonly string[]) => Promise<string>;
};
const copiesLookedUp = 500;
type Request = { readonly source: string; readonly repair: boolean; readonly allowRemovals: boolean };

/**
 * Says how far a source and its index agree and, asked to, sends what differs to be indexed or removed. Documents that belong to
 * nothing are removed and documents of signatures written here. Safe to repeat: what was repaired meanwhile is found in order.
 */
export async function reconcileIndex(
  deps: ReconcileDeps,
  { source, repair, allowRemovals }: Request,
  signal: AbortSignal,
): Promise<IndexReconcileResult> {
  const startedAt = deps.now();
  const { counts, due, removed, orphans, signatures } = await compareIndex(deps, source, signal);
  const result: IndexReconcileResult = { ...counts, keptBack: 0, batches: [] };
  if (!repair) return result;
  const tooMany = !allowRemovals && removed.length > counts.runs * removableShare;
  if (tooMany) result.keptBack = removed.length;
  let copies = 0;
  for (let start = 0; tooMany && start < removed.length; start += copiesLookedUp)
    copies += await deps.runs.countCopied(source, removed.slice(start, start + copiesLookedUp), signal);
  await deps.health.setHeld(source, { runs: result.keptBack, copies, now: deps.now() });
  const ids = tooMany ? due : [...due, ...removed];
  for (let start = 0; start < ids.length; start += maxBatchRecords) {
    signal.throwIfAborted();
    result.batches.push(await deps.send(source, ids.slice(start, start + maxBatchRecords)));
  }
  await deps.imports.read(source, { startedAt, from: null });
  await indexSignatures(deps, signatures, signal);
  if (orphans.length > 0) await deps.vectors.remove(orphans, signal);
  return result;
}
