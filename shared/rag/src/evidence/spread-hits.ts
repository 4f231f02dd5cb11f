import type { Context } from "@flow-rag/contracts";

/**
 * At most `limit` of the hits, in their order: one of each run and of each error of a pipeline. Each error has a place before another
 * pipeline with an error that is there already has one.
 */
export function spreadHits(hits: readonly Context[], limit: number): Context[] {
  const once = firstOf(hits, errorOfPipeline);
  const errors = firstOf(once, ({ meta }) => meta.signature ?? meta.id);
  const chosen = new Set(errors.slice(0, limit));
  for (const hit of once) if (chosen.size < limit) chosen.add(hit);
  return once.filter((hit) => chosen.has(hit));
}

/** Looked at for each place, so that one failure that occurred often does not fill them all. */
const lookedAtEach = 10;
const lookedAtMost = 200;
export const lookedAt = (limit: number): number => Math.max(limit, Math.min(limit * lookedAtEach, lookedAtMost));

/** What is shown once; a run without an error is one of its own. */
export const errorOfPipeline = ({ meta }: Pick<Context, "meta">): string =>
  meta.signature === null ? meta.id : JSON.stringify([meta.signature, meta.pipeline]);

/** The nearest by their cosine first. */
export const byScore = (hits: readonly Context[]): Context[] =>
  [...hits].sort((a, b) => b.score - a.score || (a.meta.id < b.meta.id ? -1 : 1));

export const firstOf = (hits: readonly Context[], keyOf: (hit: Context) => string): Context[] => {
  const first = new Map<string, Context>();
  for (const hit of hits) if (!first.has(keyOf(hit))) first.set(keyOf(hit), hit);
  return [...first.values()];
};
