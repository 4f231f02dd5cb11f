import { join } from "node:path";
import { AppError, type Logger } from "@flow-rag/kernel";
import { inheritedNodeArgs } from "./child.js";
import { createChildPool, type PoolProcess } from "./child-pool.js";
import type { SessionSetup, TokenizerSetup, TokenRows } from "./child-protocol.js";
import type { Embedder, EmbedderConfig } from "./embedder.js";
import { readDimensions, revisionOf, weightsOf, type ModelFiles } from "./model-files.js";
import { batchByTokens } from "./token-batches.js";
import { unitVector } from "./unit-vector.js";

const maxTokens = 512;
/** Padded tokens of one call to the model: 50 to 100 ms with e5-small, and larger ones are no faster. Source: measured on 2 cores. */
const tokensPerCall = 512;
/** 512 tokens are seldom 4,000 characters; what lies beyond need not be tokenised. */
const maxCharacters = 32_768;
/** Tokenised at once, about 60 ms: the model begins with the first such group while the next is tokenised. */
const textsPerGroup = 256;
/** A call takes 0.1 s, loading some seconds. What is silent for two minutes hangs. */
const answerWithinMs = 120_000;
/** e5-small grows by some 50 MB after it has loaded and stays there. */
const maxGrowthBytes = 256e6;

export interface E5Options {
  readonly dtype: EmbedderConfig["dtype"];
  /** Processes that run the model, each on one thread; one more tokenises. */
  readonly processes: number;
  readonly log: Logger;
  /** Arguments of node for the children; this process's own unless set. */
  readonly nodeArgs?: readonly string[] | undefined;
}

export type E5Embedder = Embedder & {
  /** Loads the model now rather than with the first call. */
  warmUp(): Promise<void>;
  /** What the model has computed so far: texts, their tokens, and tokens with the padding. */
  work(): { readonly texts: number; readonly tokens: number; readonly padded: number };
  /** The child processes that run at the moment. */
  processes(): PoolProcess[];
};

/**
 * An E5 model. Texts get the prefix it was trained with and are cut at 512 tokens; their vector is the L2-normalised
 * mean of the last hidden states over the attention mask. Source: model card of intfloat/multilingual-e5-small.
 * Nothing is computed in this process: child processes tokenise and run the model, started by the first call (1 to 3 s). q8 vectors
 * depend a little on the texts beside them (cosine at least 0.999 to the vector alone): never compare them byte for byte.
 * @throws AppError `misconfigured`, here when config.json cannot be used, from the first call or `warmUp` when the files do not load.
 */
