import type { KindCount, RunKind } from "./mirrored-run.js";
import type { Cell } from "./run-facts.js";

/** Kinds that differ in their source only are one cell. */
export function toCells(kinds: ReadonlyMap<RunKind, KindCount>): readonly Cell[] {
  const cells = new Map<string, { readonly kind: RunKind; readonly figures: KindCount }>();
  const all = [...kinds];
  if (all.every(([{ source }]) => source === all[0]?.[0].source)) return all.map(([kind, figures]) => toCell(kind, figures));
  for (const [kind, figures] of all) {
    const { tech, pipeline, environment, status, signature } = kind;
    const key = JSON.stringify([tech, pipeline, environment, status, signature]);
    const known = cells.get(key)?.figures;
    if (!known) cells.set(key, { kind, figures: { ...figures } });
    else {
      known.count += figures.count;
      known.first = Math.min(known.first, figures.first);
      known.last = Math.max(known.last, figures.last);
    }
  }
  return [...cells.values()].map(({ kind, figures }) => toCell(kind, figures));
}

const toCell = ({ tech, pipeline, environment, status, signature }: RunKind, { count, first, last }: KindCount): Cell => ({
  tech,
  pipeline,
  environment,
  status,
  signature,
  count,
  first: new Date(first),
  last: new Date(last),
});
