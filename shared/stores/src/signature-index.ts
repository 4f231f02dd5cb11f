import { IncludeEnum } from "chromadb";
import type { Breaker } from "@flow-rag/kernel";
import { createChromaCalls, timeouts } from "./chroma-calls.js";
import type { OpenCollection } from "./chroma-rows.js";

/** One kind of failure: `template` is its error with the variables masked, `values` the L2-normalised vector of the template. */
export type SignatureDocument = { readonly id: string; readonly values: number[]; readonly template: string };

export type SignatureIndex = ReturnType<typeof createSignatureIndex>;

const maxPerRequest = 500;

/** The collection of signatures that belongs to a collection of runs: `flows-1a2b3c4d` has `signatures-1a2b3c4d`. */
export const signaturesOf = (runsCollection: string): string => runsCollection.replace(/flows-(?=[^-]*$)/, "signatures-");

/**
 * One document for each distinct signature. A question that filters runs searches here, among the signatures of the runs it keeps: a few
 * thousand documents restricted by id take 10 ms, where a filter over all runs takes up to a second (measured at 312,000).
 * @throws as a vector store does.
 */
export const createSignatureIndex = (collection: OpenCollection, breaker?: Breaker) => {
  const call = createChromaCalls(breaker);
  return {
    async upsert(documents: readonly SignatureDocument[], signal: AbortSignal): Promise<void> {
      for (let start = 0; start < documents.length; start += maxPerRequest) {
        const part = documents.slice(start, start + maxPerRequest);
        const rows = {
          ids: part.map(({ id }) => id),
          embeddings: part.map(({ values }) => values),
          documents: part.map(({ template }) => template),
        };
        await call(() => collection.upsertRows(rows), signal, timeouts.write);
      }
    },
    /** Templates of those among the signatures that have a document, by id. */
    async templates(ids: readonly string[], signal: AbortSignal): Promise<Map<string, string>> {
      const found = new Map<string, string>();
      for (let start = 0; start < ids.length; start += maxPerRequest) {
        const part = ids.slice(start, start + maxPerRequest);
        const page = await call(() => collection.get({ ids: part, include: [IncludeEnum.documents] }), signal, timeouts.read);
        page.ids.forEach((id, position) => found.set(id, page.documents[position] ?? ""));
      }
      return found;
    },
    /** Nearest first, at most `limit` (200); among `ids` where they are given. Score is the cosine. Ties are in the order of the id. */
    async nearest(
      values: number[],
      { limit, ids }: { limit: number; ids?: readonly string[] },
      signal: AbortSignal,
    ): Promise<{ id: string; score: number }[]> {
      if (ids?.length === 0) return [];
      const query = {
        queryEmbeddings: [values],
        nResults: Math.min(limit, 200),
        ...(ids && { ids: [...ids] }),
        include: [IncludeEnum.distances],
      };
      const found = await call(() => collection.query(query), signal, timeouts.read);
      return (found.ids[0] ?? [])
        .map((id, position) => ({ id, score: 1 - (found.distances[0]?.[position] ?? 1) }))
        .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
    },
    count: (signal: AbortSignal): Promise<number> => call(() => collection.count(), signal, timeouts.read),
  };
};
