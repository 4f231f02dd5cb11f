import type { RunStore, SignatureIndex, SignatureStore } from "@flow-rag/stores";
import type { SignatureToIndex } from "./index-signatures.js";

export type CompareSignaturesDeps = {
  runs: Pick<RunStore, "signaturesOf" | "bearing">;
  signatures: Pick<SignatureStore, "read">;
  signatureIndex: Pick<SignatureIndex, "templates">;
};
export type SignatureComparison = {
  readonly counts: { readonly signatures: number; readonly missingSignatures: number; readonly staleSignatures: number };
  /** Signatures whose document has to be written, as it should be. */
  readonly due: readonly SignatureToIndex[];
  /** Records whose signature nothing is known of any more: only their text can tell it again. */
  readonly forgotten: readonly string[];
};

/**
 * Compares the documents of signatures with the signatures that the runs of a source bear. A signature that no run bears any more is not
 * looked at: its document is the memory of a failure that may come back, and no answer shows it without a run. Reads only.
 */
export async function compareSignatures(deps: CompareSignaturesDeps, source: string, signal: AbortSignal): Promise<SignatureComparison> {
  const borne = await deps.runs.signaturesOf(source, signal);
  const [known, documents] = await Promise.all([deps.signatures.read(borne, signal), deps.signatureIndex.templates(borne, signal)]);
  const counts = { signatures: 0, missingSignatures: 0, staleSignatures: 0 };
  const due: SignatureToIndex[] = [];
  const unknown: string[] = [];
  for (const id of borne) {
    const signature = known.get(id);
    const document = documents.get(id);
    if (signature !== undefined && signature.template === document) {
      counts.signatures += 1;
      continue;
    }
    if (document === undefined) counts.missingSignatures += 1;
    else counts.staleSignatures += 1;
    if (signature === undefined) unknown.push(id);
    else due.push({ id, template: signature.template, example: signature.example });
  }
  return { counts, due, forgotten: await deps.runs.bearing(source, unknown, signal) };
}
