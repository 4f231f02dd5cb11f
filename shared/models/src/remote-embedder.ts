import { AppError, untilAborted } from "@flow-rag/kernel";
import type { Embedder } from "./embedder.js";
import { postWithRetries, type RetryPolicy } from "./post-with-retries.js";
import { unitVector } from "./unit-vector.js";

/** An OpenAI-compatible `/embeddings` endpoint: OpenAI, Text Embeddings Inference, LiteLLM, OVH and others. */
export interface RemoteEmbedderConfig {
  /** With its version, such as `https://api.openai.com/v1`; http or https. */
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  readonly model: string;
}

export interface RemoteEmbedderOptions {
  /** Texts of one request. TEI takes 32 unless told otherwise. */
  readonly textsPerRequest?: number;
  readonly requestsAtOnce?: number;
  readonly retries?: RetryPolicy;
}

/** 512 tokens are seldom 4,000 characters, and an endpoint refuses what is longer than its model takes. */
const maxCharacters = 4_000;

/**
 * An embedder that asks an endpoint. One text is embedded here to learn the length of its vectors, so a wrong address, key or model fails
 * now. Models whose name says E5 get the prefixes they were trained with; the fingerprint names model, length and prefixes, not the
 * address: the same model elsewhere gives comparable vectors.
 * @throws AppError `misconfigured` for an address, key or model that the endpoint refuses, `rate_limited` or `upstream_unavailable` once
 * all attempts have failed, `unexpected` when its answer is not what was asked for.
 */
export async function openRemoteEmbedder(
  config: RemoteEmbedderConfig,
  options: RemoteEmbedderOptions,
  signal: AbortSignal,
): Promise<Embedder> {
  const { textsPerRequest = 32, requestsAtOnce = 4, retries } = options;
  const url = endpointOf(config.baseUrl);
  const headers = { "content-type": "application/json", ...(config.apiKey && { authorization: `Bearer ${config.apiKey}` }) };
  const isE5 = /(^|[/_-])e5([_-]|$)/i.test(config.model);
  const prefix = isE5 ? { passage: "passage: ", query: "query: " } : { passage: "", query: "" };
  const closing = new AbortController();
  const underway = new Set<Promise<unknown>>();

  /** `expected` undefined: any length, as long as it is one. */
  const request = async (texts: readonly string[], expected: number | undefined, either: AbortSignal): Promise<number[][]> => {
    const input = texts.map((text) => (text.trim() === "" ? "-" : text.slice(0, maxCharacters))); // an empty input is refused
    const body = JSON.stringify({ model: config.model, input, encoding_format: "float" });
    const rows = rowsOf(await postWithRetries({ url, headers, body }, retries, either), texts.length);
    const dimensions = expected ?? rows[0]?.length ?? 0;
    return rows.map((row) => unitVector(row, dimensions, `${url.host} with ${config.model}`));
  };

  const embed = async (texts: readonly string[], dimensions: number, given: AbortSignal): Promise<number[][]> => {
    const failed = new AbortController();
    const either = AbortSignal.any([given, closing.signal, failed.signal]);
    either.throwIfAborted();
    const vectors = new Array<number[]>(texts.length);
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < texts.length) {
        const start = next;
        next += textsPerRequest;
        const part = await request(texts.slice(start, start + textsPerRequest), dimensions, either);
        part.forEach((vector, position) => (vectors[start + position] = vector));
      }
    };
    const lanes = Array.from({ length: requestsAtOnce }, lane);
    const work = Promise.all(lanes).catch(async (error: unknown) => {
      failed.abort(error);
      await Promise.allSettled(lanes);
      throw error;
    });
    underway.add(work);
    await untilAborted(either, work).finally(() => underway.delete(work));
    return vectors;
  };

  const [probe] = await request([`${prefix.query}flow-rag`], undefined, signal);
  const dimensions = probe!.length;
  return {
    kind: "openai",
    fingerprint: `openai ${config.model} (${dimensions} dimensions, ${isE5 ? '"passage: " and "query: "' : "no prefix"})`,
    dimensions,
    // As e5: whatever stands behind the address compares meaning.
    mixtures: { errors: { words: 0.6, identifiers: 1.5 }, pages: { words: 0.3, identifiers: 0.3 } },
    embedPassages: (texts, given) =>
      embed(
        texts.map((text) => prefix.passage + text),
        dimensions,
        given,
      ),
    async embedQuery(text, given) {
      const [vector] = await embed([prefix.query + text], dimensions, given);
      return vector!;
    },
    async close() {
      closing.abort(new AppError("unexpected", "the embedder is closed"));
      await Promise.allSettled(underway);
    },
  };
}

/** @throws AppError `misconfigured` when it is no http address or carries a password, which would end in messages. */
function endpointOf(baseUrl: string): URL {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    throw new AppError(
      "misconfigured",
      "EMBED_API_URL must be an http(s) address without user, password or query: the key goes into EMBED_API_KEY",
    );
  return new URL(`${url.pathname.replace(/\/+$/, "")}/embeddings`, url);
}

/** The vectors of an answer, in the order of the texts. Source: OpenAI API reference, "Create embeddings". */
function rowsOf(answer: unknown, count: number): number[][] {
  const data = (answer as { data?: unknown } | null)?.data;
  const rows = new Array<number[]>(count);
  for (const [position, item] of (Array.isArray(data) ? (data as unknown[]) : []).entries()) {
    const { index = position, embedding } = (item ?? {}) as { index?: unknown; embedding?: unknown };
    if (typeof index === "number" && Array.isArray(embedding) && embedding.every((value) => typeof value === "number"))
      rows[index] = embedding;
  }
  if (rows.length !== count || rows.filter(Boolean).length !== count)
    throw new AppError("unexpected", `the embeddings endpoint gave no ${count} vectors for ${count} texts`);
  return rows;
}
