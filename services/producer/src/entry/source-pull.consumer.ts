import type { sourcePull } from "@flow-rag/contracts";
import { AppError } from "@flow-rag/kernel";
import type { HandlerOf } from "@flow-rag/queue";
import { pullRecords } from "../domain/pull-records.js";
import type { PullRecordsDeps } from "../domain/pull.js";

type SourcePart = { deps: PullRecordsDeps; limits: { overlapMs: number; zone: string } };

/** `partOf` gives what belongs to one source, on behalf of a request; undefined when no source of that name is configured here. */
export const handleSourcePull =
  (partOf: (source: string, requestId: string | undefined) => SourcePart | undefined): HandlerOf<typeof sourcePull> =>
  async ({ slot: _slot, ...request }, { signal, log, report, requestId }) => {
    const { source, mode } = request;
    const part = partOf(source, requestId);
    if (!part) throw new AppError("invalid_input", `source: ${source} is not configured (SOURCE_NAME, SOURCES)`);
    const result = await pullRecords(part.deps, { ...request, ...part.limits }, signal, report);
    const { batches, ...counts } = result;
    log.info({ source, mode, ...counts, batches: batches.length }, "source pulled");
    if (result.ahead > 0) log.warn({ source, ahead: result.ahead }, "records are dated ahead of the clock");
    if (result.keptBack > 0) log.warn({ source, keptBack: result.keptBack }, "removals kept back: too many at once without a yes");
    return result;
  };
