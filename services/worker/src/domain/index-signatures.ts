import { signatureOf } from "@flow-rag/insights";
import { AppError } from "@flow-rag/kernel";
import type { Embedder } from "@flow-rag/models";
import type { SignatureIndex } from "@flow-rag/stores";

export type IndexSignaturesDeps = { signatures: Pick<SignatureIndex, "upsert">; embedder: Pick<Embedder, "embedPassages"> };

/** Stores each distinct signature of the errors once; null is a run without an error. Safe to repeat. */
export async function indexSignatures(deps: IndexSignaturesDeps, errors: readonly (string | null)[], signal: AbortSignal): Promise<void> {
  const templates = new Map<string, string>();
  for (const error of new Set(errors)) {
    const signature = signatureOf(error);
    if (signature) templates.set(signature.id, signature.template);
  }
  if (templates.size === 0) return;
  const vectors = await deps.embedder.embedPassages([...templates.values()], signal);
  const documents = [...templates].map(([id, template], position) => {
    const values = vectors[position];
    if (!values) throw new AppError("unexpected", "the embedder returned too few vectors");
    return { id, template, values };
  });
  await deps.signatures.upsert(documents, signal);
}
