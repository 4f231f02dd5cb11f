import { AppError, type Logger } from "@flow-rag/kernel";
import type { ErrorKind } from "@flow-rag/stores";
import type { EvidenceIndex, NearSignatures } from "./evidence-index.js";
import { joinViews, rankTexts, type RankedText } from "./rank-texts.js";

type Deps = { readonly evidence: Pick<EvidenceIndex, "nearSignatures">; readonly log: Logger };

/**
 * Kinds of failure by their nearness to a text, the nearest first; `id` is the signature. Without the index, which `degraded` tells, the words
 * alone count. `near` is what the index said, undefined where it said nothing.
 */
export async function rankKinds(
  { evidence, log }: Deps,
  sought: string,
  kinds: readonly ErrorKind[],
  signal: AbortSignal,
): Promise<{ ranked: RankedText[]; near: NearSignatures | undefined; degraded: boolean }> {
  const ids = kinds.map(({ signature }) => signature);
  let degraded = false;
  const near = await evidence.nearSignatures(sought, ids, signal).catch((thrown: unknown) => {
    if (signal.aborted) throw thrown;
    log.warn({ err: AppError.from(thrown) }, "no vectors: errors are ranked by their words");
    degraded = true;
    return undefined;
  });
  const texts = kinds.map(({ signature, example }) => ({ id: signature, text: example }));
  const ranked = rankTexts(sought, texts, near && { cosines: joinViews(near.views), mixture: near.mixture });
  return { ranked, near, degraded };
}
