import type { indexReconcile } from "@flow-rag/contracts";
import type { Metrics } from "@flow-rag/kernel";
import type { HandlerOf } from "@flow-rag/queue";
import type { ActiveIndex, OpenIndex } from "../domain/active-index.js";
import { reconcileIndex, type ReconcileDeps } from "../domain/reconcile-index.js";

export const handleIndexReconcile =
  (
    index: ActiveIndex,
    depsOf: (source: string, requestId: string | undefined) => Omit<ReconcileDeps, keyof OpenIndex>,
    { indexDrift }: Pick<Metrics, "indexDrift">,
  ): HandlerOf<typeof indexReconcile> =>
  async ({ source, repair, allowRemovals }, { signal, log, requestId }) => {
    const deps = depsOf(source, requestId);
    const result = await index.use((open) => reconcileIndex({ ...deps, ...open }, { source, repair, allowRemovals }, signal), signal);
    const { missing, extra, stale, missingSignatures, staleSignatures } = result;
    const drift = missing + extra + stale + missingSignatures + staleSignatures;
    indexDrift.set({ source }, repair ? result.keptBack : drift); // what is left as it is
    const { batches, differences: _shown, ...counts } = result;
    log[result.inSync ? "info" : "warn"](
      { ...counts, source, records: counts.source, repair, batches: batches.length },
      "index compared with its source",
    );
    return result;
  };
