import { countPlaceholders, type Metrics } from "@flow-rag/kernel";
import type { ActiveIndex, OpenIndex } from "./domain/active-index.js";
import type { SourceDeps } from "./worker-deps.js";

/** Characters a token has on the average; the tokenizers are in child processes and say no counts. */
const charactersPerToken = 4;

/** The same index with its embedding counted; what the cache and the collection say of themselves is read at each scrape. */
export function watchIndex(index: ActiveIndex, metrics: Metrics): ActiveIndex {
  const watchEmbedder = ({ embedder }: OpenIndex): OpenIndex["embedder"] => ({
    async embedPassages(texts, signal) {
      const from = performance.now();
      const vectors = await embedder.embedPassages(texts, signal);
      metrics.embedDuration.observe({}, (performance.now() - from) / 1_000);
      metrics.embedTokens.add({}, Math.ceil(texts.reduce((sum, text) => sum + text.length, 0) / charactersPerToken));
      return vectors;
    },
  });
  let told = { hits: 0, misses: 0 };
  metrics.onScrape([], async () => {
    const { hits, misses } = index.stats();
    metrics.embedCache.add({ outcome: "hit" }, hits - told.hits);
    metrics.embedCache.add({ outcome: "miss" }, misses - told.misses);
    told = { hits, misses };
  });
  metrics.onScrape([metrics.indexDocuments], async (signal) => {
    await index.use(async ({ collection, vectors }) => metrics.indexDocuments.set({ collection }, await vectors.count(signal)), signal);
  });
  return { ...index, use: (work, signal) => index.use((open) => work({ ...open, embedder: watchEmbedder(open) }), signal) };
}

/** The same deps, with what was redacted counted. */
export function watchSource(deps: SourceDeps, metrics: Metrics): SourceDeps {
  const { runs } = deps;
  return {
    ...deps,
    runs: {
      ...runs,
      async upsert(batch, options) {
        await runs.upsert(batch, options);
        for (const { error } of batch)
          for (const [type, count] of Object.entries(countPlaceholders(error ?? ""))) metrics.redactions.add({ type }, count);
      },
    },
  };
}
