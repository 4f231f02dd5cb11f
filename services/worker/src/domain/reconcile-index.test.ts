import { runId, type SourceRecord } from "@flow-rag/contracts";
import { contentHash } from "@flow-rag/insights";
import { reconcileIndex, type ReconcileDeps } from "./reconcile-index.js";

const signal = new AbortController().signal;
const request = { source: "flows", repair: true, allowRemovals: false };
const record = (id: number, status = "OK"): SourceRecord => ({
  source: "flows",
  recordId: `r${String(id).padStart(5, "0")}`,
  fields: { pipeline: id % 2 ? "odd" : "even", status, timestamp: new Date(Date.UTC(2026, 0, 1 + (id % 3))) },
});
const many = (count: number) => Array.from({ length: count }, (_, index) => record(index));
type Held = readonly SourceRecord[];
/** By id: the template that is known of a signature which the runs bear, the document it has, and the records that bear it. */
type Signatures = Record<string, { template?: string; document?: string; records?: readonly string[] }>;

const row = (id: string, template: string) =>
  ({ id, template, example: template, pipelines: [], techs: [], firstSeen: new Date(0), lastSeen: new Date(0) }); // prettier-ignore

/** A source, its runs, its documents and its dead letters, each as the records they were made from. */
function world({
  source,
  runs = source,
  documents = runs,
  letters = [],
  fingerprint = "f1",
  signatures = {},
}: {
  source: Held;
  runs?: Held;
  documents?: Held;
  letters?: Held;
  fingerprint?: string;
  signatures?: Signatures;
}) {
  const sent: string[] = [];
  const removed: string[] = [];
  const held: [runs: number, copies: number][] = [];
  const written: (readonly [id: string, template: string])[] = [];
  const ids = documents.map(runId);
  const deps: ReconcileDeps = {
    source: {
      all: async (after, limit) => {
        const start = Number(after?.id ?? 0);
        const page = source.slice(start, start + limit);
        return { records: page, last: { id: start + page.length } };
      },
      existing: async (asked) => new Set(source.map(({ recordId }) => recordId).filter((id) => asked.includes(id))),
    },
    runs: {
      versions: async (_source, asked) =>
        new Map(
          runs
            .filter(({ recordId }) => asked.includes(recordId))
            .map((run) => [run.recordId, { contentHash: contentHash(run), fingerprint }]),
        ),
      idsAfter: async (_source, after, limit) =>
        runs
          .map(({ recordId }) => recordId)
          .sort()
          .filter((id) => id > after)
          .slice(0, limit),
      countOfSource: async () => runs.length,
      count: async () => runs.length,
      signaturesOf: async () => Object.keys(signatures),
      countCopied: async (_source, asked) => asked.length - 1,
      bearing: async (_source, asked) => asked.flatMap((id) => signatures[id]?.records ?? []),
    },
    signatures: {
      read: async () => new Map(Object.entries(signatures).flatMap(([id, { template }]) => (template ? [[id, row(id, template)]] : []))),
    },
    signatureIndex: {
      templates: async () => new Map(Object.entries(signatures).flatMap(([id, { document }]) => (document ? [[id, document]] : []))),
      upsert: async (batch) => void written.push(...batch.map(({ id, template }) => [id, template] as const)),
    },
    embedder: { embedPassages: async (texts) => texts.map(() => [1, 0]) },
    deadLetters: { contentHashes: async () => new Map(letters.map((letter) => [letter.recordId, contentHash(letter)])) },
    vectors: {
      versions: async (asked) =>
        new Map(
          documents.filter((document) => asked.includes(runId(document))).map((document) => [runId(document), contentHash(document)]),
        ),
      ids: async ({ limit, offset }) => ids.slice(offset, offset + limit),
      count: async () => documents.length,
      remove: async (gone) => void removed.push(...gone),
    },
    fingerprint: "f1",
    health: { setHeld: async (_source, { runs: kept, copies }) => void held.push([kept, copies]) },
    imports: { read: async () => {} },
    now: () => new Date("2026-05-06T08:00:00Z"),
    zones: { source: "UTC" },
    send: async (_source, batch) => `job${sent.push(...batch)}`,
  };
  return {
    deps,
    sent,
    removed,
    written,
    held,
    reconcile: (changes: Partial<typeof request> = {}) => reconcileIndex(deps, { ...request, ...changes }, signal),
  };
}

test("reconcileIndex, everything agrees over several pages, is in sync and sends nothing", async () => {
  const { reconcile, sent } = world({ source: many(1_203) });
  expect(await reconcile()).toMatchObject({
    source: 1_203,
    runs: 1_203,
    index: 1_203,
    missing: 0,
    extra: 0,
    stale: 0,
    dead: 0,
    inSync: true,
    differences: [],
    batches: [],
  });
  expect(sent).toEqual([]);
});

