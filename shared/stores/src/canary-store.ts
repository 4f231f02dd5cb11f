import { runId, sourceFields } from "@flow-rag/contracts";
import type { Db } from "mongodb";
import { createDeadLetterStore } from "./dead-letter-store.js";
import { toStoreError } from "./mongo.js";
import { createRecordSource } from "./record-source.js";
import { createRunStore } from "./run-store.js";
import { createVectorStore, dropCollection, openCollection, type VectorStore } from "./vector-store.js";

/** The source of self-test records: every worker knows it, nobody else's figures hold it. */
export const canarySource = "flow-rag-selftest";
const collection = "selftest_records";

/** `index`: of whom the worker embeds; the self-test's own collection has its name and a suffix. */
type Options = { readonly chromaUrl: string; readonly index: { readonly collection: string; readonly fingerprint: string } };
export type CanaryStores = ReturnType<typeof createCanaryStores>;

/**
 * Where a record of the self-test goes on its way through the real queue and the real worker: a source, runs, dead letters and an index of
 * its own in the same databases, so that no question, count or report ever sees it. Made when used, gone when emptied.
 */
export const createCanaryStores = (db: Db, { chromaUrl, index }: Options) => {
  const own = { collection: (name: string, options?: object) => db.collection(`selftest_${name}`, options) } as Db;
  const rows = db.collection<{ _id: string; [field: string]: unknown }>(collection);
  const name = `${index.collection}-selftest`;
  const runs = createRunStore(own);
  const deadLetters = createDeadLetterStore(own);
  const open = async (signal: AbortSignal): Promise<VectorStore> =>
    createVectorStore(await openCollection(chromaUrl, name, index.fingerprint, signal));
  const vectors: VectorStore = {
    upsert: async (documents, signal) => (await open(signal)).upsert(documents, signal),
    remove: async (ids, signal) => (await open(signal)).remove(ids, signal),
    versions: async (ids, signal) => (await open(signal)).versions(ids, signal),
    ids: async (page, signal) => (await open(signal)).ids(page, signal),
    count: async (signal) => (await open(signal)).count(signal),
    search: async (values, query, signal) => (await open(signal)).search(values, query, signal),
  };
  const refOf = (recordId: string) => ({ source: canarySource, recordId });
  return {
    source: createRecordSource(db, { name: canarySource, collection, fields: sourceFields.parse({}), cursorField: "timestamp" }),
    runs,
    deadLetters,
    vectors,
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
    /** Whatever is left of the record, wherever it got to, and what is empty then. */
    async clear(recordId: string, signal: AbortSignal): Promise<void> {
      await rows.deleteOne({ _id: recordId }).catch(toStoreError);
      await runs.remove([refOf(recordId)]);
      await deadLetters.resolve([refOf(recordId)]);
      await vectors.remove([runId(refOf(recordId))], signal);
      if ((await vectors.count(signal)) === 0) await dropCollection(chromaUrl, name, signal);
      for (const part of [rows, own.collection("runs"), own.collection("dead_letters")]) {
        if ((await part.countDocuments({}).catch(toStoreError)) === 0) await part.drop().catch(() => undefined); // not there: just as well
      }
    },
  };
};
