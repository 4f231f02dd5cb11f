import { embeddedText } from "@flow-rag/insights";
import { AppError } from "@flow-rag/kernel";
import type { IndexedRun } from "@flow-rag/stores";
import { toDocument } from "../embed-records.js";
import { indexSignatures } from "../index-signatures.js";
import type { GivenSignature } from "../keep-signatures.js";
import type { TargetDeps } from "./reindex-deps.js";

export const assignSignatures = (
  { signatures }: Pick<TargetDeps, "signatures">,
  runs: readonly IndexedRun[],
  signal: AbortSignal,
): Promise<(GivenSignature | null)[]> =>
  signatures.assign(
    runs.map(({ error }) => error),
    signal,
  );

/** The documents of these runs, their signatures first: where a document is, its signature is too, wherever a kill falls. */
export async function writeDocuments(deps: TargetDeps, runs: readonly IndexedRun[], signal: AbortSignal): Promise<void> {
  if (runs.length === 0) return;
  const given = await assignSignatures(deps, runs, signal);
  const toIndex = given.map((signature, index) => signature && { ...signature, example: runs[index]?.error ?? "" });
  await indexSignatures(deps, toIndex, signal);

  const texts = runs.map((run) => embeddedText(run));
  const distinct = [...new Set(texts)];
  const vectors = await deps.embedder.embedPassages(distinct, signal);
  const vectorOf = new Map(distinct.map((text, index) => [text, vectors[index]]));
  const documents = runs.map((run, index) => {
    const values = vectorOf.get(texts[index] ?? "");
    if (!values) throw new AppError("unexpected", "the embedder returned too few vectors");
    return toDocument({ ...run, signature: given[index]?.id ?? null }, values, deps.zone);
  });
  await deps.vectors.upsert(documents, signal);
}
