import { indexSignatures, type IndexSignaturesDeps } from "./index-signatures.js";

test("indexSignatures, runs of two kinds of failure and one without an error, stores one document for each kind", async () => {
  const stored: { id: string; template: string; values: number[] }[] = [];
  const deps: IndexSignaturesDeps = {
    signatureIndex: { upsert: async (documents) => void stored.push(...documents) },
    embedder: { embedPassages: async (texts) => texts.map((text) => [text.length]) },
  };
  const timeout = { id: "sig-1", template: "timeout after <*>" };
  const disk = { id: "sig-2", template: "disk full" };
  await indexSignatures(deps, [timeout, timeout, null, disk, disk], new AbortController().signal);
  expect(stored).toEqual([
    { ...timeout, values: [timeout.template.length] },
    { ...disk, values: [disk.template.length] },
  ]);
  await indexSignatures(deps, [null], new AbortController().signal);
  expect(stored).toHaveLength(2);
});
