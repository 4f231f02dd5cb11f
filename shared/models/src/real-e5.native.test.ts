import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createLogger } from "@flow-rag/kernel";
import { nodeArgs } from "../test/node-args.js";
import { realModel, realModelDir, withRealE5 } from "../test/real-e5.js";
import { createChildPool } from "./child-pool.js";
import type { TokenizerSetup, TokenRows } from "./child-protocol.js";
import { createE5Embedder } from "./e5-embedder.js";
import { locateModel } from "./model-files.js";

jest.setTimeout(120_000);

type Reference = { readonly texts: readonly { text: string; tokens: number; ids: readonly number[]; vector: string }[] };
const { texts } = JSON.parse(readFileSync(join(import.meta.dirname, "../test/e5-reference.json"), "utf8")) as Reference;
const { signal } = new AbortController();
const log = createLogger("test", "silent");
const files = locateModel({ model: realModel, modelDir: realModelDir, dtype: "q8" });
const kept = 512;

/** Of the reference's signed bytes. */
function cosineTo(vector: readonly number[], base64: string): number {
  const bytes = new Int8Array(Buffer.from(base64, "base64"));
  return vector.reduce((sum, value, axis) => sum + value * (bytes[axis] ?? 0), 0) / Math.hypot(...bytes);
}

withRealE5("e5, 57 texts in twenty scripts with the real weights, have the vectors of an independent engine", async () => {
  const embedder = await createE5Embedder(files, { dtype: "q8", processes: 1, log, nodeArgs });
  const vectors = await embedder.embedPassages(
    texts.map(({ text }) => text),
    signal,
  );
  await embedder.close();
  const unlike = texts
    .map(({ text, vector }, index) => ({ text, cosine: cosineTo(vectors[index] ?? [], vector) }))
    .filter(({ cosine }) => !(cosine >= 0.99));
  expect(texts.length).toBeGreaterThanOrEqual(50);
  expect(unlike).toEqual([]);
});

withRealE5("e5's tokenizer, the same texts, gives the ids of an independent one and cuts at 512 with the closing token", async () => {
  const setup: TokenizerSetup = { folder: files.folder, maxTokens: kept, maxCharacters: 32_768 };
  const pool = createChildPool<readonly string[], TokenRows>(
    { nodeArgs, answerWithinMs: 60_000, name: "tokenizer-child", setup },
    { size: 1, maxGrowthBytes: 1e9, log },
  );
  const { ids, lengths } = await pool.ask(
    texts.map(({ text }) => `passage: ${text}`),
    signal,
  );
  await pool.close();
  let from = 0;
  const rows = [...lengths].map((length) => [...ids.subarray(from, (from += length))]);
  const given = rows.map((row) => ({ tokens: row.length, ids: row.length < kept ? row : [...row.slice(0, 3), ...row.slice(-8)] }));
  expect(given).toEqual(texts.map((text) => ({ tokens: Math.min(text.tokens, kept), ids: text.ids })));
});

withRealE5("e5, a question in French about an error in English with the real weights, is nearer to it than to others", async () => {
  const embedder = await createE5Embedder(files, { dtype: "q8", processes: 1, log, nodeArgs });
  const [disk = [], rights = []] = await embedder.embedPassages(["No space left on device", "Permission denied: user=etl"], signal);
  const nearer = async (question: string): Promise<string> => {
    const query = await embedder.embedQuery(question, signal);
    const cosine = (vector: readonly number[]) => vector.reduce((sum, value, axis) => sum + value * (query[axis] ?? 0), 0);
    return cosine(disk) > cosine(rights) ? "disk" : "rights";
  };
  expect(await nearer("le disque est plein")).toBe("disk");
  expect(await nearer("l'utilisateur n'a pas les droits")).toBe("rights");
  await embedder.close();
});
