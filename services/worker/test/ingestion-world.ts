import { runId, sourceFields, type RecordVersion } from "@flow-rag/contracts";
import type { Harness } from "@flow-rag/testing";
import {
  createCursorStore,
  createDeadLetterStore,
  createIndexStateStore,
  createRecordSource,
  createRunStore,
  createSignatureStore,
  createImportNotes,
  createSourceHealthStore,
  type SignatureDocument,
  type VectorDocument,
} from "@flow-rag/stores";
import type { Document } from "mongodb";
import { pullRecords } from "../../producer/src/domain/pull-records.js";
import type { PullRecordsDeps, PullRequest } from "../../producer/src/domain/pull.js";
import { embedRecords, type EmbedRecordsDeps } from "../src/domain/embed-records.js";
import { createSignatureKeeper } from "../src/domain/keep-signatures.js";
import { reconcileIndex, type ReconcileDeps } from "../src/domain/reconcile-index.js";

/** What a killed process looks like from the inside: the step was done, or it was not, and nothing after it. */
class Crash extends Error {}

const fingerprint = "f1";
const signal = new AbortController().signal;

/**
 * Producer and worker in one process over a real MongoDB, with a queue and an index in memory: the queue hands jobs out in any order
 * and more than once, and any call to any store may be the last thing a process does.
 */
