import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createLogger, type Logger } from "@flow-rag/kernel";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { nodeArgs } from "../test/node-args.js";
import { tinyShape, tokenIds, writeTinyE5 } from "../test/tiny-e5.js";
import { createE5Embedder } from "./e5-embedder.js";
import { locateModel } from "./model-files.js";

const { signal } = new AbortController();
const silent = createLogger("test", "silent");
const sentences = [
  "pipeline orders daily failed yesterday",
  "connection refused",
  "le pipeline stock export a échoué hier cette nuit pour la base relation does not exist",
  "timeout",
  "spark executor lost memory exit code killed host talend error",
  "disk full",
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flow-rag-e5-"));
  await writeTinyE5(folder);
});
afterAll(async () => await rm(folder, { recursive: true }));

const openFolder = async (model: string, dtype: "q8" | "fp32", options: { processes?: number; log?: Logger } = {}) =>
  await createE5Embedder(locateModel({ model, modelDir: "unused", dtype }), { dtype, processes: 1, log: silent, nodeArgs, ...options });
const open = async (dtype: "q8" | "fp32", processes = 1) => await openFolder(folder, dtype, { processes });

/** The reference: onnxruntime on ids written by hand, pooled and normalised by plain loops. One row, so nothing is padded. */
async function reference(ids: readonly number[], file = "onnx/model.onnx"): Promise<number[]> {
  const session = await InferenceSession.create(join(folder, file));
  const int64 = (values: readonly number[]) => new Tensor("int64", BigInt64Array.from(values, BigInt), [1, values.length]);
  const { last_hidden_state: states } = await session.run({
    input_ids: int64(ids),
    attention_mask: int64(ids.map(() => 1)),
    token_type_ids: int64(ids.map(() => 0)),
  });
  const values = states!.data as Float32Array;
  const sums = Array.from({ length: tinyShape.hidden }, (_, axis) =>
    ids.reduce((sum, _id, token) => sum + values[token * tinyShape.hidden + axis]!, 0),
  );
  await session.release();
  const norm = Math.sqrt(sums.reduce((sum, value) => sum + value ** 2, 0));
  return sums.map((value) => value / norm);
}

const cosine = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, axis) => sum + value * b[axis]!, 0);
const largestDifference = (a: readonly number[], b: readonly number[]) => Math.max(...a.map((value, axis) => Math.abs(value - b[axis]!)));

test("e5 in fp32, passages of different lengths together, are each the prefixed text's mean, normalised and in order", async () => {
  const embedder = await open("fp32");
  const vectors = await embedder.embedPassages(sentences, signal);
  expect(vectors).toHaveLength(sentences.length);
  for (const [position, sentence] of sentences.entries()) {
    expect(largestDifference(vectors[position]!, await reference(tokenIds(`passage: ${sentence}`)))).toBeLessThan(1e-5);
    expect(Math.hypot(...vectors[position]!)).toBeCloseTo(1, 6);
  }
  await embedder.close();
});

test("e5 in fp32, a question, gets the other prefix", async () => {
  const embedder = await open("fp32");
  const vector = await embedder.embedQuery(sentences[0]!, signal);
  expect(largestDifference(vector, await reference(tokenIds(`query: ${sentences[0]}`)))).toBeLessThan(1e-5);
  // The prefix is seen in the vector, or this test could not tell the two apart.
  expect(largestDifference(vector, await reference(tokenIds(`passage: ${sentences[0]}`)))).toBeGreaterThan(1e-3);
  await embedder.close();
});

test("e5 in q8, a hundred passages in several batches, have the vectors they have alone", async () => {
  const embedder = await open("q8");
  const texts = Array.from({ length: 100 }, (_, i) => `${sentences[i % sentences.length]} ${sentences[(i * 5) % 4]}`);
  const vectors = await embedder.embedPassages(texts, signal);
  for (const [position, text] of texts.entries())
    expect(cosine(vectors[position]!, await reference(tokenIds(`passage: ${text}`), "onnx/model_quantized.onnx"))).toBeGreaterThan(0.999);
  await embedder.close();
});

test("e5, a text beyond 512 tokens, is cut there and keeps the closing token", async () => {
  const embedder = await open("fp32");
  const words = Array.from({ length: 600 }, (_, i) => ["disk", "full", "timeout", "spark"][(i * i) % 4]).join(" ");
  const [vector] = await embedder.embedPassages([words], signal);
  const ids = tokenIds(`passage: ${words}`);
  expect(largestDifference(vector!, await reference([...ids.slice(0, 511), 2]))).toBeLessThan(1e-5);
  await embedder.close();
});

test("e5, an empty text and unknown letters, give unit vectors", async () => {
  const embedder = await open("q8");
  for (const vector of await embedder.embedPassages(["", "Ω≈ç√", "\n"], signal)) expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
  await embedder.close();
});

