import { runId, sourceFields } from "@flow-rag/contracts";
import type { Db } from "mongodb";
import { createDeadLetterStore } from "./dead-letter-store.js";
import { toStoreError } from "./mongo-errors.js";
import { createRecordSource } from "./record-source.js";
import { createRunStore } from "./run-store.js";
import { createVectorStore, dropCollection, openCollection, type VectorStore } from "./vector-store.js";

/** The source of self-test records: every worker knows it, nobody else's figures hold it. */
export const canarySource = "flow-rag-selftest";
const collection = "selftest_records";

/** `index`: of whom the worker embeds; the self-test's own collection has its name and a suffix. */
type IndexOptions = { readonly chromaUrl: string; readonly index: { readonly collection: string; readonly fingerprint: string } };
export type CanaryStores = ReturnType<typeof createCanaryStores>;

const ownOf = (db: Db): Db => ({ collection: (name: string, options?: object) => db.collection(`selftest_${name}`, options) }) as Db;

/** A source, runs and dead letters of the self-test's own, beside those of the state. */
export const createCanaryRecords = (db: Db) => ({
  source: createRecordSource(db, { name: canarySource, collection, fields: sourceFields.parse({}), cursorField: "timestamp" }),
  runs: createRunStore(ownOf(db)),
  deadLetters: createDeadLetterStore(ownOf(db)),
});

const nameOf = ({ index }: IndexOptions): string => `${index.collection}-selftest`;

/** An index of the self-test's own, made when it is written to. */
export function createCanaryVectors(options: IndexOptions): VectorStore {
  const open = async (signal: AbortSignal): Promise<VectorStore> =>
    createVectorStore(await openCollection(options.chromaUrl, nameOf(options), options.index.fingerprint, signal));
  return {
    upsert: async (documents, signal) => (await open(signal)).upsert(documents, signal),
    remove: async (ids, signal) => (await open(signal)).remove(ids, signal),
    versions: async (ids, signal) => (await open(signal)).versions(ids, signal),
    ids: async (page, signal) => (await open(signal)).ids(page, signal),
    count: async (signal) => (await open(signal)).count(signal),
    search: async (values, query, signal) => (await open(signal)).search(values, query, signal),
  };
}

/**
 * Where a record of the self-test goes on its way through the real queue and the real worker, so that no question, count or report ever
 * sees it: put there, found and cleared by whoever tests. What is empty is gone.
 */
export const createCanaryStores = (db: Db, options: IndexOptions) => {
  const rows = db.collection<{ _id: string; [field: string]: unknown }>(collection);
  const { runs, deadLetters } = createCanaryRecords(db);
  const vectors = createCanaryVectors(options);
  const refOf = (recordId: string) => ({ source: canarySource, recordId });
  return {
    async put(recordId: string, fields: Readonly<Record<string, unknown>>): Promise<void> {
      await rows.insertOne({ _id: recordId, ...fields }).catch(toStoreError);
    },
    async take(recordId: string): Promise<void> {
      await rows.deleteOne({ _id: recordId }).catch(toStoreError);
    },
    /** Whether the record has a run and a document. */
    async found(recordId: string, signal: AbortSignal): Promise<{ run: boolean; document: boolean }> {
      const [held, documents] = await Promise.all([
        runs.versions(canarySource, [recordId], signal),
        vectors.versions([runId(refOf(recordId))], signal),
      ]);
      return { run: held.has(recordId), document: documents.size === 1 };
    },
    /** Whatever is left of the record, wherever it got to. */
    async clear(recordId: string, signal: AbortSignal): Promise<void> {
      await rows.deleteOne({ _id: recordId }).catch(toStoreError);
      await runs.remove([refOf(recordId)]);
      await deadLetters.resolve([refOf(recordId)]);
      await vectors.remove([runId(refOf(recordId))], signal);
      if ((await vectors.count(signal)) === 0) await dropCollection(options.chromaUrl, nameOf(options), signal);
      const own = (name: string) => ownOf(db).collection(name);
      for (const [part, ...beside] of [[rows], [own("runs"), own("run_changes")], [own("dead_letters")]] as const) {
        if ((await part.countDocuments({}).catch(toStoreError)) > 0) continue;
        for (const empty of [part, ...beside]) await empty.drop().catch(() => undefined); // not there: just as well
      }
    },
  };
};
