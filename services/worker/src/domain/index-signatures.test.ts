import { indexSignatures, type IndexSignaturesDeps } from "./index-signatures.js";

test("indexSignatures, errors that differ by their variables, stores one document for each kind of failure", async () => {
  const stored: { id: string; template: string; values: number[] }[] = [];
  const embedded: string[] = [];
  const deps: IndexSignaturesDeps = {
    signatures: { upsert: async (documents) => void stored.push(...documents) },
    embedder: { embedPassages: async (texts) => texts.map((text) => (embedded.push(text), [text.length])) },
  };
  const errors = ["timeout after 31 s", "timeout after 47 s", null, "disk full", "disk full"];
  await indexSignatures(deps, errors, new AbortController().signal);
  expect(stored.map(({ template }) => template)).toEqual(embedded);
  expect(stored).toHaveLength(2);
  expect(new Set(stored.map(({ id }) => id)).size).toBe(2);
  for (const { id, template, values } of stored) {
    expect(id).toMatch(/^sig-[0-9a-f]{12}$/);
    expect(values).toEqual([template.length]);
  }
  await indexSignatures(deps, [null, ""], new AbortController().signal);
  expect(stored).toHaveLength(2);
});
