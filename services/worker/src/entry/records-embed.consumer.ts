import type { recordsEmbed } from "@flow-rag/contracts";
import type { Metrics } from "@flow-rag/kernel";
import type { HandlerOf } from "@flow-rag/queue";
import type { ActiveIndex, OpenIndex } from "../domain/active-index.js";
import { embedRecords, type EmbedRecordsDeps } from "../domain/embed-records.js";

/** `vectorsOf`: where a source's documents go instead of the index. */
type EmbedDeps = Omit<EmbedRecordsDeps, keyof OpenIndex> & { readonly vectorsOf?: (open: OpenIndex) => EmbedRecordsDeps["vectors"] };

export const handleRecordsEmbed =
  (
    index: ActiveIndex,
    depsOf: (source: string) => EmbedDeps,
    { ingestRecords }: Pick<Metrics, "ingestRecords">,
  ): HandlerOf<typeof recordsEmbed> =>
  async (batch, { signal, log }) => {
    const { source } = batch;
    try {
      const deps = depsOf(source);
      const embed = (open: OpenIndex) => embedRecords({ ...deps, ...open, vectors: deps.vectorsOf?.(open) ?? open.vectors }, batch, signal);
      const result = await index.use(embed, signal);
      ingestRecords.add({ source, outcome: "embedded" }, result.indexed);
      ingestRecords.add({ source, outcome: "skipped" }, result.unchanged);
      ingestRecords.add({ source, outcome: "dead" }, result.setAside);
      log.info({ source, ...result }, "records embedded");
      log.debug({ cache: index.stats() }, "embedding cache");
      return result;
    } catch (error) {
      ingestRecords.add({ source, outcome: "failed" }, batch.records.length);
      throw error;
    }
  };