export async function createE5Embedder(files: ModelFiles, { dtype, processes, log, nodeArgs }: E5Options): Promise<E5Embedder> {
  const dimensions = await readDimensions(files);
  const revision = await revisionOf(files);
  const { folder } = files;
  const program = { nodeArgs: nodeArgs ?? inheritedNodeArgs(), answerWithinMs };
  const pool = { maxGrowthBytes, log };
  const tokenizerSetup: TokenizerSetup = { folder, maxTokens, maxCharacters };
  const sessionSetup: SessionSetup = { weights: join(folder, weightsOf(files)), threads: 1 };
  const tokenizer = createChildPool<readonly string[], TokenRows>(
    { ...program, name: "tokenizer-child", setup: tokenizerSetup },
    { ...pool, size: 1 },
  );
  const sessions = createChildPool<TokenRows, Float32Array>(
    { ...program, name: "session-child", setup: sessionSetup },
    { ...pool, size: processes },
  );
  const underway = new Set<Promise<unknown>>();
  const closing = new AbortController();
  const done = { texts: 0, tokens: 0, padded: 0 };
  const explain = (error: unknown): never => {
    const { kind, message } = AppError.from(error);
    if (kind !== "misconfigured") throw error;
    const remedy = "Delete the folder so that it is downloaded again, or set EMBEDDER=lexical.";
    throw new AppError("misconfigured", `The embedding model in ${folder} does not load (${message}). ${remedy}`, { cause: error });
  };

  const embedGroup = async (group: readonly number[], texts: readonly string[], into: number[][], signal: AbortSignal): Promise<void> => {
    const rows = splitRows(
      await tokenizer.ask(
        group.map((position) => texts[position]!),
        signal,
      ),
    );
    const batches = batchByTokens(
      rows.map(({ length }) => length),
      tokensPerCall,
    );
    const run = async (batch: readonly number[]): Promise<void> => {
      const joined = joinRows(batch.map((row) => rows[row]!));
      const means = await sessions.ask(joined, signal);
      if (means.length !== batch.length * dimensions)
        throw new AppError("unexpected", `the model returned no vectors of ${dimensions} numbers`);
      for (const [place, row] of batch.entries())
        into[group[row]!] = unitVector(means.subarray(place * dimensions, (place + 1) * dimensions), dimensions, "the model");
      done.texts += batch.length;
      done.tokens += joined.ids.length;
      done.padded += batch.length * Math.max(...joined.lengths);
    };
    await Promise.all(batches.map(run));
  };

  /** Groups of like length by characters, batches of like length by tokens within them: what is padded stays under 3 %. */
  const embed = async (texts: readonly string[], signal: AbortSignal): Promise<number[][]> => {
    const byLength = [...texts.keys()].sort((a, b) => texts[a]!.length - texts[b]!.length);
    const vectors = new Array<number[]>(texts.length);
    const failed = new AbortController(); // the first failure stops the rest
    const either = AbortSignal.any([signal, failed.signal, closing.signal]);
    const groups: Promise<void>[] = [];
    for (let start = 0; start < byLength.length; start += textsPerGroup)
      groups.push(embedGroup(byLength.slice(start, start + textsPerGroup), texts, vectors, either));
    try {
      await Promise.all(groups);
    } catch (error) {
      failed.abort(error);
      await Promise.allSettled(groups);
      explain(error);
    }
    return vectors;
  };

  const start = async (texts: readonly string[], signal: AbortSignal): Promise<number[][]> => {
    AbortSignal.any([signal, closing.signal]).throwIfAborted();
    if (texts.length === 0) return [];
    const work = embed(texts, signal);
    underway.add(work);
    return await work.finally(() => underway.delete(work));
  };

  return {
    kind: "e5",
    fingerprint: `e5 ${files.name}@${revision} ${dtype} (${dimensions} dimensions, mean pooling, "passage: " and "query: ", ${maxTokens} tokens)`,
    dimensions,
    mixtures: { errors: { words: 0.6, identifiers: 1.5 }, pages: { words: 0.3, identifiers: 0.3 } },
    embedPassages(texts, signal) {
      const passages = texts.map((text) => `passage: ${text}`);
      return start(passages, signal);
    },
    async embedQuery(text, signal) {
      const [vector] = await start([`query: ${text}`], signal);
      return vector!;
    },
    async warmUp() {
      await Promise.all([tokenizer.warmUp(), sessions.warmUp()]).catch(explain);
    },
    work: () => ({ ...done }),
    processes: () => [...tokenizer.processes(), ...sessions.processes()],
    async close() {
      closing.abort(new AppError("unexpected", "the embedder is closed"));
      await Promise.allSettled(underway);
      await Promise.all([tokenizer.close(), sessions.close()]);
    },
  };
}

function splitRows({ ids, lengths }: TokenRows): Int32Array[] {
  let from = 0;
  return Array.from(lengths, (length) => ids.subarray(from, (from += length)));
}

function joinRows(rows: readonly Int32Array[]): TokenRows {
  const lengths = Int32Array.from(rows, ({ length }) => length);
  const ids = new Int32Array(lengths.reduce((sum, length) => sum + length, 0));
  let from = 0;
  for (const row of rows) {
    ids.set(row, from);
    from += row.length;
  }
  return { ids, lengths };
}