test("reconcileIndex, a record was never indexed, sends it and says on which day and pipeline", async () => {
  const { reconcile, sent } = world({ source: many(40), runs: many(40).filter((_, id) => id !== 7) });
  expect(await reconcile()).toMatchObject({
    missing: 1,
    inSync: false,
    differences: [{ day: "2026-01-02", pipeline: "odd", source: 7, runs: 6, index: 6 }],
  });
  expect(sent).toEqual([record(7).recordId]);
});

test("reconcileIndex, a document is gone although its run is there, sends the record", async () => {
  const { reconcile, sent } = world({ source: many(10), documents: many(9) });
  expect(await reconcile()).toMatchObject({ missing: 1, inSync: false });
  expect(sent).toEqual([record(9).recordId]);
});

test.each([
  ["an older run", { source: [record(0, "KO")], runs: [record(0)] }],
  ["an older document", { source: [record(0, "KO")], runs: [record(0, "KO")], documents: [record(0)] }],
  ["a run of another fingerprint", { source: [record(0)], fingerprint: "f0" }],
])("reconcileIndex, %s, is stale and sent", async (_situation, held) => {
  const { reconcile, sent } = world(held);
  expect(await reconcile()).toMatchObject({ stale: 1, missing: 0, inSync: false });
  expect(sent).toEqual([record(0).recordId]);
});

test("reconcileIndex, a record that is set aside as it is, is dead and in sync", async () => {
  const { reconcile, sent } = world({ source: many(5), runs: many(4), letters: [record(4)] });
  expect(await reconcile()).toMatchObject({ dead: 1, missing: 0, inSync: true });
  expect(sent).toEqual([]);
});

test("reconcileIndex, a record is set aside and an earlier version is indexed, is stale and sent", async () => {
  const { reconcile, sent } = world({ source: [record(0, "KO")], runs: [record(0)], letters: [record(0, "KO")] });
  expect(await reconcile()).toMatchObject({ dead: 1, stale: 1, inSync: false });
  expect(sent).toEqual([record(0).recordId]);
});

test("reconcileIndex, a record is gone, sends its run to be removed", async () => {
  const { reconcile, sent } = world({ source: many(99), runs: many(100) });
  expect(await reconcile()).toMatchObject({ extra: 1, keptBack: 0, inSync: false });
  expect(sent).toEqual([record(99).recordId]);
});

test.each([
  ["without a yes, keeps them", false, 6, 0],
  ["with a yes, sends them", true, 0, 6],
])("reconcileIndex, more than a twentieth of the records are gone, %s", async (_result, allowRemovals, keptBack, count) => {
  const { reconcile, sent, held } = world({ source: many(94), runs: many(100) });
  expect(await reconcile({ allowRemovals })).toMatchObject({ extra: 6, keptBack });
  expect(held).toEqual([keptBack === 0 ? [0, 0] : [6, 5]]);
  expect(sent).toHaveLength(count);
});

test("reconcileIndex, documents that have neither run nor record, are removed", async () => {
  const { reconcile, removed } = world({ source: many(3), documents: many(5) });
  expect(await reconcile()).toMatchObject({ extra: 2, inSync: false });
  expect(removed).toEqual([runId(record(3)), runId(record(4))]);
});

test("reconcileIndex, documents of signatures lack or are of an earlier template, writes these and no other", async () => {
  const signatures = {
    "sig-a": { template: "disk full", document: "disk full" },
    "sig-b": { template: "timeout after <*>" },
    "sig-c": { template: "cannot open <*>", document: "cannot open table" },
  };
  const { reconcile, written, sent } = world({ source: many(3), signatures });
  expect(await reconcile()).toMatchObject({ signatures: 1, missingSignatures: 1, staleSignatures: 1, missing: 0, stale: 0, inSync: false });
  expect([written, sent]).toEqual([
    [
      ["sig-b", "timeout after <*>"],
      ["sig-c", "cannot open <*>"],
    ],
    [],
  ]);
});

test("reconcileIndex, nothing is known of a signature that runs bear, sends those that still exist", async () => {
  const signatures = { "sig-a": { document: "disk full", records: [record(1).recordId, record(99).recordId] } };
  const { reconcile, written, sent } = world({ source: many(99), runs: many(100), signatures });
  expect(await reconcile({ repair: false })).toMatchObject({ staleSignatures: 1, inSync: false });
  await reconcile();
  expect([written, sent]).toEqual([[], [record(1).recordId, record(99).recordId]]); // the second to be removed
});

test("reconcileIndex, every signature has its document, is in sync", async () => {
  const { reconcile } = world({ source: many(3), signatures: { "sig-a": { template: "disk full", document: "disk full" } } });
  expect(await reconcile()).toMatchObject({ signatures: 1, missingSignatures: 0, staleSignatures: 0, inSync: true });
});

test("reconcileIndex, without repair, says what differs and changes nothing", async () => {
  const { reconcile, sent, removed } = world({ source: many(9), runs: many(10), documents: many(12) });
  expect(await reconcile({ repair: false })).toMatchObject({ extra: 3, inSync: false, batches: [] });
  expect([sent, removed]).toEqual([[], []]);
});