export function createWorld(world: Harness, run: string, now: () => Date) {
  const collection = `records-${run}`;
  const state = world.mongo.db(`${world.stateDb}-${run}`);
  const documents = new Map<string, VectorDocument>();
  const templates = new Map<string, string>();
  const jobs = new Map<string, { records: readonly RecordVersion[]; force: boolean }>();
  let lives = 1;
  let stepsLeft = Infinity;
  let crashBefore = true;

  /** Counts the calls to a store down and crashes at the last, before or after it takes effect. */
  const fragile = <T extends object>(store: T): T =>
    new Proxy(store, {
      get(target, property, receiver) {
        const member: unknown = Reflect.get(target, property, receiver);
        if (typeof member !== "function") return member;
        return (...args: unknown[]): unknown => {
          if (property === "rewind" || property === "advance" || property === "isBehind" || property === "isAhead")
            return (member as (...all: unknown[]) => unknown)(...args);
          return (async () => {
            const crash = --stepsLeft < 0;
            if (crash && crashBefore) throw new Crash("before");
            const result = await (member as (...all: unknown[]) => unknown)(...args);
            if (crash) throw new Crash("after");
            return result;
          })();
        };
      },
    });

  const stores = {
    source: fragile(
      createRecordSource(world.source, { name: "flows", collection, fields: sourceFields.parse({}), cursorField: "timestamp" }),
    ),
    runs: fragile(createRunStore(state)),
    cursors: fragile(createCursorStore(state)),
    deadLetters: fragile(createDeadLetterStore(state)),
    indexState: fragile(createIndexStateStore(state)),
    health: fragile(createSourceHealthStore(state)),
    imports: fragile(createImportNotes(state)),
    vectors: fragile({
      upsert: async (batch: readonly VectorDocument[]) => batch.forEach((document) => documents.set(document.id, document)),
      remove: async (ids: readonly string[]) => ids.forEach((id) => documents.delete(id)),
      versions: async (ids: readonly string[]) =>
        new Map(ids.flatMap((id) => (documents.has(id) ? [[id, documents.get(id)?.metadata.contentHash ?? ""]] : []))),
      ids: async ({ limit, offset }: { limit: number; offset: number }) => [...documents.keys()].slice(offset, offset + limit),
      count: async () => documents.size,
    }),
    signatureIndex: fragile({
      upsert: async (batch: readonly SignatureDocument[]) => batch.forEach(({ id, template }) => templates.set(id, template)),
      templates: async (ids: readonly string[]) => new Map(ids.flatMap((id) => (templates.has(id) ? [[id, templates.get(id) ?? ""]] : []))),
    }),
  };
  const enqueue = async (records: readonly RecordVersion[], { force }: { force: boolean }) => {
    const id = JSON.stringify([records, force]);
    jobs.set(id, { records, force });
    return id;
  };
  const queue = fragile({ enqueue });
  const pullDeps: PullRecordsDeps = {
    ...stores,
    send: (records, options) => queue.enqueue(records, options),
    waitForRoom: async () => {},
    queueMarker: async () => `life-${lives}`,
    queueIsIdle: async () => jobs.size === 0,
    now,
    onLate: () => {},
  };
  const signatures = fragile(createSignatureStore(state));
  const keeper = createSignatureKeeper(signatures);
  const embedder = { embedPassages: async (texts: readonly string[]) => texts.map(() => [1, 0]) };
  const embedDeps: EmbedRecordsDeps = {
    ...stores,
    signatures: { assign: (texts, abort) => keeper.assign(texts, abort), note: (sightings) => signatures.note(sightings) },
    embedder,
    fingerprint,
    zones: { source: "UTC", display: "UTC" },
    now,
  };
  const reconcileDeps: ReconcileDeps = {
    ...stores,
    signatures,
    embedder,
    fingerprint,
    now,
    zones: { source: "UTC" },
    send: (_source, ids) =>
      queue.enqueue(
        ids.map((recordId) => ({ recordId, contentHash: "reconcile" })),
        { force: true },
      ),
  };
  const survive = async (work: () => Promise<unknown>): Promise<void> => {
    await work().catch((error: unknown) => {
      if (!(error instanceof Crash)) throw error;
    });
    stepsLeft = Infinity;
  };
  const request: PullRequest = {
    source: "flows",
    mode: "changes",
    force: false,
    dryRun: false,
    allowRemovals: true,
    overlapMs: 60_000,
    zone: "UTC",
  };

  return {
    rows: world.source.collection<Document & { _id: number }>(collection),
    anyRows: world.source.collection<Document>(collection),
    documents,
    templates,
    signatures: state.collection<Document & { _id: string }>("signatures"),
    runs: state.collection<Document & { _id: string }>("runs"),
    crashAfter(steps: number, before: boolean): void {
      stepsLeft = steps;
      crashBefore = before;
    },
    pull: (mode: PullRequest["mode"]) => survive(() => pullRecords(pullDeps, { ...request, mode }, signal)),
    deadLetters: state.collection<Document & { _id: string }>("dead_letters"),
    /** What a comparison without a repair finds. */
    compare: () => reconcileIndex(reconcileDeps, { source: "flows", repair: false, allowRemovals: false }, signal),
    reconcile: () => survive(() => reconcileIndex(reconcileDeps, { source: "flows", repair: true, allowRemovals: true }, signal)),
    /** Runs one waiting job, chosen by `pick`; a crash leaves it in the queue, `again` delivers it once more although it is done. */
    async work(pick: number, again: boolean): Promise<void> {
      const ids = [...jobs.keys()];
      const id = ids[pick % Math.max(1, ids.length)];
      const job = id === undefined ? undefined : jobs.get(id);
      if (id === undefined || !job) return;
      let done = false;
      await survive(async () => {
        await embedRecords(embedDeps, { source: "flows", ...job }, signal);
        done = true;
      });
      if (done && !again) jobs.delete(id);
    },
    /** What FLUSHALL does to the queue. */
    loseQueue(): void {
      jobs.clear();
      lives += 1;
    },
    loseIndex(): void {
      documents.clear();
      templates.clear();
    },
    async drain(): Promise<void> {
      while (jobs.size > 0) await this.work(0, false);
    },
    idOf: (recordId: number) => runId({ source: "flows", recordId: `~n:${recordId}` }),
    async drop(): Promise<void> {
      await world.source.collection(collection).drop();
      await state.dropDatabase();
    },
  };
}
