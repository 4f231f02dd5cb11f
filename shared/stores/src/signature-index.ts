import { IncludeEnum } from "chromadb";
import type { Breaker } from "@flow-rag/kernel";
import { createChromaCalls, timeouts } from "./chroma-calls.js";
import type { OpenCollection } from "./chroma-rows.js";

/**
 * One kind of failure: `template` is its error with the variables masked, `views` the L2-normalised vectors of what is embedded of it, at
 * least one and of each kind as many.
 */
export type SignatureDocument = { readonly id: string; readonly template: string; readonly views: readonly number[][] };

export type SignatureIndex = ReturnType<typeof createSignatureIndex>;

const maxPerRequest = 500;

/** The collection of signatures that belongs to a collection of runs: `flows-1a2b3c4d` has `signatures-1a2b3c4d`. */
export const signaturesOf = (runsCollection: string): string => runsCollection.replace(/flows-(?=[^-]*$)/, "signatures-");

/** The first view has the id of the signature, further ones a number behind it. */
const rowId = (id: string, view: number): string => (view === 0 ? id : `${id}~${view}`);
const signatureOfRow = (row: string): string => row.replace(/~\d+$/, "");

/**
 * One row for each view of each distinct signature. A question that filters runs searches here, among the signatures of the runs it keeps: a
 * few thousand rows restricted by id take 20 ms, where a filter over all runs takes up to a second (measured at 312,000).
 * @throws as a vector store does.
 */
export const createSignatureIndex = (collection: OpenCollection, breaker?: Breaker) => {
  const call = createChromaCalls(breaker);
  return {
    /** All rows of a signature go in one request. */
    async upsert(documents: readonly SignatureDocument[], signal: AbortSignal): Promise<void> {
      for (let start = 0; start < documents.length; start += maxPerRequest) {
        const part = documents.slice(start, start + maxPerRequest);
        const all = part.flatMap(({ id, template, views }) => views.map((values, view) => ({ id: rowId(id, view), values, template, views: views.length }))); // prettier-ignore
        const rows = {
          ids: all.map(({ id }) => id),
          embeddings: all.map(({ values }) => values),
          documents: all.map(({ template }) => template),
          metadatas: all.map(({ views }) => ({ views })),
        };
        await call(() => collection.upsertRows(rows), signal, timeouts.write);
      }
    },
    /** Templates of those among the signatures that have their rows, by id. One from before there were views has to be written anew. */
    async templates(ids: readonly string[], signal: AbortSignal): Promise<Map<string, string>> {
      const found = new Map<string, string>();
      for (let start = 0; start < ids.length; start += maxPerRequest) {
        const part = ids.slice(start, start + maxPerRequest);
        const include = [IncludeEnum.documents, IncludeEnum.metadatas];
        const page = await call(() => collection.get({ ids: part, include }), signal, timeouts.read);
        page.ids.forEach((id, position) => {
          if (typeof page.metadatas[position]?.["views"] === "number") found.set(id, page.documents[position] ?? "");
        });
      }
      return found;
    },
    /** Cosines of a vector with the views of those among the signatures that are there, by id. */
    async cosines(values: number[], ids: readonly string[], signal: AbortSignal): Promise<Map<string, number[]>> {
      const found = new Map<string, number[]>();
      if (ids.length === 0) return found;
      // The server fails as a whole over an id that it does not have.
      const known = await call(() => collection.get({ ids: [...ids], include: [IncludeEnum.metadatas] }), signal, timeouts.read);
      const present = known.ids.flatMap((id, position) =>
        Array.from({ length: Number(known.metadatas[position]?.["views"] ?? 1) }, (_, view) => rowId(id, view)),
      );
      if (present.length === 0) return found;
      const query = { queryEmbeddings: [values], nResults: present.length, ids: present, include: [IncludeEnum.distances] };
      const rows = await call(() => collection.query(query), signal, timeouts.read);
      (rows.ids[0] ?? []).forEach((row, position) => {
        const id = signatureOfRow(row);
        found.set(id, [...(found.get(id) ?? []), 1 - (rows.distances[0]?.[position] ?? 1)]);
      });
      return found;
    },
    count: (signal: AbortSignal): Promise<number> => call(() => collection.count(), signal, timeouts.read),
  };
};
