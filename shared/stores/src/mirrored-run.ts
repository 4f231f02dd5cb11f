import type { Run, RunStatus } from "@flow-rag/contracts";
import type { Cell, FoundRun } from "./run-figures.js";

/** What runs have in common; one object for all that share it, so that they are filtered and grouped by identity. */
export type RunKind = {
  readonly source: string;
  readonly pipeline: string;
  readonly tech: string;
  readonly environment: string | null;
  readonly status: RunStatus;
  readonly signature: string | null;
  /** The word that the source wrote, of a status that was not read; null of every other. */
  readonly unread: string | null;
};
/** One run in memory. `at`: milliseconds since 1970. */
export type MirroredRun = {
  readonly id: string;
  readonly kind: RunKind;
  readonly at: number;
  readonly durationMs: number | null;
  readonly error: string | null;
};
/** How often runs of a kind happened, and when, epoch ms. */
export type KindCount = { count: number; first: number; last: number };
/** Counts of a stretch of time as a whole, in both forms; made when first asked for. */
export type Counted = {
  readonly kinds: () => ReadonlyMap<RunKind, KindCount>;
  readonly cells: () => readonly Cell[];
};
/** The runs of one local day [from, to), in the order of `byPlace`. */
export type MirroredDay = Counted & {
  readonly from: number;
  readonly to: number;
  readonly runs: readonly MirroredRun[];
};

/** The fields that are read; those that may be null may be absent too. */
export type StoredRun = { readonly _id: string } & Pick<Run, "source" | "pipeline" | "tech" | "status" | "ts"> &
  Partial<Pick<Run, "environment" | "signature" | "durationMs" | "error" | "rawStatus">>;
export const mirroredFields = {
  source: 1,
  pipeline: 1,
  tech: 1,
  environment: 1,
  status: 1,
  rawStatus: 1,
  signature: 1,
  ts: 1,
  durationMs: 1,
  error: 1,
} as const;

/** Reads stored runs; runs of the same kind get the same object. */
export function createRunReader(): (row: StoredRun) => MirroredRun {
  const kinds = new Map<string, RunKind>();
  return ({ _id: id, source, pipeline, tech, environment, status, rawStatus, signature, ts, durationMs, error }) => {
    const unread = status === "unknown" ? (rawStatus ?? "") : null;
    const own: RunKind = { source, pipeline, tech, environment: environment ?? null, status, signature: signature ?? null, unread };
    const key = JSON.stringify(Object.values(own));
    const kind = kinds.get(key) ?? own;
    if (kind === own) kinds.set(key, kind);
    const known = durationMs !== undefined && durationMs !== null;
    return { id, kind, at: ts.getTime(), durationMs: known ? Number(durationMs) : null, error: error ?? null };
  };
}

/** By instant, of equal ones by id. */
export const byPlace = (a: MirroredRun, b: MirroredRun): number => a.at - b.at || (a.id < b.id ? -1 : Number(a.id > b.id));

export const toFound = ({ id, kind, at, durationMs, error }: MirroredRun): FoundRun => ({
  id,
  pipeline: kind.pipeline,
  tech: kind.tech,
  environment: kind.environment,
  status: kind.status,
  ts: new Date(at),
  durationMs,
  error,
  signature: kind.signature,
});

/** Counts the runs by their kinds; `passes` tells which of them. */
export function countKinds(
  runs: readonly MirroredRun[],
  { begin = 0, end = runs.length, passes = () => true }: { begin?: number; end?: number; passes?: (run: MirroredRun) => boolean } = {},
): Map<RunKind, KindCount> {
  const kinds = new Map<RunKind, KindCount>();
  for (let index = begin; index < end; index++) {
    const run = runs[index] as MirroredRun;
    if (!passes(run)) continue;
    const { kind, at } = run;
    const known = kinds.get(kind);
    if (!known) kinds.set(kind, { count: 1, first: at, last: at });
    else {
      known.count++;
      known.last = at;
    }
  }
  return kinds;
}

/** Adds counts to others; `passes` tells which kinds. */
export function addKinds(
  counts: Map<RunKind, KindCount>,
  kinds: ReadonlyMap<RunKind, KindCount>,
  passes: (kind: RunKind) => boolean = () => true,
): Map<RunKind, KindCount> {
  // Not a loop over entries: each of them would be an array made for nothing.
  kinds.forEach(({ count, first, last }, kind) => {
    const known = counts.get(kind);
    if (known) {
      known.count += count;
      if (first < known.first) known.first = first;
      if (last > known.last) known.last = last;
    } else if (passes(kind)) counts.set(kind, { count, first, last });
  });
  return counts;
}

/** Bytes that a run takes up in memory, roughly: an object, its place in two lists, and its texts. */
export const sizeOf = ({ id, error }: MirroredRun): number => 200 + id.length + (error?.length ?? 0);
