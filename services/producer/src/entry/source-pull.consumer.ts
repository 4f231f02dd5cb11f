import type { sourcePull } from "@flow-rag/contracts";
import type { HandlerOf } from "@flow-rag/queue";
import { pullRecords } from "../domain/pull-records.js";
import type { PullRecordsDeps } from "../domain/pull.js";

export const handleSourcePull =
  (deps: PullRecordsDeps, limits: { overlapMs: number; zone: string }): HandlerOf<typeof sourcePull> =>
  async ({ slot: _slot, ...request }, { signal, log, report }) => {
    const { source, mode } = request;
    const result = await pullRecords(deps, { ...request, ...limits }, signal, report);
    const { batches, ...counts } = result;
    log.info({ source, mode, ...counts, batches: batches.length }, "source pulled");
    if (result.keptBack > 0) log.warn({ source, keptBack: result.keptBack }, "removals kept back: too many at once without a yes");
    return result;
  };
