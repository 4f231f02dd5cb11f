import type { indexReconcile } from "@flow-rag/contracts";
import type { Metrics } from "@flow-rag/kernel";
import type { HandlerOf } from "@flow-rag/queue";
import { reconcileIndex, type ReconcileDeps } from "../domain/reconcile-index.js";

export const handleIndexReconcile =
  (
    depsOf: (source: string, requestId: string | undefined) => ReconcileDeps,
    { indexDrift }: Pick<Metrics, "indexDrift">,
  ): HandlerOf<typeof indexReconcile> =>
  async ({ source, repair, allowRemovals }, { signal, log, requestId }) => {
    const result = await reconcileIndex(depsOf(source, requestId), { source, repair, allowRemovals }, signal);
    indexDrift.set({ source }, repair ? result.keptBack : result.missing + result.extra + result.stale); // what is left as it is
    const { batches, differences: _shown, ...counts } = result;
    log[result.inSync ? "info" : "warn"](
      { ...counts, source, records: counts.source, repair, batches: batches.length },
      "index compared with its source",
    );
    return result;
  };
