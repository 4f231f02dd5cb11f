import { errorViews } from "@flow-rag/insights";
import { AppError } from "@flow-rag/kernel";
import type { Embedder } from "@flow-rag/models";
import type { SignatureIndex } from "@flow-rag/stores";

export type IndexSignaturesDeps = {
  signatureIndex: Pick<SignatureIndex, "upsert" | "templates">;
  embedder: Pick<Embedder, "embedPassages">;
};

/** A signature and an error text that bears it. */
export type SignatureToIndex = { readonly id: string; readonly template: string; readonly example: string };

/** Stores each distinct signature that the index does not have as it is; null is a run without an error. Safe to repeat. */
export async function indexSignatures(
  deps: IndexSignaturesDeps,
  given: readonly (SignatureToIndex | null)[],
  signal: AbortSignal,
): Promise<void> {
  const distinct = new Map(given.flatMap((signature) => (signature ? [[signature.id, signature] as const] : [])));
  if (distinct.size === 0) return;
  const indexed = await deps.signatureIndex.templates([...distinct.keys()], signal);
  const due = [...distinct.values()].filter(({ id, template }) => indexed.get(id) !== template);
  if (due.length === 0) return;
  const viewsOf = new Map(due.map(({ id, example }) => [id, errorViews(example)]));
  const texts = [...new Set([...viewsOf.values()].flat())];
  const vectors = await deps.embedder.embedPassages(texts, signal);
  const vectorOf = new Map(texts.map((text, position) => [text, vectors[position]]));
  const documents = due.map(({ id, template }) => ({ id, template, views: (viewsOf.get(id) ?? []).map((text) => vector(text)) }));
  function vector(text: string): number[] {
    const values = vectorOf.get(text);
    if (!values) throw new AppError("unexpected", "the embedder returned too few vectors");
    return values;
  }
  await deps.signatureIndex.upsert(documents, signal);
}
