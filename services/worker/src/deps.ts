import { digest } from "@flow-rag/contracts";
import { AppError, breakerLevels, type Watched } from "@flow-rag/kernel";
import { maskVersion, textVersion } from "@flow-rag/insights";
import { cpuThreads, openEmbedder, type Embedder } from "@flow-rag/models";
import {
  canarySource,
  createBreaker,
  createCanaryStores,
  createDeadLetterStore,
  createIndexStateStore,
  createRecordSource,
  createRunStore,
  createSignatureIndex,
  createSignatureStore,
  createVectorStore,
  openCollection,
  openMongo,
  openSources,
  signaturesOf,
  type IndexState,
  type IndexStateStore,
} from "@flow-rag/stores";
import type { Config } from "./config.js";
import { createSignatureKeeper } from "./domain/keep-signatures.js";
import { reportDownload } from "./report-download.js";
import { watchStores } from "./watch-stores.js";
import type { WorkerDeps } from "./serve.js";

/**
 * The only file of this service that constructs the outside world: what the worker needs for each source, by the source's name.
 * Rejects with an AppError when a part of it is missing.
 */
export async function openDeps({ config, lifecycle, log, metrics }: Watched<Config>): Promise<ReadonlyMap<string, WorkerDeps>> {
  const starting = AbortSignal.timeout(60_000); // milliseconds; a model's download is not bounded by it
  const sources = lifecycle.own("sources", await openSources(config.sources), (opened) => opened.close());
  const state = lifecycle.own("state", await openMongo(config.state.uri, "STATE_MONGO_URI"), (connection) => connection.close());
  const stateDb = state.db(config.state.db);
  const runs = createRunStore(stateDb);
  await runs.ensureIndexes();

  const indexStates = createIndexStateStore(stateDb);
  const existing = await indexStates.read(starting);
  const { embedder, reason } = await openEmbedder(config.embedder, {
    log,
    onProgress: reportDownload(log),
    processes: config.embedding.processes ?? (await cpuThreads()),
    cacheBytes: config.embedding.cacheBytes,
    ...(existing && { prefer: existing.embedder.kind }),
  });
  lifecycle.own("embedder", embedder, (resource) => {
    log.info({ cache: resource.stats() }, "embedder closing");
    return resource.close();
  });
  log.info({ embedder: embedder.fingerprint, reason }, "embedder chosen");

  const index = await claimIndex(indexStates, embedder, config.index.prefix);
  const collection = await openCollection(config.index.url, index.collection, index.fingerprint, AbortSignal.timeout(60_000));
  const breaker = createBreaker("Chroma", { onState: (now) => metrics.breakerState.set({ dep: "chroma" }, breakerLevels[now]) });
  metrics.breakerState.set({ dep: "chroma" }, breakerLevels.closed);
  const ofSignatures = await openCollection(
    config.index.url,
    signaturesOf(index.collection),
    index.fingerprint,
    AbortSignal.timeout(60_000),
  );
  const signatures = createSignatureStore(stateDb);
  const shared = {
    signatures: { ...signatures, ...createSignatureKeeper(signatures) },
    signatureIndex: createSignatureIndex(ofSignatures, breaker),
    runs,
    deadLetters: createDeadLetterStore(stateDb),
    vectors: createVectorStore(collection, breaker),
    embedder,
    fingerprint: index.fingerprint,
    now: () => new Date(),
  };
  watchStores(metrics, { embedder, vectors: shared.vectors, collection: index.collection });
  const ofSource = config.sources.map((source): [string, WorkerDeps] => {
    const zones = { source: source.zone, display: config.display.zone };
    return [source.name, { ...shared, zones, source: createRecordSource(sources.db(source), source) }];
  });
  const canary = createCanaryStores(stateDb, { chromaUrl: config.index.url, index });
  return new Map([...ofSource, [canarySource, { ...shared, ...canary, zones: { source: "UTC", display: config.display.zone } }]]);
}

/**
 * The active index, created when there is none.
 * @throws AppError `misconfigured` when it was built with something else: a same-sized vector of another model fits without an error and finds nonsense.
 */
async function claimIndex(states: IndexStateStore, embedder: Embedder, prefix: string): Promise<IndexState> {
  const fingerprint = digest(embedder.fingerprint, textVersion, maskVersion);
  const { kind, dimensions } = embedder;
  const wanted: IndexState = {
    collection: `${prefix}flows-${fingerprint.slice(0, 8)}`,
    fingerprint,
    embedder: { kind, dimensions, fingerprint: embedder.fingerprint },
    createdAt: new Date(),
  };
  const active = await states.readOrCreate(wanted, AbortSignal.timeout(30_000));
  if (active.fingerprint === fingerprint) return active;
  throw new AppError(
    "misconfigured",
    `the index ${active.collection} was built with "${active.embedder.fingerprint}", this worker embeds with "${embedder.fingerprint}": ` +
      `set EMBEDDER=${active.embedder.kind} again, or begin a new index with another STATE_DB and INDEX_PREFIX`,
  );
}
