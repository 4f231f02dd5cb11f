import type { Cell, ErrorKind, FoundRun, RunFigures } from "./run-figures.js";
import type { FactFilter } from "./run-filter.js";
import type { SignatureIds } from "./signature-ids.js";

/** The filter with all ids of the signatures that it names. */
export const widenSignatures = <F extends Pick<FactFilter, "signatures">>(filter: F, ids: SignatureIds): F =>
  filter.signatures === undefined || ids.moved === 0 ? filter : { ...filter, signatures: filter.signatures.flatMap(ids.membersOf) };

/** Figures of runs by the ids that they bear, told by the signatures that these are of. */
export function joinFigures(figures: RunFigures, idsNow: (signal: AbortSignal) => Promise<SignatureIds> | SignatureIds): RunFigures {
  const runsOf =
    (read: RunFigures["latestRuns"]): RunFigures["latestRuns"] =>
    async (filter, limit, signal) => {
      const ids = await idsNow(signal);
      const found = await read(widenSignatures(filter, ids), limit, signal);
      return ids.moved === 0 ? found : found.map((run) => withSignature(run, ids));
    };
  return {
    ...figures,
    async cells(filter, signal) {
      const ids = await idsNow(signal);
      return joinCells(await figures.cells(widenSignatures(filter, ids), signal), ids);
    },
    async errorKinds(filter, signal) {
      const ids = await idsNow(signal);
      return joinKinds(await figures.errorKinds(widenSignatures(filter, ids), signal), ids);
    },
    pipelines: async (filter, signal) => await figures.pipelines(widenSignatures(filter, await idsNow(signal)), signal),
    latestRuns: runsOf(figures.latestRuns),
    earliestRuns: runsOf(figures.earliestRuns),
    async latestOfTexts(filter, signal) {
      const ids = await idsNow(signal);
      const found = await figures.latestOfTexts(widenSignatures(filter, ids), signal);
      return ids.moved === 0 ? found : latestOfEach(found.map((run) => withSignature(run, ids)));
    },
    longestRuns: runsOf(figures.longestRuns),
    shortestRuns: runsOf(figures.shortestRuns),
    durations: async (filter, by, signal) => await figures.durations(widenSignatures(filter, await idsNow(signal)), by, signal),
    quarters: async (filter, signal) => await figures.quarters(widenSignatures(filter, await idsNow(signal)), signal),
    unreadStatuses: async (filter, signal) => await figures.unreadStatuses(widenSignatures(filter, await idsNow(signal)), signal),
  };
}

function withSignature(run: FoundRun, ids: SignatureIds): FoundRun {
  return run.signature === null ? run : { ...run, signature: ids.resolve(run.signature) };
}

type CellNames = Pick<Cell, "tech" | "pipeline" | "environment" | "status" | "signature">;
const cellKey = ({ tech, pipeline, environment, status, signature }: CellNames): string =>
  JSON.stringify([tech, pipeline, environment, status, signature]);

/** The latest of the runs of one cell that have one error text; of equal instants the greater id. */
function latestOfEach(runs: readonly FoundRun[]): FoundRun[] {
  const latest = new Map<string, FoundRun>();
  for (const run of runs) {
    const key = JSON.stringify([cellKey(run), run.error]);
    const known = latest.get(key);
    const isLater = !known || run.ts > known.ts || (run.ts.getTime() === known.ts.getTime() && run.id > known.id);
    if (isLater) latest.set(key, run);
  }
  return [...latest.values()];
}

function joinCells(cells: readonly Cell[], ids: SignatureIds): readonly Cell[] {
  if (ids.moved === 0 || !cells.some(({ signature }) => signature !== null && ids.resolve(signature) !== signature)) return cells;
  const joined = new Map<string, Cell>();
  for (const cell of cells) {
    const signature = cell.signature === null ? null : ids.resolve(cell.signature);
    const key = cellKey({ ...cell, signature });
    const known = joined.get(key);
    joined.set(key, known ? { ...known, ...togetherOf(known, cell) } : { ...cell, signature });
  }
  return [...joined.values()];
}

function joinKinds(kinds: ErrorKind[], ids: SignatureIds): ErrorKind[] {
  if (ids.moved === 0) return kinds;
  const joined = new Map<string, ErrorKind>();
  for (const kind of kinds) {
    const signature = ids.resolve(kind.signature);
    const known = joined.get(signature);
    if (!known) joined.set(signature, { ...kind, signature });
    else {
      const oldest = kind.first < known.first ? kind : known;
      joined.set(signature, {
        signature,
        example: oldest.example,
        ...togetherOf(known, kind),
        pipelines: union(known.pipelines, kind.pipelines),
        techs: union(known.techs, kind.techs),
        environments: union(known.environments, kind.environments),
      });
    }
  }
  return [...joined.values()].sort((a, b) => b.count - a.count || (a.signature < b.signature ? -1 : 1));
}

type Counted = { readonly count: number; readonly first: Date; readonly last: Date };

export const togetherOf = (one: Counted, other: Counted): Counted => ({
  count: one.count + other.count,
  first: one.first < other.first ? one.first : other.first,
  last: one.last > other.last ? one.last : other.last,
});

/** Sorted. */
export const union = (one: readonly string[], other: readonly string[]): string[] => [...new Set([...one, ...other])].sort();
