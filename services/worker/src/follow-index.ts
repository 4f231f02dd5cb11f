import { AppError } from "@flow-rag/kernel";
import type { CacheStats, CachedEmbedder } from "@flow-rag/models";
import { isCollectionGone, type IndexDescription, type IndexStateStore, type SignatureIndex, type VectorStore } from "@flow-rag/stores";
import type { ActiveIndex } from "./domain/active-index.js";

type Stores = { readonly vectors: VectorStore; readonly signatureIndex: SignatureIndex };
type Options = {
  states: Pick<IndexStateStore, "read">;
  /** @throws AppError `misconfigured` when the index was built with something this process does not have. */
  openEmbedder: (index: IndexDescription) => Promise<CachedEmbedder>;
  openStores: (index: IndexDescription) => Promise<Stores>;
};
type Opened = {
  readonly fingerprint: string;
  readonly collection: string;
  readonly embedder: Promise<CachedEmbedder>;
  stores: Promise<Stores>;
  users: number;
};

const noStats: CacheStats = { hits: 0, misses: 0, entries: 0, bytes: 0 };

/** Follows the pointer: reads it before and after each piece of work, opens what it names, closes what nobody uses any more. */
export function createActiveIndex({ states, openEmbedder, openStores }: Options): ActiveIndex & { close(): Promise<void> } {
  let current: Opened | undefined;
  let latest: CachedEmbedder | undefined;
  const former = { hits: 0, misses: 0 };

  const readPointer = async (signal: AbortSignal): Promise<IndexDescription> => {
    const state = await states.read(signal);
    if (state) return state;
    throw new AppError("upstream_unavailable", "the state database names no index any more: was it emptied?");
  };
  const close = async (opened: Opened | undefined): Promise<void> => {
    const embedder = await opened?.embedder.catch(() => undefined);
    if (!embedder) return;
    const { hits, misses } = embedder.stats();
    former.hits += hits;
    former.misses += misses;
    if (latest === embedder) latest = undefined;
    await embedder.close();
  };
  const open = (state: IndexDescription): Opened => {
    const embedder = openEmbedder(state);
    const { fingerprint, collection } = state;
    const opened: Opened = { fingerprint, collection, embedder, stores: embedder.then(() => openStores(state)), users: 0 };
    embedder.then(
      (ready) => (latest = ready),
      () => undefined,
    );
    opened.stores.catch(() => {
      if (current !== opened) return;
      current = undefined; // the next asks again
      void close(opened);
    });
    return opened;
  };
  const follow = async (signal: AbortSignal): Promise<Opened> => {
    const state = await readPointer(signal);
    if (current?.fingerprint === state.fingerprint) return current;
    const left = current;
    const opened = open(state);
    current = opened;
    if (left?.users === 0) await close(left);
    return opened;
  };
  const leave = async (opened: Opened): Promise<void> => {
    opened.users -= 1;
    if (opened.users === 0 && current !== opened) await close(opened);
  };

  return {
    async use(work, signal) {
      for (;;) {
        const opened = await follow(signal);
        opened.users += 1;
        try {
          const [embedder, stores] = await Promise.all([opened.embedder, opened.stores]);
          const result = await work({ fingerprint: opened.fingerprint, collection: opened.collection, embedder, ...stores });
          if ((await readPointer(signal)).fingerprint === opened.fingerprint) return result;
        } catch (error) {
          signal.throwIfAborted();
          if (isCollectionGone(error) && current === opened) current = undefined; // what opens it again makes it again
          if (AppError.from(error).kind === "misconfigured" || (await readPointer(signal)).fingerprint === opened.fingerprint) throw error;
        } finally {
          await leave(opened);
        }
      }
    },
    stats() {
      const { hits, misses, ...held } = latest?.stats() ?? noStats;
      return { ...held, hits: hits + former.hits, misses: misses + former.misses };
    },
    async close() {
      const last = current;
      current = undefined;
      await close(last);
    },
  };
}
