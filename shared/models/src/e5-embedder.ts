import { setImmediate as breathe } from "node:timers/promises";
import { AppError, untilAborted } from "@flow-rag/kernel";
import type { Embedder, EmbedderConfig } from "./embedder.js";
import { readDimensions, revisionOf, type ModelFiles } from "./model-files.js";
import { loadTransformer, type Transformer } from "./transformer.js";
import { batchByTokens } from "./token-batches.js";

const maxTokens = 512;
/**
 * Padded tokens of one call. A call holds the event loop, for 50 to 100 ms with e5-small, and larger ones are no faster.
 * Source: measured on 2 cores with a model of e5-small's shape.
 */
const tokensPerCall = 512;
/** 512 tokens are seldom 4,000 characters; what lies beyond need not be tokenised. */
const maxCharacters = 32_768;
/** About 15 ms of tokenising between two breaths of the event loop. */
const textsPerTurn = 64;

export interface E5Options {
  readonly dtype: EmbedderConfig["dtype"];
  /** Threads of one call. */
  readonly threads: number;
}

/**
 * An E5 model. Texts get the prefix it was trained with and are cut at 512 tokens; their vector is the L2-normalised
 * mean of the last hidden states over the attention mask. Source: model card of intfloat/multilingual-e5-small.
 * The first call loads the model (1 to 3 s); calls meanwhile wait for the same load. q8 vectors depend a little on the
 * texts beside them (cosine at least 0.999 to the vector alone): never compare them byte for byte.
 * @throws AppError `misconfigured`, here when config.json cannot be used, from the first call or `warmUp` when the files do not load.
 */
export async function createE5Embedder(files: ModelFiles, { dtype, threads }: E5Options): Promise<Embedder & { warmUp(): Promise<void> }> {
  const dimensions = await readDimensions(files);
  const revision = await revisionOf(files);
  const underway = new Set<Promise<unknown>>();
  let loading: Promise<Transformer> | undefined;
  let closed = false;

  const check = (signal: AbortSignal): void => {
    signal.throwIfAborted();
    if (closed) throw new AppError("unexpected", "the embedder is closed");
  };

  const load = (): Promise<Transformer> =>
    (loading ??= loadTransformer(files.folder, { dtype, threads }).catch((error: unknown) => {
      loading = undefined; // whoever repairs the folder need not restart
      throw error;
    }));

  const embed = async (texts: readonly string[], signal: AbortSignal): Promise<number[][]> => {
    const transformer = await untilAborted(signal, load());
    const rows: number[][] = [];
    for (const [position, text] of texts.entries()) {
      if (position % textsPerTurn === 0) {
        await breathe();
        check(signal);
      }
      rows.push(cut(transformer.tokenize(text.slice(0, maxCharacters))));
    }
    const lengths = rows.map(({ length }) => length);
    const vectors = new Array<number[]>(texts.length);
    for (const batch of batchByTokens(lengths, tokensPerCall)) {
      await breathe();
      check(signal);
      const means = await transformer.run(batch.map((position) => rows[position]!));
      for (const [row, position] of batch.entries()) vectors[position] = unitVector(means[row], dimensions);
    }
    return vectors;
  };

  /** `close` waits for what is underway: weights must not be freed during a call. */
  const start = async (texts: readonly string[], signal: AbortSignal): Promise<number[][]> => {
    check(signal);
    if (texts.length === 0) return [];
    const work = embed(texts, signal);
    underway.add(work);
    return await work.finally(() => underway.delete(work));
  };

  return {
    kind: "e5",
    fingerprint: `e5 ${files.name}@${revision} ${dtype} (${dimensions} dimensions, mean pooling, "passage: " and "query: ", ${maxTokens} tokens)`,
    dimensions,
    embedPassages(texts, signal) {
      const passages = texts.map((text) => `passage: ${text}`);
      return start(passages, signal);
    },
    async embedQuery(text, signal) {
      const [vector] = await start([`query: ${text}`], signal);
      return vector!;
    },
    async warmUp() {
      await load();
    },
    async close() {
      closed = true;
      await Promise.allSettled(underway);
      const transformer = await loading?.catch(() => undefined);
      loading = undefined;
      await transformer?.dispose();
    },
  };
}

/** Keeps the closing token, as Hugging Face's tokenizers do. */
const cut = (ids: number[]): number[] => (ids.length <= maxTokens ? ids : [...ids.slice(0, maxTokens - 1), ids.at(-1)!]);

function unitVector(vector: Float64Array | undefined, dimensions: number): number[] {
  const norm = Math.hypot(...(vector ?? []));
  if (vector?.length !== dimensions || !(norm > 0) || !Number.isFinite(norm))
    throw new AppError("unexpected", `the model returned no vector of ${dimensions} numbers`);
  const unit: number[] = [];
  for (const value of vector) unit.push(value / norm);
  return unit;
}
