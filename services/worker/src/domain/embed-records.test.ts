import type { DeadLetter, Run, SourceRecord } from "@flow-rag/contracts";
import { contentHash } from "@flow-rag/insights";
import { AppError } from "@flow-rag/kernel";
import type { VectorDocument } from "@flow-rag/stores";
import { embedRecords, type EmbedRecordsDeps } from "./embed-records.js";

const signal = new AbortController().signal;
const now = new Date("2026-02-01T00:00:00Z");
const record = (recordId: string, fields: SourceRecord["fields"] = {}): SourceRecord => ({
  source: "flows",
  recordId,
  fields: {
    pipeline: "orders",
    tech: "spark",
    status: "KO",
    timestamp: "2026-01-31T02:00:00Z",
    durationMs: 900,
    error: "disk full",
    ...fields,
  },
});

/** Hand-written fakes: what was done, in order. */
function fakeDeps(
  found: readonly SourceRecord[],
  { spoiled = "", indexed = [] as readonly SourceRecord[], aside = [] as readonly SourceRecord[] } = {},
) {
  const done: string[] = [];
  const documents = new Map<string, VectorDocument>();
  const runs = new Map<string, Run>();
  const letters = new Map<string, Pick<DeadLetter, "reason" | "stage">>();
  const embedded: string[] = [];
  const noted: string[] = [];
  const deps: EmbedRecordsDeps = {
    source: { find: async (ids) => found.filter(({ recordId }) => ids.includes(recordId)) },
    runs: {
      versions: async () => new Map(indexed.map((former) => [former.recordId, { contentHash: contentHash(former), fingerprint: "f1" }])),
      upsert: async (batch) => batch.forEach((run) => (done.push(`run ${run.recordId}`), runs.set(run.recordId, run))),
      remove: async (refs) => refs.forEach(({ recordId }) => done.push(`remove run ${recordId}`)),
    },
    deadLetters: {
      contentHashes: async () => new Map(aside.map((former) => [former.recordId, contentHash(former)])),
      put: async (batch) => batch.forEach(({ recordId, reason, stage }) => letters.set(recordId, { reason, stage })),
      resolve: async (refs) => refs.forEach(({ recordId }) => done.push(`resolve ${recordId}`)),
    },
    vectors: {
      upsert: async (batch) => {
        if (batch.some(({ id }) => id === `flows:${spoiled}`)) throw new AppError("invalid_input", "Chroma refused the request");
        batch.forEach((row) => (done.push(`vector ${row.id}`), documents.set(row.id, row)));
      },
      remove: async (ids) => ids.forEach((id) => done.push(`remove vector ${id}`)),
    },
    signatureIndex: {
      upsert: async (batch) => batch.forEach(({ id }) => done.push(`signature ${id.slice(0, 4)}`)),
      templates: async () => new Map(),
    },
    embedder: { embedPassages: async (texts) => texts.map((text) => (embedded.push(text), [1, 0])) },
    signatures: {
      assign: async (texts) =>
        texts.map((text) => (text === null ? null : { id: `sig of ${text.replace(/\d+/g, "<*>")}`, template: text })),
      note: async (sightings) => sightings.forEach(({ signature }) => noted.push(signature)),
    },
    fingerprint: "f1",
    zones: { source: "UTC", display: "Europe/Paris" },
    now: () => now,
  };
  const embed = (...ids: string[]) =>
    embedRecords(deps, { source: "flows", records: ids.map((recordId) => ({ recordId, contentHash: "old" })) }, signal);
  return { deps, done, documents, runs, letters, embedded, noted, embed };
}

test("embedRecords, a newer version than the job's, stores what the source holds now, the run last", async () => {
  const { done, runs, embed } = fakeDeps([record("a", { status: "OK", error: null })]);
  expect(await embed("a")).toEqual({ indexed: 1, unchanged: 0, removed: 0, setAside: 0 });
  expect(done).toEqual(["vector flows:a", "run a"]);
  expect(runs.get("a")).toMatchObject({
    status: "success",
    rawStatus: "OK",
    ts: new Date("2026-01-31T02:00:00Z"),
    fingerprint: "f1",
    indexedAt: now,
  });
});

test("embedRecords, a document, carries the whole metadata with a value for what is unknown", async () => {
  const { documents, embed } = fakeDeps([record("a", { durationMs: undefined, error: undefined })]);
  await embed("a");
  expect(documents.get("flows:a")?.metadata).toEqual({
    source: "flows",
    pipeline: "orders",
    tech: "spark",
    status: "failed",
    ts: Date.parse("2026-01-31T02:00:00Z"),
    durationMs: -1,
    signature: "",
    environment: "",
    contentHash: expect.any(String) as string,
  });
});

test("embedRecords, a version that is indexed already, does nothing and says so", async () => {
  const { done, embed } = fakeDeps([record("a")], { indexed: [record("a")] });
  expect([await embed("a"), done]).toEqual([{ indexed: 0, unchanged: 1, removed: 0, setAside: 0 }, []]);
});

test("embedRecords, a version that is indexed already and is asked for by force, is stored again", async () => {
  const { deps, done } = fakeDeps([record("a")], { indexed: [record("a")] });
  const batch = { source: "flows", records: [{ recordId: "a", contentHash: "h" }], force: true };
  expect([(await embedRecords(deps, batch, signal)).indexed, done]).toEqual([1, ["vector flows:a", "signature sig ", "run a"]]);
});

