import { digest } from "@flow-rag/contracts";
import { maskVersion, textVersion } from "@flow-rag/insights";
import { AppError, type Breaker, type Logger } from "@flow-rag/kernel";
import { cpuThreads, openEmbedder, type CachedEmbedder, type Embedder, type EmbedderKind } from "@flow-rag/models";
import {
  createSignatureIndex,
  createVectorStore,
  openCollection,
  signaturesOf,
  type IndexDescription,
  type SignatureIndex,
  type VectorStore,
} from "@flow-rag/stores";
import type { Config } from "./config.js";
import { reportDownload } from "./report-download.js";

type EmbedderSettings = Pick<Config, "embedder" | "embedding">;

/** The embedder of the configuration, or with `prefer` of that kind where the configuration leaves it open (`auto`). */
export async function openConfigured(config: EmbedderSettings, log: Logger, prefer?: EmbedderKind): Promise<CachedEmbedder> {
  const { embedder, reason } = await openEmbedder(config.embedder, {
    log,
    onProgress: reportDownload(log),
    processes: config.embedding.processes ?? (await cpuThreads()),
    cacheBytes: config.embedding.cacheBytes,
    ...(prefer && { prefer }),
  });
  log.info({ embedder: embedder.fingerprint, reason }, "embedder chosen");
  return embedder;
}

/** The index that this embedder, with this version's texts and masks, writes to. */
export function describeIndex({ kind, dimensions, fingerprint: ofEmbedder }: Embedder, prefix: string): IndexDescription {
  const fingerprint = digest(ofEmbedder, textVersion, maskVersion);
  const collection = `${prefix}flows-${fingerprint.slice(0, 8)}`;
  return { collection, fingerprint, embedder: { kind, dimensions, fingerprint: ofEmbedder }, createdAt: new Date() };
}

/**
 * The embedder that an existing index was built with, whatever kind the configuration asks for: that says what a new index is built with.
 * @throws AppError `misconfigured` when there is no such embedder here: a same-sized vector of another model fits without an error and finds nonsense.
 */
export async function openEmbedderOf(index: IndexDescription, config: EmbedderSettings, log: Logger): Promise<CachedEmbedder> {
  const { kind } = index.embedder;
  const asked = config.embedder.kind;
  if (asked !== "auto" && asked !== kind)
    log.warn({ index: kind, configured: asked }, `the index was built with ${kind}: flow-rag reindex --embedder ${asked} builds another`);
  const embedder = await openConfigured({ ...config, embedder: { ...config.embedder, kind: "auto" } }, log, kind);
  if (describeIndex(embedder, "").fingerprint === index.fingerprint) return embedder;
  await embedder.close();
  const sameEmbedder = embedder.fingerprint === index.embedder.fingerprint;
  throw new AppError(
    "misconfigured",
    sameEmbedder
      ? `the index ${index.collection} was built by another version of flow-rag, with other texts or masks: run flow-rag reindex`
      : `the index ${index.collection} was built with "${index.embedder.fingerprint}", here is "${embedder.fingerprint}": ` +
          `run flow-rag reindex --embedder ${kind}, or give back the model it was built with (EMBEDDER=${kind})`,
  );
}

/**
 * The two collections of an index, made where they are missing.
 * @throws AppError `misconfigured` when they hold vectors of another embedder.
 */
export async function openIndexStores(
  { collection, fingerprint }: IndexDescription,
  url: string,
  breaker: Breaker,
): Promise<{ vectors: VectorStore; signatureIndex: SignatureIndex }> {
  const open = (name: string) => openCollection(url, name, fingerprint, AbortSignal.timeout(60_000));
  return {
    vectors: createVectorStore(await open(collection), breaker),
    signatureIndex: createSignatureIndex(await open(signaturesOf(collection)), breaker),
  };
}
