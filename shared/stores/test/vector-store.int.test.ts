import { createHarness, type Harness } from "@flow-rag/testing";
import {
  createSignatureIndex,
  createVectorStore,
  dropCollection,
  isCollectionGone,
  openCollection,
  pingVectorStore,
  signaturesOf,
  type VectorDocument,
} from "../src/index.js";

const signal = new AbortController().signal;
let world: Harness;
beforeEach(async () => (world = await createHarness()));
afterEach(async () => expect(await world.lifecycle.close()).toBe(true));

const open = async (fingerprint = "f1") =>
  createVectorStore(await openCollection(world.chromaUrl, `${world.indexPrefix}flows`, fingerprint, signal));
const document = (id: string, values: number[], metadata: Partial<VectorDocument["metadata"]> = {}): VectorDocument => ({
  id,
  values,
  document: `document ${id}`,
  metadata: {
    source: "flows",
    pipeline: "orders",
    tech: "Spark",
    status: "failed",
    ts: Date.parse("2026-05-05T10:00:00Z"),
    durationMs: 900,
    signature: "sig-1",
    environment: "prod",
    contentHash: "h1",
    ...metadata,
  },
});

test("search, three documents, gives the nearest first with its whole metadata", async () => {
  const vectors = await open();
  await vectors.upsert([document("far", [0, 1]), document("near", [1, 0]), document("middle", [Math.SQRT1_2, Math.SQRT1_2])], signal);
  const found = await vectors.search([1, 0], { limit: 2 }, signal);
  expect(found).toEqual([
    {
      content: "document near",
      score: 1,
      meta: {
        id: "near",
        source: "flows",
        pipeline: "orders",
        tech: "Spark",
        status: "failed",
        ts: "2026-05-05T10:00:00.000Z",
        durationMs: 900,
        signature: "sig-1",
        environment: "prod",
      },
    },
    expect.objectContaining({ content: "document middle" }),
  ]);
});

test("upsert, the same id again, replaces the document and clears what is unknown now", async () => {
  const vectors = await open();
  await vectors.upsert([document("a", [1, 0])], signal);
  await vectors.upsert([document("a", [0, 1], { status: "success", durationMs: -1, signature: "", environment: "" })], signal);
  const [found] = await vectors.search([0, 1], { limit: 5 }, signal);
  expect([await vectors.count(signal), found?.score, found?.meta]).toEqual([
    1,
    1,
    expect.objectContaining({ status: "success", durationMs: null, signature: null, environment: null }),
  ]);
});

test.each([
  ["a status", { statuses: ["success"] }, ["b"]],
  ["a techno and a status", { techs: ["dbt"], statuses: ["failed"] }, ["c"]],
  ["a half-open window", { from: new Date("2026-05-04T00:00:00Z"), to: new Date("2026-05-05T10:00:00Z") }, ["c"]],
  ["names nobody bears", { pipelines: ["nobody"] }, []],
  ["no restriction", { statuses: [] }, ["a", "b", "c"]],
])("search, filtered by %s, finds exactly those", async (_situation, filter, expected) => {
  const vectors = await open();
  const earlier = Date.parse("2026-05-04T10:00:00Z");
  await vectors.upsert(
    [document("a", [1, 0]), document("b", [1, 0], { status: "success" }), document("c", [1, 0], { tech: "dbt", ts: earlier })],
    signal,
  );
  expect((await vectors.search([1, 0], { limit: 10, filter }, signal)).map(({ meta }) => meta.id)).toEqual(expected);
});

test("remove, one of two, leaves the other; an id nobody bears is no error", async () => {
  const vectors = await open();
  await vectors.upsert([document("a", [1, 0]), document("b", [1, 0])], signal);
  await vectors.remove(["a", "nobody"], signal);
  expect(await vectors.count(signal)).toBe(1);
});

test("upsert, more documents than one request may carry, stores them all", async () => {
  const vectors = await open();
  await vectors.upsert(
    Array.from({ length: 1_201 }, (_, index) => document(String(index), [1, index])),
    signal,
  );
  expect(await vectors.count(signal)).toBe(1_201);
});

