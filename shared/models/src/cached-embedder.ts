import { untilAborted } from "@flow-rag/kernel";
import type { Embedder } from "./embedder.js";

/** What a cache has done since it was opened: `hits` counts texts that were there or underway, `misses` those that were embedded. */
export interface CacheStats {
  readonly hits: number;
  readonly misses: number;
  readonly entries: number;
  readonly bytes: number;
}
export type CachedEmbedder = Embedder & { stats(): CacheStats };

/** An entry's share of the map, beside its text and its vector. Measured on Node 20. */
const entryBytes = 150;

/**
 * The embedder with a memory: a passage that was embedded lately is not embedded again, and one that several callers want at once is embedded
 * once. Forgets what was used longest ago once the texts and vectors it holds exceed `maxBytes`; questions are not kept.
 * A failure is never remembered: callers that waited for another's text ask for it themselves.
 */
export function createCachedEmbedder(embedder: Embedder, { maxBytes }: { maxBytes: number }): CachedEmbedder {
  // Of one embedder, so the fingerprint is the cache's and not each key's. A map keeps the order in which keys were set: oldest first.
  const kept = new Map<string, Float32Array>();
  const underway = new Map<string, Promise<unknown>>();
  const counts = { hits: 0, misses: 0, bytes: 0 };

  const bytesOf = (text: string): number => text.length * 2 + embedder.dimensions * 4 + entryBytes;
  const keep = (text: string, vector: readonly number[]): void => {
    if (kept.has(text) || bytesOf(text) > maxBytes) return;
    kept.set(text, Float32Array.from(vector));
    counts.bytes += bytesOf(text);
    for (const oldest of kept.keys()) {
      if (counts.bytes <= maxBytes) return;
      kept.delete(oldest);
      counts.bytes -= bytesOf(oldest);
    }
  };
  const recall = (text: string): number[] | undefined => {
    const vector = kept.get(text);
    if (!vector) return undefined;
    kept.delete(text);
    kept.set(text, vector);
    return Array.from(vector);
  };
  const embedNew = async (texts: readonly string[], signal: AbortSignal): Promise<Map<string, number[]>> => {
    const work = embedder.embedPassages(texts, signal);
    for (const text of texts) underway.set(text, work);
    try {
      const vectors = await work;
      texts.forEach((text, position) => keep(text, vectors[position]!));
      return new Map(texts.map((text, position) => [text, Array.from(Float32Array.from(vectors[position]!))]));
    } finally {
      for (const text of texts) if (underway.get(text) === work) underway.delete(text);
    }
  };

  const embedAll = async (texts: readonly string[], signal: AbortSignal): Promise<Map<string, number[]>> => {
    const found = new Map<string, number[]>();
    let wanted = [...new Set(texts)];
    const distinct = wanted.length;
    let embedded = 0;
    while (wanted.length > 0) {
      signal.throwIfAborted();
      const missing: string[] = [];
      const others = new Set<Promise<unknown>>();
      for (const text of wanted) {
        const vector = recall(text);
        const other = underway.get(text);
        if (vector) found.set(text, vector);
        else if (other) others.add(other);
        else missing.push(text);
      }
      embedded += missing.length;
      const mine = missing.length > 0 ? await embedNew(missing, signal) : new Map<string, number[]>();
      for (const [text, vector] of mine) found.set(text, vector);
      await untilAborted(signal, Promise.allSettled(others));
      wanted = wanted.filter((text) => !found.has(text));
    }
    counts.misses += embedded;
    counts.hits += distinct - embedded + (texts.length - distinct);
    return found;
  };

  return {
    kind: embedder.kind,
    fingerprint: embedder.fingerprint,
    dimensions: embedder.dimensions,
    mixtures: embedder.mixtures,
    async embedPassages(texts, signal) {
      if (texts.length === 0) return await embedder.embedPassages(texts, signal);
      const found = await embedAll(texts, signal);
      return texts.map((text) => found.get(text)!);
    },
    embedQuery: (text, signal) => embedder.embedQuery(text, signal),
    stats: () => ({ ...counts, entries: kept.size }),
    async close() {
      kept.clear();
      counts.bytes = 0;
      await embedder.close();
    },
  };
}
