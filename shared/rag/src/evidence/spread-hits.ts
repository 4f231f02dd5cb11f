import type { Context } from "@flow-rag/contracts";

/**
 * At most `limit` of the hits, the nearest first: one of each run and of each error of a pipeline. Each error has a place before another
 * pipeline with an error that is there already has one.
 */
export function spreadHits(hits: readonly Context[], limit: number): Context[] {
  const nearest = [...hits].sort((a, b) => b.score - a.score || (a.meta.id < b.meta.id ? -1 : 1));
  const once = firstOf(nearest, errorOfPipeline);
  const errors = firstOf(once, ({ meta }) => meta.signature ?? meta.id);
  const chosen = new Set(errors.slice(0, limit));
  for (const hit of once) if (chosen.size < limit) chosen.add(hit);
  return once.filter((hit) => chosen.has(hit));
}

/** What is shown once; a run without an error is one of its own. */
export const errorOfPipeline = ({ meta }: Pick<Context, "meta">): string =>
  meta.signature === null ? meta.id : JSON.stringify([meta.signature, meta.pipeline]);

const firstOf = (hits: readonly Context[], keyOf: (hit: Context) => string): Context[] => {
  const first = new Map<string, Context>();
  for (const hit of hits) if (!first.has(keyOf(hit))) first.set(keyOf(hit), hit);
  return [...first.values()];
};
