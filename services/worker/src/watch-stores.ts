import type { Metrics } from "@flow-rag/kernel";
import type { CachedEmbedder } from "@flow-rag/models";
import type { VectorStore } from "@flow-rag/stores";

type Stores = {
  readonly embedder: Pick<CachedEmbedder, "stats">;
  readonly vectors: Pick<VectorStore, "count">;
  /** Its name. */
  readonly collection: string;
};

/** What the embedding cache and the index say of themselves, read at each scrape. */
export function watchStores(metrics: Metrics, { embedder, vectors, collection }: Stores): void {
  let told = { hits: 0, misses: 0 };
  metrics.onScrape([], async () => {
    const { hits, misses } = embedder.stats();
    metrics.embedCache.add({ outcome: "hit" }, hits - told.hits);
    metrics.embedCache.add({ outcome: "miss" }, misses - told.misses);
    told = { hits, misses };
  });
  metrics.onScrape([metrics.indexDocuments], async (signal) => {
    metrics.indexDocuments.set({ collection }, await vectors.count(signal));
  });
}
