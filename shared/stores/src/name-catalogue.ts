import type { Db, Document } from "mongodb";
import { readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";
import type { RunLimits } from "./run-filter.js";

/** Names that occur, each list sorted. */
export type NameCatalogue = { readonly techs: string[]; readonly pipelines: string[]; readonly environments: string[] };
type Names = {
  readonly source: string;
  readonly tech: string | null;
  readonly pipeline: string | null;
  readonly environment: string | null;
};
type State = { readonly names: ReadonlyMap<string, Names>; readonly indexedTo: Date | undefined; readonly count: number };

/** Workers write with clocks of their own, and a batch some time after it was stamped. */
const overlapMs = 5 * 60_000;
/** A burst of questions during an ingestion looks for new names once in so long; names of removed runs are forgotten after the longer time. */
const lookAgainMs = 1_000;
const forgetAfterMs = 10 * 60_000;

/**
 * The names of all runs, kept in memory: every question needs them, and reading them looks at every run. Whether a run was written since is
 * read from an index for each question, and then only the runs written since are looked at.
 */
export const createNameCatalogue = (db: Db) => {
  const runs = db.collection("runs");
  let current: State | undefined;
  let readAt = -Infinity;
  let lookedAt = -Infinity;
  /** One object for each set of sources as long as nothing changes: who reads names may keep what it made of them. */
  const lists = new WeakMap<State, Map<string, NameCatalogue>>();
  let looking: Promise<State> | undefined;

  const newest = async (signal: AbortSignal): Promise<Pick<State, "indexedTo" | "count">> => {
    const [count, [row]] = await Promise.all([
      runs.estimatedDocumentCount({ maxTimeMS: readOptions(signal).maxTimeMS }),
      runs
        .find({}, { ...readOptions(signal), projection: { indexedAt: 1 } })
        .sort({ indexedAt: -1 })
        .limit(1)
        .toArray(),
    ]).catch(toStoreError);
    return { count, indexedTo: row?.["indexedAt"] as Date | undefined };
  };
  const readNames = async (filter: Document, signal: AbortSignal): Promise<Map<string, Names>> => {
    const key = { source: "$source", tech: "$tech", pipeline: "$pipeline", environment: "$environment" };
    const rows = await runs
      .aggregate<{ _id: Names }>([{ $match: filter }, { $group: { _id: key } }], readOptions(signal))
      .toArray()
      .catch(toStoreError);
    return new Map(rows.map(({ _id }) => [JSON.stringify(_id), _id]));
  };
  const look = async (signal: AbortSignal): Promise<State> => {
    const now = performance.now();
    const { indexedTo, count } = await newest(signal);
    const known = current && now - readAt < forgetAfterMs ? current : undefined;
    const unchanged = known?.count === count && known.indexedTo?.getTime() === indexedTo?.getTime();
    if (known && unchanged) return known;
    const since = known?.indexedTo && { indexedAt: { $gte: new Date(known.indexedTo.getTime() - overlapMs) } };
    if (!since) readAt = now;
    const found = await readNames(since ?? {}, signal);
    current = { names: since ? new Map([...(known?.names ?? []), ...found]) : found, indexedTo, count };
    return current;
  };
  return {
    /** Names of the sources that the limits allow, of the others not one. */
    async read({ sources }: RunLimits, signal: AbortSignal): Promise<NameCatalogue> {
      let state = current;
      if (!state || performance.now() - lookedAt > lookAgainMs) {
        looking ??= look(signal).finally(() => (looking = undefined));
        state = await looking;
        lookedAt = performance.now();
      }
      const known = lists.get(state) ?? new Map<string, NameCatalogue>();
      lists.set(state, known);
      const key = JSON.stringify(sources ?? null);
      const former = known.get(key);
      if (former) return former;
      const catalogue = listNames([...state.names.values()], sources);
      known.set(key, catalogue);
      return catalogue;
    },
  };
};

/** The names among those of the sources, or of all. */
export function listNames(names: readonly Names[], sources: readonly string[] | undefined): NameCatalogue {
  const allowed = names.filter(({ source }) => !sources || sources.includes(source));
  const list = (field: "tech" | "pipeline" | "environment") =>
    [...new Set(allowed.map((each) => each[field]))].filter((name): name is string => typeof name === "string" && name !== "").sort();
  return { techs: list("tech"), pipelines: list("pipeline"), environments: list("environment") };
}
