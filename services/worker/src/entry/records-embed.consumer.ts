import type { recordsEmbed } from "@flow-rag/contracts";
import type { HandlerOf } from "@flow-rag/queue";
import type { ActiveIndex, OpenIndex } from "../domain/active-index.js";
import { embedRecords, type EmbedRecordsDeps } from "../domain/embed-records.js";

export const handleRecordsEmbed =
  (index: ActiveIndex, depsOf: (source: string) => Omit<EmbedRecordsDeps, keyof OpenIndex>): HandlerOf<typeof recordsEmbed> =>
  async (batch, { signal, log }) => {
    const deps = depsOf(batch.source);
    const result = await index.use((open) => embedRecords({ ...deps, ...open }, batch, signal), signal);
    log.info({ source: batch.source, ...result }, "records embedded");
    log.debug({ cache: index.stats() }, "embedding cache");
    return result;
  };