test("e5, an empty list or a signal that has aborted, does not load the model", async () => {
  const embedder = await open("fp32");
  expect(await embedder.embedPassages([], signal)).toEqual([]);
  await expect(embedder.embedQuery("disk", AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
  expect(embedder.processes()).toEqual([]);
  await embedder.close();
});

test("e5, aborted in mid-list, rejects with the reason at once and goes on with the next", async () => {
  const embedder = await open("q8");
  await embedder.warmUp();
  const controller = new AbortController();
  const texts = Array.from({ length: 2_000 }, (_, i) => `${sentences[2]} ${sentences[i % 6]}`);
  const work = embedder.embedPassages(texts, controller.signal);
  setTimeout(() => controller.abort(new Error("enough")), 20);
  await expect(work).rejects.toThrow("enough");
  expect(await embedder.embedPassages(["disk"], signal)).toHaveLength(1);
  await embedder.close();
});

test.each([0, 5, 50])("e5, closed %d ms into a list, ends its processes and refuses more", async (afterMs) => {
  const embedder = await open("q8", 2);
  await embedder.warmUp();
  const pids = embedder.processes().map(({ pid }) => pid);
  expect(pids).toHaveLength(3);
  const texts = Array.from({ length: 4_000 }, () => sentences[2]!);
  const ended = expect(embedder.embedPassages(texts, signal)).rejects.toMatchObject({
    kind: "unexpected",
    message: "the embedder is closed",
  });
  await sleep(afterMs);
  await embedder.close();
  await embedder.close();
  await ended;
  expect(pids.filter(isAlive)).toEqual([]);
  await expect(embedder.embedQuery("disk", signal)).rejects.toMatchObject({ message: "the embedder is closed" });
});

test("e5, weights that are no model, says so with the remedy and tries again once they are repaired", async () => {
  const broken = await mkdtemp(join(tmpdir(), "flow-rag-e5-"));
  await writeTinyE5(broken);
  await writeFile(join(broken, "onnx/model_quantized.onnx"), "<html>Sign in to continue</html>");
  const embedder = await openFolder(broken, "q8");
  const failure = await embedder.embedQuery("disk", signal).catch((error: unknown) => error);
  expect(failure).toMatchObject({ kind: "misconfigured", message: expect.stringContaining(broken) as string });
  expect(failure).toMatchObject({ message: expect.stringMatching(/does not load .*Delete the folder.*EMBEDDER=lexical/) as string });
  await writeTinyE5(broken);
  expect(await embedder.embedQuery("disk", signal)).toHaveLength(tinyShape.hidden);
  await embedder.close();
  await rm(broken, { recursive: true });
});

test("e5, concurrent first calls, share one load", async () => {
  const embedder = await open("fp32");
  const calls = await Promise.all([embedder.embedQuery("disk", signal), embedder.warmUp(), embedder.embedPassages(["disk"], signal)]);
  await embedder.embedQuery("disk", signal);
  expect(calls[0]).toHaveLength(tinyShape.hidden);
  expect(embedder.processes().map(({ program }) => program)).toEqual(["tokenizer-child", "session-child"]);
  await embedder.close();
});

test("e5, other weights in the same folder, have another fingerprint", async () => {
  const [q8, fp32, again] = [await open("q8"), await open("fp32"), await open("q8")];
  expect(q8.fingerprint).toBe(again.fingerprint);
  expect(q8.fingerprint).toMatch(/^e5 .+@[0-9a-f]{12} q8 \(32 dimensions, mean pooling, "passage: " and "query: ", 512 tokens\)$/);
  const revisions = [q8, fp32].map(({ fingerprint }) => /@(\w+)/.exec(fingerprint)?.[1]);
  expect(revisions[0]).not.toBe(revisions[1]);
  expect(q8.dimensions).toBe(tinyShape.hidden);
  expect([q8, fp32, again].flatMap((embedder) => embedder.processes())).toEqual([]);
});

test("e5, its processes killed again and again in mid-list, still gives every text its vector", async () => {
  const embedder = await open("fp32", 2);
  const texts = Array.from({ length: 3_000 }, (_, i) => `${sentences[i % 6]} ${sentences[(i * 5) % 4]} ${sentences[(i * 7) % 6]}`);
  const calm = await embedder.embedPassages(texts, signal);
  const seen = new Set<number>();
  const killer = setInterval(() => {
    const [victim] = embedder.processes().filter(({ pid }) => !seen.has(pid));
    if (!victim || seen.size >= 3) return;
    seen.add(victim.pid);
    process.kill(victim.pid, "SIGKILL");
  }, 30);
  const vectors = await embedder.embedPassages(texts, signal).finally(() => clearInterval(killer));
  expect(seen.size).toBeGreaterThan(0);
  expect(Math.min(...vectors.map((vector, position) => cosine(vector, calm[position]!)))).toBeGreaterThan(0.9999);
  expect(embedder.processes().some(({ pid }) => seen.has(pid))).toBe(false);
  await embedder.close();
});

test("e5, the parent killed in mid-list, leaves no process behind", async () => {
  const parent = fork(join(import.meta.dirname, "../test/embedding-parent.ts"), [folder], { execArgv: nodeArgs });
  const [pids] = (await once(parent, "message")) as [number[]];
  expect(pids.filter(isAlive)).toEqual(pids);
  parent.kill("SIGKILL");
  const deadline = Date.now() + 5_000;
  while (pids.some(isAlive) && Date.now() < deadline) await sleep(20);
  expect(pids.filter(isAlive)).toEqual([]);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
