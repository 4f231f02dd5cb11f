import { runId, type RecordRef, type Run, type RunStatus } from "@flow-rag/contracts";
import type { Db, Document, Filter } from "mongodb";
import { readOptions, toStoreError } from "./mongo.js";

type Row = Run & { _id: string };
export type RunStore = ReturnType<typeof createRunStore>;

/** Which runs are meant: half-open window [from, to) on `ts`, and any of the listed values. What is left out does not restrict. */
export type RunFilter = {
  readonly from?: Date;
  readonly to?: Date;
  readonly statuses?: readonly RunStatus[];
  readonly techs?: readonly string[];
  readonly pipelines?: readonly string[];
};

/** Runs that share techno, pipeline and signature. `sample` is the latest of them. */
export type RunGroup = {
  readonly tech: string;
  readonly pipeline: string;
  readonly signature: string | null;
  readonly count: number;
  readonly first: Date;
  readonly last: Date;
  readonly sample: { readonly id: string; readonly error: string | null };
};

/** The runs that are indexed; every count comes from here, never from the vector store. */
export const createRunStore = (db: Db) => {
  const runs = db.collection<Row>("runs");
  return {
    /** Idempotent; every filter of a question is served by one of them. */
    async ensureIndexes(): Promise<void> {
      const keys = [["ts"], ["pipeline", "ts"], ["tech", "ts"], ["status", "ts"], ["signature", "ts"], ["source", "status"]];
      await runs.createIndexes(keys.map((fields) => ({ key: Object.fromEntries(fields.map((field) => [field, 1])) }))).catch(toStoreError);
    },
    /** What is indexed of the asked records, by record id. */
    async versions(
      source: string,
      recordIds: readonly string[],
      signal: AbortSignal,
    ): Promise<Map<string, Pick<Run, "contentHash" | "fingerprint">>> {
      const ids = recordIds.map((recordId) => runId({ source, recordId }));
      const projection = { recordId: 1, contentHash: 1, fingerprint: 1 };
      const found = await runs
        .find({ _id: { $in: ids } }, { ...readOptions(signal), projection })
        .toArray()
        .catch(toStoreError);
      return new Map(found.map(({ recordId, contentHash, fingerprint }) => [recordId, { contentHash, fingerprint }]));
    },
    async upsert(batch: readonly Run[]): Promise<void> {
      if (batch.length === 0) return;
      const operations = batch.map((run) => ({ replaceOne: { filter: { _id: runId(run) }, replacement: { ...run }, upsert: true } }));
      await runs.bulkWrite(operations, { ordered: false }).catch(toStoreError);
    },
    async remove(refs: readonly RecordRef[]): Promise<void> {
      if (refs.length > 0) await runs.deleteMany({ _id: { $in: refs.map(runId) } }).catch(toStoreError);
    },
    /** Record ids after `after` in the order of the stored id, at most `limit`; `status` keeps only the runs in that state. */
    async idsAfter(source: string, after: string, limit: number, signal: AbortSignal, status?: RunStatus): Promise<string[]> {
      const filter: Filter<Row> = { source, _id: { $gt: runId({ source, recordId: after }) }, ...(status && { status }) };
      const found = await runs
        .find(filter, { ...readOptions(signal), projection: { recordId: 1 } })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray()
        .catch(toStoreError);
      return found.map(({ recordId }) => recordId);
    },
    countOfSource: (source: string, signal: AbortSignal): Promise<number> =>
      runs.countDocuments({ source }, readOptions(signal)).catch(toStoreError),
    /** Runs of all sources. */
    count: (signal: AbortSignal): Promise<number> => runs.countDocuments({}, readOptions(signal)).catch(toStoreError),
    /** Instant of the latest run; undefined when there is none. */
    async latest(signal: AbortSignal): Promise<Date | undefined> {
      const [row] = await runs
        .find({}, { ...readOptions(signal), projection: { ts: 1 } })
        .sort({ ts: -1 })
        .limit(1)
        .toArray()
        .catch(toStoreError);
      return row?.ts;
    },
    /** Names that occur, sorted. */
    async catalogue(signal: AbortSignal): Promise<{ techs: string[]; pipelines: string[] }> {
      const names = async (field: "tech" | "pipeline") => (await runs.distinct(field, {}, readOptions(signal)).catch(toStoreError)).sort();
      return { techs: await names("tech"), pipelines: await names("pipeline") };
    },
    /** How many runs of each status; a status without runs is absent. */
    async countByStatus(filter: RunFilter, signal: AbortSignal): Promise<Partial<Record<RunStatus, number>>> {
      const rows = await aggregate([{ $match: toMatch(filter) }, { $group: { _id: "$status", count: { $sum: 1 } } }], signal);
      return Object.fromEntries<number>(rows.map((row) => [row["_id"] as RunStatus, Number(row["count"])]));
    },
    /** The runs by techno, pipeline and signature, the most frequent first; ties in the order of the names. */
    async group(filter: RunFilter, signal: AbortSignal): Promise<RunGroup[]> {
      const rows = await aggregate(
        [
          { $match: toMatch(filter) },
          { $sort: { ts: 1, _id: 1 } },
          {
            $group: {
              _id: { tech: "$tech", pipeline: "$pipeline", signature: "$signature" },
              count: { $sum: 1 },
              first: { $min: "$ts" },
              last: { $max: "$ts" },
              id: { $last: "$_id" },
              error: { $last: "$error" },
            },
          },
        ],
        signal,
      );
      return rows
        .map(toGroup)
        .sort(
          (a, b) =>
            b.count - a.count ||
            compare(a.tech, b.tech) ||
            compare(a.pipeline, b.pipeline) ||
            compare(a.signature ?? "", b.signature ?? ""),
        );
    },
  };

  async function aggregate(pipeline: Document[], signal: AbortSignal): Promise<Document[]> {
    return await runs
      .aggregate(pipeline, { ...readOptions(signal), allowDiskUse: true })
      .toArray()
      .catch(toStoreError);
  }
};

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function toGroup(row: Document): RunGroup {
  const { _id, count, first, last, id, error } = row as {
    _id: Pick<RunGroup, "tech" | "pipeline" | "signature">;
    count: number;
    first: Date;
    last: Date;
    id: string;
    error: string | null;
  };
  return { ..._id, count: Number(count), first, last, sample: { id, error } };
}

/** Built from typed fields with operators of our own: nothing a caller sent is spread into it. */
function toMatch({ from, to, statuses, techs, pipelines }: RunFilter): Document {
  return {
    ...((from ?? to) && { ts: { ...(from && { $gte: from }), ...(to && { $lt: to }) } }),
    ...(statuses?.length && { status: { $in: [...statuses] } }),
    ...(techs?.length && { tech: { $in: [...techs] } }),
    ...(pipelines?.length && { pipeline: { $in: [...pipelines] } }),
  };
}
