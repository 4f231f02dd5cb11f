import type { indexReconcile } from "@flow-rag/contracts";
import type { HandlerOf } from "@flow-rag/queue";
import type { ActiveIndex, OpenIndex } from "../domain/active-index.js";
import { reconcileIndex, type ReconcileDeps } from "../domain/reconcile-index.js";

export const handleIndexReconcile =
  (index: ActiveIndex, depsOf: (source: string) => Omit<ReconcileDeps, keyof OpenIndex>): HandlerOf<typeof indexReconcile> =>
  async ({ source, repair, allowRemovals }, { signal, log }) => {
    const deps = depsOf(source);
    const result = await index.use((open) => reconcileIndex({ ...deps, ...open }, { source, repair, allowRemovals }, signal), signal);
    const { batches, differences: _shown, ...counts } = result;
    log[result.inSync ? "info" : "warn"](
      { ...counts, source, records: counts.source, repair, batches: batches.length },
      "index compared with its source",
    );
    return result;
  };
