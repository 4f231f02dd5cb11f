import type { Counted, KindCount, RunKind } from "./mirrored-run.js";
import type { Cell } from "./run-figures.js";

/** Counts that are made once, and in each form when it is asked for. */
export function countedOnce(count: () => ReadonlyMap<RunKind, KindCount>): Counted {
  let counted: ReturnType<typeof count> | undefined;
  let listed: readonly Cell[] | undefined;
  const kinds = () => (counted ??= count());
  return { kinds, cells: () => (listed ??= toCells(kinds())) };
}

/** Kinds that differ in their source or in the word of their status only are one cell. */
export function toCells(kinds: ReadonlyMap<RunKind, KindCount>): readonly Cell[] {
  if (isOfOneSource(kinds) && !hasUnread(kinds)) {
    const own: Cell[] = [];
    kinds.forEach((figures, kind) => own.push(toCell(kind, figures)));
    return own;
  }
  const cells = new Map<string, { readonly kind: RunKind; readonly figures: KindCount }>();
  for (const [kind, figures] of kinds) {
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

function isOfOneSource(kinds: ReadonlyMap<RunKind, KindCount>): boolean {
  let first: string | undefined;
  for (const { source } of kinds.keys()) if (source !== (first ??= source)) return false;
  return true;
}

function hasUnread(kinds: ReadonlyMap<RunKind, KindCount>): boolean {
  for (const { unread } of kinds.keys()) if (unread !== null) return true;
  return false;
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
