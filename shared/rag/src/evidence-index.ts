import type { Context } from "@flow-rag/contracts";
import { AppError, type Logger } from "@flow-rag/kernel";
import { openEmbedder, type Embedder, type EmbedderConfig } from "@flow-rag/models";
import {
  createVectorStore,
  openCollection,
  type IndexState,
  type IndexStateStore,
  type VectorFilter,
  type VectorStore,
} from "@flow-rag/stores";

export interface EvidenceIndex {
  /** The indexed runs nearest in meaning, best first, at most `limit`; none while nothing has been indexed. */
  search(text: string, query: { limit: number; filter: VectorFilter }, signal: AbortSignal): Promise<Context[]>;
  close(): Promise<void>;
}
type Options = { states: Pick<IndexStateStore, "read">; chromaUrl: string; embedder: EmbedderConfig; log: Logger };
type Opened = { readonly state: IndexState; readonly embedder: Embedder; readonly vectors: VectorStore };

/**
 * Searches the active index with the embedder it was built with, whatever this process is configured for: a question embedded
 * otherwise would find nonsense. The pointer is read for each search, so a switch is followed without a restart.
 * @throws AppError `misconfigured` when that embedder cannot be had here.
 */
export function createEvidenceIndex({ states, chromaUrl, embedder: config, log }: Options): EvidenceIndex {
  let current: { fingerprint: string; opened: Promise<Opened> } | undefined;

  const open = async (state: IndexState): Promise<Opened> => {
    const { embedder, reason } = await openEmbedder({ ...config, kind: state.embedder.kind }, { log });
    if (embedder.fingerprint !== state.embedder.fingerprint) {
      await embedder.close();
      throw new AppError("misconfigured", `the index was built with "${state.embedder.fingerprint}", here is "${embedder.fingerprint}"`);
    }
    log.info({ embedder: embedder.fingerprint, reason, collection: state.collection }, "index opened");
    const collection = await openCollection(chromaUrl, state.collection, state.fingerprint, AbortSignal.timeout(30_000));
    return { state, embedder, vectors: createVectorStore(collection) };
  };
  const follow = async (signal: AbortSignal): Promise<Opened | undefined> => {
    const state = await states.read(signal);
    if (!state) return undefined;
    if (current?.fingerprint !== state.fingerprint) {
      const former = current;
      const opened = open(state);
      current = { fingerprint: state.fingerprint, opened };
      opened.catch(() => (current = undefined)); // the next question tries again
      if (former) await former.opened.then(({ embedder }) => embedder.close()).catch(() => undefined);
    }
    return await current.opened;
  };
  return {
    async search(text, { limit, filter }, signal) {
      const index = await follow(signal);
      if (!index) return [];
      return await index.vectors.search(await index.embedder.embedQuery(text, signal), { limit, filter }, signal);
    },
    async close() {
      await current?.opened.then(({ embedder }) => embedder.close()).catch(() => undefined);
    },
  };
}
