import { AppError } from "@flow-rag/kernel";
import type { Embedder } from "@flow-rag/models";
import type { SignatureIndex } from "@flow-rag/stores";

export type IndexSignaturesDeps = { signatureIndex: Pick<SignatureIndex, "upsert">; embedder: Pick<Embedder, "embedPassages"> };

type Given = { readonly id: string; readonly template: string } | null;

/** Stores each distinct signature once; null is a run without an error. Safe to repeat. */
export async function indexSignatures(deps: IndexSignaturesDeps, given: readonly Given[], signal: AbortSignal): Promise<void> {
  const templates = new Map(given.flatMap((signature) => (signature ? [[signature.id, signature.template] as const] : [])));
  if (templates.size === 0) return;
  const vectors = await deps.embedder.embedPassages([...templates.values()], signal);
  const documents = [...templates].map(([id, template], position) => {
    const values = vectors[position];
    if (!values) throw new AppError("unexpected", "the embedder returned too few vectors");
    return { id, template, values };
  });
  await deps.signatureIndex.upsert(documents, signal);
}
