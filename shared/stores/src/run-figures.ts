import type { RunStatus, UnreadStatus } from "@flow-rag/contracts";
import type { Db, Document } from "mongodb";
import { readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";
import type { createNameCatalogue, NameCatalogue } from "./name-catalogue.js";
import { sourcesMatch, sourcesOf, toMatch as matchWithin, type FactFilter, type RunLimits } from "./run-filter.js";

/** How many runs share these values, and when they happened. */
export type Cell = {
  readonly tech: string;
  readonly pipeline: string;
  readonly environment: string | null;
  readonly status: RunStatus;
  readonly signature: string | null;
  readonly count: number;
  readonly first: Date;
  readonly last: Date;
};
export type FoundRun = {
  readonly id: string;
  readonly pipeline: string;
  readonly tech: string;
  readonly environment: string | null;
  readonly status: RunStatus;
  readonly ts: Date;
  readonly durationMs: number | null;
  readonly error: string | null;
  readonly signature: string | null;
};
export type RunFigures = ReturnType<typeof readFigures>;
/** How often an error occurred among some runs, and where. */
export type ErrorKind = {
  readonly signature: string;
  /** The error of one of them, cut at 400 characters. */
  readonly example: string;
  readonly count: number;
  readonly first: Date;
  readonly last: Date;
  /** Sorted. */
  readonly pipelines: readonly string[];
  readonly techs: readonly string[];
  readonly environments: readonly string[];
};
export const quarterMs = 15 * 60_000;
const dayMs = 86_400_000;
export const exampleLength = 400;
const rowFields = { pipeline: 1, tech: 1, environment: 1, status: 1, ts: 1, durationMs: 1, error: 1, signature: 1 };

const placeOf = ({ source, pipeline, word }: UnreadStatus): string => `${source}\n${pipeline}\n${word}`;
export const sortUnread = (rows: readonly UnreadStatus[]): UnreadStatus[] =>
  [...rows].sort((a, b) => b.runs - a.runs || (placeOf(a) < placeOf(b) ? -1 : 1));

/** Exact figures about runs, computed by the database from exactly the filter that was asked for. */
export function readFigures(db: Db, names: ReturnType<typeof createNameCatalogue>, limits: readonly RunLimits[]) {
  const toMatch = (filter: FactFilter): Document => matchWithin(filter, limits);
  const sources = sourcesOf(limits);
  const runs = db.collection<Document & { _id: string }>("runs");
  const find = async (filter: Document, sort: Record<string, 1 | -1>, limit: number, signal: AbortSignal): Promise<FoundRun[]> => {
    const rows = await runs
      .find(filter, { ...readOptions(signal), projection: rowFields })
      .sort(sort)
      .limit(limit)
      .toArray()
      .catch(toStoreError);
    return rows.map(({ _id, ...row }) => ({ id: _id, ...row }) as FoundRun);
  };
  return {
    /** Every combination of techno, pipeline, environment, status and signature that occurs. The sum of the counts is the number of runs. */
    async cells(filter: FactFilter, signal: AbortSignal): Promise<readonly Cell[]> {
      const keys = { tech: "$tech", pipeline: "$pipeline", environment: "$environment", status: "$status", signature: "$signature" };
      const rows = await runs
        .aggregate(
          [{ $match: toMatch(filter) }, { $group: { _id: keys, count: { $sum: 1 }, first: { $min: "$ts" }, last: { $max: "$ts" } } }],
          { ...readOptions(signal), allowDiskUse: true },
        )
        .toArray()
        .catch(toStoreError);
      return rows.map((row) => {
        const key = row["_id"] as Partial<Cell>;
        return {
          tech: key.tech ?? "unknown",
          pipeline: key.pipeline ?? "unknown",
          environment: key.environment ?? null,
          status: key.status ?? "unknown",
          signature: key.signature ?? null,
          count: Number(row["count"]),
          first: row["first"] as Date,
          last: row["last"] as Date,
        };
      });
    },
    /** Every kind of error that occurs, the most frequent first. */
    async errorKinds(filter: FactFilter, signal: AbortSignal): Promise<ErrorKind[]> {
      const group = {
        _id: "$signature",
        example: { $first: "$error" },
        count: { $sum: 1 },
        first: { $min: "$ts" },
        last: { $max: "$ts" },
        pipelines: { $addToSet: "$pipeline" },
        techs: { $addToSet: "$tech" },
        environments: { $addToSet: "$environment" },
      };
      const rows = await runs
        .aggregate([{ $match: { $and: [toMatch(filter), { signature: { $ne: null } }] } }, { $group: group }], {
          ...readOptions(signal),
          allowDiskUse: true,
        })
        .toArray()
        .catch(toStoreError);
      const names = (values: unknown) => (values as unknown[]).filter((name): name is string => typeof name === "string").sort();
      const kinds = rows.map((row) => ({
        signature: String(row["_id"]),
        example: String(row["example"] ?? "").slice(0, exampleLength),
        count: Number(row["count"]),
        first: row["first"] as Date,
        last: row["last"] as Date,
        pipelines: names(row["pipelines"]),
        techs: names(row["techs"]),
        environments: names(row["environments"]),
      }));
      return kinds.sort((a, b) => b.count - a.count || (a.signature < b.signature ? -1 : 1));
    },
    /** How many runs of each pipeline, and the first and last of them. */
    async pipelines(
      filter: FactFilter,
      signal: AbortSignal,
    ): Promise<{ pipeline: string; tech: string; count: number; first: Date; last: Date }[]> {
      const rows = await runs
        .aggregate(
          [
            { $match: toMatch(filter) },
            { $group: { _id: "$pipeline", tech: { $last: "$tech" }, count: { $sum: 1 }, first: { $min: "$ts" }, last: { $max: "$ts" } } },
          ],
          readOptions(signal),
        )
        .toArray()
        .catch(toStoreError);
      return rows.map((row) => ({
        pipeline: String(row["_id"]),
        tech: String(row["tech"]),
        count: Number(row["count"]),
        first: row["first"] as Date,
        last: row["last"] as Date,
      }));
    },
    /** The latest runs, newest first; of equal instants the greater id. */
    latestRuns: (filter: FactFilter, limit: number, signal: AbortSignal): Promise<FoundRun[]> =>
      find(toMatch(filter), { ts: -1, _id: -1 }, limit, signal),
    /** The earliest runs, oldest first. */
    earliestRuns: (filter: FactFilter, limit: number, signal: AbortSignal): Promise<FoundRun[]> =>
      find(toMatch(filter), { ts: 1, _id: 1 }, limit, signal),
    /** The latest run of each error text of each cell, which `cells` counts; of equal instants the greater id. In no order. */
    async latestOfTexts(filter: FactFilter, signal: AbortSignal): Promise<FoundRun[]> {
      const keys = {
        ...{ tech: "$tech", pipeline: "$pipeline", environment: "$environment" },
        ...{ status: "$status", signature: "$signature", error: "$error" },
      };
      const fields = Object.fromEntries(Object.keys(rowFields).map((field) => [field, { $first: `$${field}` }]));
      const rows = await runs
        .aggregate(
          [
            { $match: toMatch(filter) },
            { $project: rowFields },
            { $sort: { ts: -1, _id: -1 } },
            { $group: { _id: keys, id: { $first: "$_id" }, ...fields } },
          ],
          { ...readOptions(signal), allowDiskUse: true },
        )
        .toArray()
        .catch(toStoreError);
      return rows.map(({ _id, ...row }) => row as FoundRun);
    },
    /** The longest runs; those without a duration are left out. */
    longestRuns: (filter: FactFilter, limit: number, signal: AbortSignal): Promise<FoundRun[]> =>
      find({ $and: [toMatch(filter), { durationMs: { $gte: 0 } }] }, { durationMs: -1, ts: -1, _id: -1 }, limit, signal),
    /** The shortest runs; those without a duration are left out. */
    shortestRuns: (filter: FactFilter, limit: number, signal: AbortSignal): Promise<FoundRun[]> =>
      find({ $and: [toMatch(filter), { durationMs: { $gte: 0 } }] }, { durationMs: 1, ts: -1, _id: -1 }, limit, signal),
    /** Durations in milliseconds of the runs that have one, in no order; `key` is what they are told apart by, null when they are not. */
    async durations(
      filter: FactFilter,
      by: "pipeline" | "tech" | "environment" | null,
      signal: AbortSignal,
    ): Promise<{ key: string | null; durationMs: number }[]> {
      // By day, so that no list outgrows a document.
      const day = { $subtract: ["$ts", { $mod: [{ $subtract: ["$ts", new Date(0)] }, dayMs] }] };
      const rows = await runs
        .aggregate(
          [
            { $match: { $and: [toMatch(filter), { durationMs: { $gte: 0 } }] } },
            { $group: { _id: { day, ...(by && { key: `$${by}` }) }, values: { $push: "$durationMs" } } },
          ],
          { ...readOptions(signal), allowDiskUse: true },
        )
        .toArray()
        .catch(toStoreError);
      return rows.flatMap((row) => {
        const { key = null } = row["_id"] as { key?: string | null };
        return (row["values"] as unknown[]).map((value) => ({ key, durationMs: Number(value) }));
      });
    },
    /**
     * How many runs of each status happened in each quarter of an hour, in no order; `from` is its start. Local hours and days begin at one
     * in every zone, so that longer stretches of time can be put together from these.
     */
    async quarters(filter: FactFilter, signal: AbortSignal): Promise<{ from: Date; status: RunStatus; count: number }[]> {
      const start = { $subtract: ["$ts", { $mod: [{ $subtract: ["$ts", new Date(0)] }, quarterMs] }] };
      const rows = await runs
        .aggregate([{ $match: toMatch(filter) }, { $group: { _id: { from: start, status: "$status" }, count: { $sum: 1 } } }], {
          ...readOptions(signal),
          allowDiskUse: true,
        })
        .toArray()
        .catch(toStoreError);
      return rows.map((row) => ({ ...(row["_id"] as { from: Date; status: RunStatus }), count: Number(row["count"]) }));
    },
    /** Runs of status `unknown` by source, pipeline and the word that was not read, the most frequent first; those of equal number by name. */
    async unreadStatuses(filter: FactFilter, signal: AbortSignal): Promise<UnreadStatus[]> {
      const keys = { source: "$source", pipeline: "$pipeline", word: "$rawStatus" };
      const withError = { $sum: { $cond: [{ $ne: [{ $ifNull: ["$signature", null] }, null] }, 1, 0] } };
      const rows = await runs
        .aggregate<{ _id: { source: string; pipeline: string; word?: string | null }; runs: number; withError: number }>(
          [{ $match: { $and: [toMatch(filter), { status: "unknown" }] } }, { $group: { _id: keys, runs: { $sum: 1 }, withError } }],
          { ...readOptions(signal), allowDiskUse: true },
        )
        .toArray()
        .catch(toStoreError);
      return sortUnread(rows.map(({ _id: { word, ...of }, ...counts }) => ({ ...of, word: word ?? "", ...counts })));
    },
    /** Names that occur, sorted. */
    catalogue: (signal: AbortSignal): Promise<NameCatalogue> => names.read({ sources }, signal),
    /** Instant of the latest run up to `now`; undefined when there is none. What is dated later says nothing about how far the data reach. */
    async latest(now: Date, signal: AbortSignal): Promise<Date | undefined> {
      return (await find({ ...sourcesMatch({ sources }), ts: { $lte: now } }, { ts: -1 }, 1, signal))[0]?.ts;
    },
  };
}
