import type { sourcePull } from "@flow-rag/contracts";
import type { HandlerOf } from "@flow-rag/queue";
import { pullRecords, type PullRecordsDeps } from "../domain/pull-records.js";

export const handleSourcePull =
  (deps: PullRecordsDeps, { overlapMs }: { overlapMs: number }): HandlerOf<typeof sourcePull> =>
  async ({ source, mode, allowRemovals }, { signal, log, report }) => {
    const result = await pullRecords(deps, { source, mode, allowRemovals, overlapMs }, signal, report);
    const { batches, ...counts } = result;
    log.info({ source, mode, ...counts, batches: batches.length }, "source pulled");
    if (result.keptBack > 0) log.warn({ source, keptBack: result.keptBack }, "removals kept back: too many at once without a yes");
    return result;
  };
