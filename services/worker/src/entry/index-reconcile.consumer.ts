import type { indexReconcile } from "@flow-rag/contracts";
import type { HandlerOf } from "@flow-rag/queue";
import { reconcileIndex, type ReconcileDeps } from "../domain/reconcile-index.js";

export const handleIndexReconcile =
  (depsOf: (source: string) => ReconcileDeps): HandlerOf<typeof indexReconcile> =>
  async ({ source, repair, allowRemovals }, { signal, log }) => {
    const result = await reconcileIndex(depsOf(source), { source, repair, allowRemovals }, signal);
    const { batches, differences: _shown, ...counts } = result;
    log[result.inSync ? "info" : "warn"](
      { ...counts, source, records: counts.source, repair, batches: batches.length },
      "index compared with its source",
    );
    return result;
  };
