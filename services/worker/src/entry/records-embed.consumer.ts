import type { recordsEmbed } from "@flow-rag/contracts";
import type { Metrics } from "@flow-rag/kernel";
import type { HandlerOf } from "@flow-rag/queue";
import { embedRecords, type EmbedRecordsDeps } from "../domain/embed-records.js";

export const handleRecordsEmbed =
  (depsOf: (source: string) => EmbedRecordsDeps, { ingestRecords }: Pick<Metrics, "ingestRecords">): HandlerOf<typeof recordsEmbed> =>
  async (batch, { signal, log }) => {
    const { source } = batch;
    try {
      const result = await embedRecords(depsOf(source), batch, signal);
      ingestRecords.add({ source, outcome: "embedded" }, result.indexed);
      ingestRecords.add({ source, outcome: "skipped" }, result.unchanged);
      ingestRecords.add({ source, outcome: "dead" }, result.setAside);
      log.info({ source, ...result }, "records embedded");
      return result;
    } catch (error) {
      ingestRecords.add({ source, outcome: "failed" }, batch.records.length);
      throw error;
    }
  };
