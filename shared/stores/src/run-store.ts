import { runId, type RecordRef, type Run, type RunVersion } from "@flow-rag/contracts";
import type { Db, Filter } from "mongodb";
import { readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";
import { createRunChanges } from "./run-changes.js";
import { createSignatureJoins } from "./signature-joins.js";

const duplicateKey = 11_000;
type Row = Run & { _id: string };
/** `id` and `contentHash`: of the run as it was read, when it bore `from`. */
export type SignatureMove = { readonly id: string; readonly contentHash: string; readonly from: string; readonly to: string };
export type RunStore = ReturnType<typeof createRunStore>;

/** The runs that are indexed; every count comes from here, never from the vector store. */
export const createRunStore = (db: Db) => {
  const runs = db.collection<Row>("runs");
  const changes = createRunChanges(db);
  const joins = createSignatureJoins(db);
  /** A write that fails may have taken effect all the same: its change is left open. */
  const write = async (ids: readonly string[], work: () => Promise<unknown>): Promise<void> => {
    const change = await changes.begin(ids);
    await work().catch(toStoreError);
    await changes.end(change);
  };
  return {
    /** Idempotent; every filter of a question is served by one of them. */
    async ensureIndexes(): Promise<void> {
      // The id comes last so that the order of equal instants needs no sorting.
      const ordered = [["ts"], ["pipeline", "ts"], ["tech", "ts"], ["status", "ts"], ["signature", "ts"]].map((fields) => [
        ...fields,
        "_id",
      ]);
      const keys = [...ordered, ["source", "status"], ["indexedAt"]];
      await runs.createIndexes(keys.map((fields) => ({ key: Object.fromEntries(fields.map((field) => [field, 1])) }))).catch(toStoreError);
    },
    /** What is indexed of the asked records, by record id. */
    async versions(source: string, recordIds: readonly string[], signal: AbortSignal): Promise<Map<string, RunVersion>> {
      const ids = recordIds.map((recordId) => runId({ source, recordId }));
      const projection = { recordId: 1, contentHash: 1, fingerprint: 1, status: 1, indexedAt: 1, firstIndexedAt: 1, statusSince: 1 };
      const found = await runs
        .find({ _id: { $in: ids } }, { ...readOptions(signal), projection })
        .toArray()
        .catch(toStoreError);
      return new Map(found.map(({ _id, recordId, ...version }) => [recordId, version]));
    },
    /** `unseen`: record ids that had no run a moment ago: inserting costs a fraction of replacing. Safe to repeat all the same. */
    async upsert(batch: readonly Run[], { unseen = new Set() }: { unseen?: ReadonlySet<string> } = {}): Promise<void> {
      if (batch.length === 0) return;
      const replaceOne = (run: Run) => ({ replaceOne: { filter: { _id: runId(run) }, replacement: { ...run }, upsert: true } });
      const operations = batch.map((run) =>
        unseen.has(run.recordId) ? { insertOne: { document: { ...run, _id: runId(run) } } } : replaceOne(run),
      );
      await write(batch.map(runId), () =>
        runs.bulkWrite(operations, { ordered: false }).catch(async (error: unknown) => {
          if ((error as { code?: number }).code !== duplicateKey) throw error;
          return await runs.bulkWrite(batch.map(replaceOne), { ordered: false }); // another job was first with some of them
        }),
      );
    },
    /** Gives runs another signature. One that has changed since it was read stays as it is. */
    async moveSignatures(moves: readonly SignatureMove[]): Promise<void> {
      if (moves.length === 0) return;
      const operations = moves.map(({ id: _id, contentHash, from, to }) => ({
        updateOne: { filter: { _id, contentHash, signature: from }, update: { $set: { signature: to } } },
      }));
      await write(
        moves.map(({ id }) => id),
        () => runs.bulkWrite(operations, { ordered: false }),
      );
    },
    async remove(refs: readonly RecordRef[]): Promise<void> {
      const ids = refs.map(runId);
      if (ids.length > 0) await write(ids, () => runs.deleteMany({ _id: { $in: ids } }));
    },
    /** Record ids of the source's runs after which another status comes, or whose status could not be read; the latest ones, at most `limit`. */
    async notFinal(source: string, limit: number, signal: AbortSignal): Promise<string[]> {
      const found = await runs
        .find({ source, status: { $in: ["running", "waiting", "unknown"] } }, { ...readOptions(signal), projection: { recordId: 1 } })
        .sort({ ts: -1, _id: -1 })
        .limit(limit)
        .toArray()
        .catch(toStoreError);
      return found.map(({ recordId }) => recordId);
    },
    /** How many of these record ids have a run of the same pipeline, time and status under another id, as after a collection was built anew. */
    async countCopied(source: string, recordIds: readonly string[], signal: AbortSignal): Promise<number> {
      const ids = recordIds.map((recordId) => runId({ source, recordId }));
      const options = { ...readOptions(signal), projection: { pipeline: 1, ts: 1, status: 1, contentHash: 1 } };
      const found = await runs
        .find({ _id: { $in: ids } }, options)
        .toArray()
        .catch(toStoreError);
      if (found.length === 0) return 0;
      const [names, instants] = [[...new Set(found.map(({ pipeline }) => pipeline))], found.map(({ ts }) => ts)];
      const others = await runs
        .find({ source, pipeline: { $in: names }, ts: { $in: instants }, _id: { $nin: ids } }, options)
        .toArray()
        .catch(toStoreError);
      const known = new Set(others.map(({ contentHash }) => contentHash));
      return found.filter(({ contentHash }) => known.has(contentHash)).length;
    },
    /** Record ids after `after` in the order of the stored id, at most `limit`. */
    async idsAfter(source: string, after: string, limit: number, signal: AbortSignal): Promise<string[]> {
      const filter: Filter<Row> = { source, _id: { $gt: runId({ source, recordId: after }) } };
      const found = await runs
        .find(filter, { ...readOptions(signal), projection: { recordId: 1 } })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray()
        .catch(toStoreError);
      return found.map(({ recordId }) => recordId);
    },
    /** Error signatures of the source's runs; each once, in the order of the id. */
    async signaturesOf(source: string, signal: AbortSignal): Promise<string[]> {
      const rows = await runs
        .aggregate<{ _id: string }>(
          [{ $match: { source, signature: { $ne: null } } }, { $group: { _id: "$signature" } }, { $sort: { _id: 1 } }],
          readOptions(signal),
        )
        .toArray()
        .catch(toStoreError);
      const { resolve } = await joins.current(signal);
      return [...new Set(rows.map(({ _id }) => resolve(_id)))].sort();
    },
    /** Record ids of the source's runs that are of one of the signatures. */
    async bearing(source: string, signatures: readonly string[], signal: AbortSignal): Promise<string[]> {
      if (signatures.length === 0) return [];
      const ids = signatures.flatMap((await joins.current(signal)).membersOf);
      const found = await runs
        .find({ source, signature: { $in: ids } }, { ...readOptions(signal), projection: { recordId: 1 } })
        .toArray()
        .catch(toStoreError);
      return found.map(({ recordId }) => recordId);
    },
    countOfSource: (source: string, signal: AbortSignal): Promise<number> =>
      runs.countDocuments({ source }, readOptions(signal)).catch(toStoreError),
    /** Runs of all sources. */
    count: (signal: AbortSignal): Promise<number> => runs.countDocuments({}, readOptions(signal)).catch(toStoreError),
    /** Instant of the latest run up to `now`; undefined when there is none. */
    async latest(now: Date, signal: AbortSignal): Promise<Date | undefined> {
      const [row] = await runs
        .find({ ts: { $lte: now } }, { ...readOptions(signal), projection: { ts: 1 } })
        .sort({ ts: -1 })
        .limit(1)
        .toArray()
        .catch(toStoreError);
      return row?.ts;
    },
  };
};
