import type { ReindexDeps } from "./reindex-deps.js";
import { verifyIndex } from "./adopt-runs.js";

const signal = new AbortController().signal;

/** An index of documents without runs, of which the source still has some: a worker writes a document before its run. */
const orphaned = (documents: Set<string>, existing: readonly string[]): ReindexDeps => ({
  runs: { page: async () => [], byIds: async () => [], count: async () => 0, adopt: async () => undefined },
  vectors: {
    versions: async () => new Map(),
    upsert: async () => undefined,
    remove: async (ids) => ids.forEach((id) => documents.delete(id)),
    ids: async ({ limit, offset }) => [...documents].slice(offset, offset + limit),
    count: async () => documents.size,
    search: async () => [],
  },
  signatureIndex: { upsert: async () => undefined, templates: async () => new Map() },
  signatures: { assign: async () => [], note: async () => undefined, read: async () => new Map() },
  embedder: { embedPassages: async () => [], embedQuery: async () => [] },
  fingerprint: "new",
  zone: "UTC",
  states: { read: async () => undefined, switchOver: async () => true },
  sources: new Map([["flows", { existing: async (ids) => new Set(ids.filter((id) => existing.includes(id))) }]]),
  embedAgain: async () => undefined,
  onProgress: () => undefined,
});

test("verifyIndex, documents whose runs were removed while it was switched, are removed and it is in sync", async () => {
  const documents = new Set(["flows:a", "flows:b"]);
  expect(await verifyIndex(orphaned(documents, []), signal)).toMatchObject({ documents: 0, extra: 0, inSync: true });
  expect([...documents]).toEqual([]);
});

test("verifyIndex, a document whose record is there and whose run is about to come, is kept and told", async () => {
  const documents = new Set(["flows:a", "flows:b"]);
  expect(await verifyIndex(orphaned(documents, ["b"]), signal)).toMatchObject({ documents: 1, extra: 1, inSync: false });
  expect([...documents]).toEqual(["flows:b"]);
});
