import type { Context } from "@flow-rag/contracts";
import { AppError, createBreaker, untilAborted, within, type Breaker, type Logger } from "@flow-rag/kernel";
import { openEmbedder, type Embedder, type EmbedderConfig, type Mixture } from "@flow-rag/models";
import {
  chromaLate,
  createSignatureIndex,
  createVectorStore,
  isCollectionGone,
  openCollection,
  signaturesOf,
  type IndexState,
  type IndexStateStore,
  type SignatureIndex,
  type SignatureJoins,
  type VectorFilter,
  type VectorStore,
} from "@flow-rag/stores";
import type { ViewCosines } from "./rank-texts.js";

export interface EvidenceIndex {
  /** The indexed runs nearest in meaning, best first, at most `limit`; none while nothing has been indexed. */
  search(text: string, query: { limit: number; filter: VectorFilter }, signal: AbortSignal): Promise<Context[]>;
  /** Cosines of a text with the views of each of the signatures, of the first 5,000; undefined while nothing has been indexed. */
  nearSignatures(text: string, ids: readonly string[], signal: AbortSignal): Promise<NearSignatures | undefined>;
  /** Opens the active index and loads its embedder, so that no question has to wait for that; nothing while nothing has been indexed. */
  warm(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
/** `mixture` is for errors, of the embedder that the index was built with. */
export type NearSignatures = { readonly views: ViewCosines; readonly mixture: Mixture };
/** A few thousand ids in one request take 20 ms; the most frequent come first. */
const idsAtMost = 5_000;
type Options = {
  states: Pick<IndexStateStore, "read">;
  joins: SignatureJoins;
  chromaUrl: string;
  embedder: EmbedderConfig;
  log: Logger;
  /** Of Chroma; one of its own unless given. */
  breaker?: Breaker;
  /** How long a question waits for one search, the opening of the index included. Milliseconds. */
  answerWithinMs?: number;
};
type Opened = {
  readonly state: IndexState;
  readonly embedder: Embedder;
  readonly vectors: VectorStore;
  readonly signatures: SignatureIndex;
};

/**
 * Searches the active index with the embedder it was built with, whatever this process is configured for: a question embedded
 * otherwise would find nonsense. The pointer is read for each search, so a switch is followed without a restart.
 * @throws AppError `misconfigured` when that embedder cannot be had here.
 */
export function createEvidenceIndex({
  states,
  joins,
  chromaUrl,
  embedder: config,
  log,
  breaker = createBreaker("Chroma"),
  answerWithinMs = 30_000,
}: Options): EvidenceIndex {
  let current: { fingerprint: string; opened: Promise<Opened> } | undefined;

  const open = async (state: IndexState): Promise<Opened> => {
    const { embedder, reason } = await openEmbedder({ ...config, kind: state.embedder.kind }, { log });
    if (embedder.fingerprint !== state.embedder.fingerprint) {
      await embedder.close();
      throw new AppError("misconfigured", `the index was built with "${state.embedder.fingerprint}", here is "${embedder.fingerprint}"`);
    }
    log.info({ embedder: embedder.fingerprint, reason, collection: state.collection }, "index opened");
    const openNamed = (name: string) => openCollection(chromaUrl, name, state.fingerprint, AbortSignal.timeout(30_000));
    const [runs, signatures] = await Promise.all([openNamed(state.collection), openNamed(signaturesOf(state.collection))]);
    return { state, embedder, vectors: createVectorStore(runs, breaker), signatures: createSignatureIndex(signatures, breaker) };
  };
  const follow = async (signal: AbortSignal): Promise<Opened | undefined> => {
    const state = await states.read(signal);
    if (!state) return undefined;
    if (current?.fingerprint !== state.fingerprint) {
      const former = current;
      const opened = open(state);
      const mine = { fingerprint: state.fingerprint, opened };
      current = mine;
      opened.catch(() => forget(mine)); // the next question tries again
      if (former) await former.opened.then(({ embedder }) => embedder.close()).catch(() => undefined);
    }
    return await current.opened;
  };
  const forget = (opened: typeof current): void => {
    if (current === opened) current = undefined;
  };
  /** A question that was underway at a switch is asked of the new index: the former one's embedder is closed, its collections may be dropped. */
  type Work<T> = (index: Opened, signal: AbortSignal) => Promise<T>;
  const ask = <T>(work: Work<T>, signal: AbortSignal): Promise<T | undefined> =>
    within(answerWithinMs, (limit) => untilAborted(limit, askWithin(work, limit)), [signal], chromaLate);
  const askWithin = async <T>(work: Work<T>, signal: AbortSignal): Promise<T | undefined> => {
    const index = await follow(signal);
    if (!index) return undefined;
    const asked = current;
    try {
      return await work(index, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (isCollectionGone(error)) forget(asked); // Chroma lost its data, and the worker makes the collection anew
      const now = await follow(signal);
      if (!now || now === index) throw error;
      return await work(now, signal);
    }
  };
  return {
    search: async (text, { limit, filter }, signal) => {
      const searching: Work<Context[]> = async ({ vectors, embedder }, limited) => {
        const hits = await vectors.search(await embedder.embedQuery(text, limited), { limit, filter }, limited);
        const { resolve } = await joins.current(limited);
        return hits.map(({ meta, ...hit }) => ({ ...hit, meta: { ...meta, signature: meta.signature && resolve(meta.signature) } }));
      };
      return (await ask(searching, signal)) ?? [];
    },
    nearSignatures: async (text, ids, signal) =>
      ids.length === 0
        ? undefined
        : await ask(async ({ signatures, embedder }, limited) => {
            const values = await embedder.embedQuery(text, limited);
            return { views: await signatures.cosines(values, ids.slice(0, idsAtMost), limited), mixture: embedder.mixtures.errors };
          }, signal),
    async warm(signal) {
      const index = await follow(signal);
      await index?.embedder.embedQuery("flow-rag", signal);
    },
    async close() {
      await current?.opened.then(({ embedder }) => embedder.close()).catch(() => undefined);
    },
  };
}
