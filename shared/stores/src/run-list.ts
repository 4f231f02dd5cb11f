import type { Run, RunFilter } from "@flow-rag/contracts";
import type { Db, Document } from "mongodb";
import { widenSignatures } from "./joined-facts.js";
import { readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";
import { toMatch } from "./run-filter.js";
import type { SignatureIds } from "./signature-ids.js";
import { createSignatureJoins } from "./signature-joins.js";

/** A place in the list: behind the run with this instant and id. */
export type RunPlace = { readonly ts: Date; readonly id: string };
export type ListedRun = Omit<Run, "contentHash" | "fingerprint"> & { readonly id: string };
export type RunList = ReturnType<typeof createRunList>;

const batchSize = 2_000;
const projection = { contentHash: 0, fingerprint: 0 };

/** The query of a filter. Built from typed fields with operators of our own: nothing a caller sent is spread into it. */
export const matchOf = ({ from, to, sources, error, min_duration, max_duration, ...lists }: RunFilter): Document =>
  toMatch(
    {
      ...lists,
      from: from === undefined ? undefined : new Date(from),
      to: to === undefined ? undefined : new Date(to),
      errorText: error,
      minDurationMs: min_duration,
      maxDurationMs: max_duration,
    },
    sources ? [{ sources }] : [],
  );

/** Runs as they are kept, for lists and exports. */
export const createRunList = (db: Db) => {
  const runs = db.collection<Run & { _id: string }>("runs");
  const joins = createSignatureJoins(db);
  const toListed =
    ({ resolve }: SignatureIds) =>
    ({ _id, ...row }: Run & { _id: string }): ListedRun => ({
      id: _id,
      ...row,
      signature: row.signature ? resolve(row.signature) : null,
    });
  return {
    /** The newest first, of equal instants the greater id; at most `limit`, those behind `after` when it is given. */
    async page(
      filter: RunFilter,
      { after, limit }: { after?: RunPlace | undefined; limit: number },
      signal: AbortSignal,
    ): Promise<ListedRun[]> {
      const behind = after && { ts: { $lte: after.ts }, $or: [{ ts: { $lt: after.ts } }, { _id: { $lt: after.id } }] };
      const ids = await joins.current(signal);
      const match = matchOf(widenSignatures(filter, ids));
      const rows = await runs
        .find(behind ? { $and: [behind, match] } : match, { ...readOptions(signal), projection })
        .sort({ ts: -1, _id: -1 })
        .limit(limit)
        .toArray()
        .catch(toStoreError);
      return rows.map(toListed(ids));
    },
    async byId(id: string, sources: readonly string[] | null, signal: AbortSignal): Promise<ListedRun | undefined> {
      const row = await runs.findOne({ _id: id }, { ...readOptions(signal), projection }).catch(toStoreError);
      if (!row || !(sources?.includes(row.source) ?? true)) return undefined;
      return toListed(await joins.current(signal))(row);
    },
    /** All of them, the oldest first; never more than a batch in memory. */
    async *all(filter: RunFilter, signal: AbortSignal): AsyncGenerator<ListedRun> {
      const ids = await joins.current(signal);
      const match = matchOf(widenSignatures(filter, ids));
      try {
        for await (const row of runs.find(match, { signal, projection, batchSize, allowDiskUse: true }).sort({ ts: 1 }))
          yield toListed(ids)(row);
      } catch (error) {
        toStoreError(error);
      }
    },
    /** By source: how many runs, and the first and last of them. */
    async sources(signal: AbortSignal): Promise<{ source: string; runs: number; from: Date; to: Date }[]> {
      const rows = await runs
        .aggregate<{ _id: string; runs: number; from: Date; to: Date }>(
          [{ $group: { _id: "$source", runs: { $sum: 1 }, from: { $min: "$ts" }, to: { $max: "$ts" } } }, { $sort: { _id: 1 } }],
          readOptions(signal),
        )
        .toArray()
        .catch(toStoreError);
      return rows.map(({ _id, runs: count, from, to }) => ({ source: _id, runs: Number(count), from, to }));
    },
  };
};
