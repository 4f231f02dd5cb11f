import { indexSignatures, type IndexSignaturesDeps, type SignatureToIndex } from "./index-signatures.js";

const { signal } = new AbortController();
const trace: SignatureToIndex = {
  id: "sig-1",
  template: "SocketTimeoutException: Read timed out",
  example: "java.net.SocketTimeoutException: Read timed out\n\tat a\n\tat b\n\tat c",
};
const disk: SignatureToIndex = { id: "sig-2", template: "disk full", example: "disk full" };

function createIndex(indexed: [string, string][] = []) {
  const stored: { id: string; views: readonly number[][] }[] = [];
  const embedded: string[] = [];
  const deps: IndexSignaturesDeps = {
    signatureIndex: { upsert: async (documents) => void stored.push(...documents), templates: async () => new Map(indexed) },
    embedder: { embedPassages: async (texts) => (embedded.push(...texts), texts.map((text) => [text.length])) },
  };
  return { deps, stored, embedded };
}

test("indexSignatures, runs of two kinds of failure and one without an error, stores one document for each kind with its views", async () => {
  const { deps, stored, embedded } = createIndex();
  await indexSignatures(deps, [trace, trace, null, disk, disk], signal);
  expect(embedded).toEqual([
    "Socket Timeout Exception: Read timed out\nat a\nat b\nat c",
    "Socket Timeout Exception: Read timed out\nat a\nat b",
    "disk full",
  ]);
  expect(stored).toMatchObject([
    { id: "sig-1", views: [[55], [50]] },
    { id: "sig-2", views: [[9], [9]] },
  ]);
  await indexSignatures(deps, [null], signal);
  expect(stored).toHaveLength(2);
});

test("indexSignatures, a kind that the index has with this template, is not embedded again; one whose template widened is", async () => {
  const { deps, stored } = createIndex([
    ["sig-1", trace.template],
    ["sig-2", "disk full on db01"],
  ]);
  await indexSignatures(deps, [trace, disk], signal);
  expect(stored.map(({ id }) => id)).toEqual(["sig-2"]);
});
