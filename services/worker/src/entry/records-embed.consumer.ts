import type { recordsEmbed } from "@flow-rag/contracts";
import type { HandlerOf } from "@flow-rag/queue";
import { embedRecords, type EmbedRecordsDeps } from "../domain/embed-records.js";

export const handleRecordsEmbed =
  (depsOf: (source: string) => EmbedRecordsDeps): HandlerOf<typeof recordsEmbed> =>
  async (batch, { signal, log }) => {
    const result = await embedRecords(depsOf(batch.source), batch, signal);
    log.info({ source: batch.source, ...result }, "records embedded");
    return result;
  };