test.each([
  ["an unchanged status", "failed", new Date("2026-01-31T03:00:00Z")],
  ["another status", "running", now],
] as const)("embedRecords, a version stored again with %s, keeps when it was first indexed", async (_case, status, statusSince) => {
  const { deps, runs } = fakeDeps([record("a")]);
  const [firstIndexedAt, since] = [new Date("2026-01-31T02:30:00Z"), new Date("2026-01-31T03:00:00Z")];
  const former = { contentHash: "old", fingerprint: "f1", status, indexedAt: since, firstIndexedAt, statusSince: since };
  const stored = { ...deps, runs: { ...deps.runs, versions: async () => new Map([["a", former]]) } };
  const batch = { source: "flows", records: [{ recordId: "a", contentHash: "h" }], force: true };
  await embedRecords(stored, batch, signal);
  expect(runs.get("a")).toMatchObject({ status: "failed", indexedAt: now, firstIndexedAt, statusSince });
});

test("embedRecords, a run indexed before first times were kept, is no newer than its last", async () => {
  const { deps, runs } = fakeDeps([record("a")]);
  const former = { contentHash: "old", fingerprint: "f1", status: "failed" as const, indexedAt: new Date("2026-01-31T03:00:00Z") };
  const stored = { ...deps, runs: { ...deps.runs, versions: async () => new Map([["a", former]]) } };
  await embedRecords(stored, { source: "flows", records: [{ recordId: "a", contentHash: "h" }] }, signal);
  expect(runs.get("a")).toMatchObject({ indexedAt: now, firstIndexedAt: former.indexedAt, statusSince: former.indexedAt });
});

test("embedRecords, a record that is gone from the source, leaves the index, the run last", async () => {
  const { done, embed } = fakeDeps([]);
  expect(await embed("a")).toMatchObject({ removed: 1 });
  expect(done).toEqual(["remove vector flows:a", "resolve a", "remove run a"]);
});

test("embedRecords, a record without a time, is set aside with the field's name and the others are stored", async () => {
  const { letters, runs, embed } = fakeDeps([record("a", { timestamp: undefined }), record("b")]);
  expect(await embed("a", "b")).toEqual({ indexed: 1, unchanged: 0, removed: 0, setAside: 1 });
  expect(letters.get("a")).toMatchObject({ stage: "normalise", reason: expect.stringContaining("timestamp") as string });
  expect([...runs.keys()]).toEqual(["b"]);
});

test("embedRecords, a record that is indexed becomes one that cannot be understood, leaves the index, the run last", async () => {
  const { done, letters, embed } = fakeDeps([record("a", { timestamp: "soon" })], { indexed: [record("a")] });
  await embed("a");
  expect([[...letters.keys()], done]).toEqual([["a"], ["remove vector flows:a", "remove run a"]]);
});

test("embedRecords, a record that was set aside and is mended, is taken off the list", async () => {
  const { done, embed } = fakeDeps([record("a")], { aside: [record("a", { timestamp: undefined })] });
  await embed("a");
  expect(done.at(-1)).toBe("resolve a");
});

test("embedRecords, one record that the store refuses among seven, is set aside alone", async () => {
  const ids = ["a", "b", "c", "d", "e", "f", "g"];
  const { letters, runs, embed } = fakeDeps(
    ids.map((id) => record(id)),
    { spoiled: "d" },
  );
  expect(await embed(...ids)).toEqual({ indexed: 6, unchanged: 0, removed: 0, setAside: 1 });
  expect([[...letters.keys()], [...runs.keys()]]).toEqual([["d"], ids.filter((id) => id !== "d")]);
});

test("embedRecords, a store that does not answer, fails the job and sets nothing aside", async () => {
  const { deps, letters, embed } = fakeDeps([record("a")]);
  deps.vectors.upsert = async () => {
    throw new AppError("upstream_unavailable", "Chroma did not answer");
  };
  await expect(embed("a")).rejects.toMatchObject({ kind: "upstream_unavailable" });
  expect(letters.size).toBe(0);
});

test("embedRecords, the same failure at other times, is embedded once", async () => {
  const times = ["2026-01-30T02:00:00Z", "2026-01-31T02:00:00Z"];
  const { embedded, runs, embed } = fakeDeps(
    times.map((timestamp, index) => record(String(index), { timestamp, error: `worker ${index} lost` })),
  );
  await embed("0", "1");
  expect([embedded.length, runs.size]).toEqual([2, 2]); // the text of both runs, and their signature's
});

test("embedRecords, an error text with a password, stores it nowhere", async () => {
  const { runs, documents, embedded, embed } = fakeDeps([record("a", { error: "cannot reach postgres://app:hunter2@db:5432/flows" })]);
  await embed("a");
  expect(JSON.stringify([[...runs.values()], [...documents.values()], embedded])).not.toContain("hunter2");
});

test("embedRecords, a failed record, bears the signature it is given, which is noted before the run is stored", async () => {
  const { runs, noted, embed } = fakeDeps([record("a"), record("b", { status: "OK", error: null })]);
  await embed("a", "b");
  expect([runs.get("a")?.signature, runs.get("b")?.signature]).toEqual(["sig of disk full", null]);
  expect(noted).toEqual(["sig of disk full"]);
});