test("vector store, hundreds of documents, are read and removed in pages and found 200 at most", async () => {
  const vectors = await open();
  const ids = Array.from({ length: 1_201 }, (_, index) => `run-${index}`);
  await vectors.upsert(
    ids.map((id, index) => document(id, [1, index / 1_000], { contentHash: `hash of ${id}` })),
    signal,
  );
  expect(await vectors.search([1, 0], { limit: 1_000 }, signal)).toHaveLength(200);
  const versions = await vectors.versions([...ids, "absent"], signal);
  expect([versions.size, versions.get("run-1200"), versions.has("absent")]).toEqual([1_201, "hash of run-1200", false]);
  await vectors.remove(ids.slice(100), signal);
  expect(await vectors.count(signal)).toBe(100);
});

test("vector store, its collection was dropped, says so to whoever can open it again", async () => {
  const vectors = await open();
  await dropCollection(world.chromaUrl, `${world.indexPrefix}flows`, signal);
  const failure = await vectors.count(signal).catch((error: unknown) => error);
  expect([isCollectionGone(failure), isCollectionGone(new Error("other"))]).toEqual([true, false]);
  expect(await (await open()).count(signal)).toBe(0);
});

test("openCollection, vectors of another embedder of the same length, is refused", async () => {
  await open("f1");
  await expect(open("f2")).rejects.toMatchObject({ kind: "misconfigured" });
});

test("upsert, a vector of the wrong length, is invalid input", async () => {
  const vectors = await open();
  await vectors.upsert([document("a", [1, 0])], signal);
  await expect(vectors.upsert([document("b", [1, 0, 0])], signal)).rejects.toMatchObject({ kind: "invalid_input" });
});

test("pingVectorStore, a server that runs and one that does not, tells them apart", async () => {
  expect([await pingVectorStore(world.chromaUrl, signal), await pingVectorStore("http://127.0.0.1:1", signal)]).toEqual([true, false]);
});

test("signature index, cosines among given ids, are those of each view, of the given ones that are there and of no others", async () => {
  const name = signaturesOf(`${world.indexPrefix}flows-1a2b3c4d`);
  expect(name).toBe(`${world.indexPrefix}signatures-1a2b3c4d`);
  const collection = await openCollection(world.chromaUrl, name, "f1", signal);
  const signatures = createSignatureIndex(collection);
  const half = [Math.SQRT1_2, Math.SQRT1_2];
  const documents = [
    { id: "sig-a", template: "disk full", views: [[1, 0], half] },
    { id: "sig-b", template: "timeout", views: [half, [0, 1]] },
    { id: "sig-c", template: "refused", views: [[0, 1], [0, 1]] },
  ]; // prettier-ignore
  await signatures.upsert(documents, signal);
  await signatures.upsert(documents, signal);
  expect(await signatures.count(signal)).toBe(6);
  expect([...(await signatures.templates(["sig-b", "sig-x"], signal))]).toEqual([["sig-b", "timeout"]]);
  const found = await signatures.cosines([1, 0], ["sig-c", "sig-gone", "sig-b"], signal);
  const rounded = [...found].map(([id, cosines]) => [id, cosines.map((cosine) => Number(cosine.toFixed(3)) + 0).sort()]).sort();
  expect(rounded).toEqual([
    ["sig-b", [0, 0.707]],
    ["sig-c", [0, 0]],
  ]);
  expect(await signatures.cosines([1, 0], [], signal)).toEqual(new Map());
  expect(await signatures.cosines([1, 0], ["sig-gone"], signal)).toEqual(new Map());
});

test("signature index, a document from before there were views, has its cosine and counts as one to be written anew", async () => {
  const name = signaturesOf(`${world.indexPrefix}flows-2b3c4d5e`);
  const collection = await openCollection(world.chromaUrl, name, "f1", signal);
  const signatures = createSignatureIndex(collection);
  await collection.upsertRows({ ids: ["sig-a"], embeddings: [[1, 0]], documents: ["disk full"] });
  expect([...(await signatures.cosines([1, 0], ["sig-a"], signal)).keys()]).toEqual(["sig-a"]);
  expect(await signatures.templates(["sig-a"], signal)).toEqual(new Map());
  await signatures.upsert([{ id: "sig-a", template: "disk full", views: [[1, 0], [0, 1]] }], signal); // prettier-ignore
  expect([...(await signatures.templates(["sig-a"], signal))]).toEqual([["sig-a", "disk full"]]);
  expect((await signatures.cosines([1, 0], ["sig-a"], signal)).get("sig-a")).toHaveLength(2);
});
