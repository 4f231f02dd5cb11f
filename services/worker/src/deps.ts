import { breakerLevels, createBreaker, type Logger, type Runtime, type Watched } from "@flow-rag/kernel";
import {
  canarySource,
  createCanaryRecords,
  createCanaryVectors,
  createDeadLetterStore,
  createIndexStateStore,
  createRecordSource,
  createRunStore,
  createSignatureStore,
  createImportNotes,
  createSourceHealthStore,
  openMongo,
  openSources,
  type IndexStateStore,
} from "@flow-rag/stores";
import type { Config } from "./config.js";
import { createSignatureKeeper } from "./domain/keep-signatures.js";
import { createActiveIndex } from "./follow-index.js";
import { describeIndex, openConfigured, openEmbedderOf, openIndexStores } from "./open-index.js";
import type { SourceDeps, WorkerDeps } from "./worker-deps.js";

/** The only file of this service that constructs the outside world. Rejects with an AppError when a part of it is missing. */
export async function openDeps(runtime: Watched<Config>): Promise<WorkerDeps> {
  const { config, lifecycle, log, metrics } = runtime;
  const { state, states, signatures, sources } = await openSourceDeps(runtime);
  await claimIndex(states, config, log);
  const breaker = createBreaker("Chroma", { onState: (now) => metrics.breakerState.set({ dep: "chroma" }, breakerLevels[now]) });
  metrics.breakerState.set({ dep: "chroma" }, breakerLevels.closed);
  const index = lifecycle.own(
    "index",
    createActiveIndex({
      states,
      openEmbedder: (state) => openEmbedderOf(state, config, log),
      openStores: (state) => openIndexStores(state, config.index.url, breaker),
    }),
    (resource) => {
      log.info({ cache: resource.stats() }, "index closing");
      return resource.close();
    },
  );
  await index.use(async () => {}, AbortSignal.timeout(3_600_000)); // ready means ready to index; a model's download takes its time
  const canary: SourceDeps = {
    ...createCanaryRecords(state),
    health: createSourceHealthStore(state),
    imports: createImportNotes(state),
    signatures,
    zones: { source: "UTC", display: config.display.zone },
    now: () => new Date(),
    vectorsOf: (opened) => createCanaryVectors({ chromaUrl: config.index.url, index: opened }),
  };
  return { index, sources: new Map([...sources, [canarySource, canary]]) };
}

/** What has nothing to do with which index is active: the state's stores, and what the worker needs for each source, by the source's name. */
export async function openSourceDeps({ config, lifecycle }: Runtime<Pick<Config, "sources" | "state" | "display">>) {
  const connections = lifecycle.own("sources", await openSources(config.sources), (opened) => opened.close());
  const connection = lifecycle.own("state", await openMongo(config.state.uri, "STATE_MONGO_URI"), (opened) => opened.close());
  const state = connection.db(config.state.db);
  const runs = createRunStore(state);
  await runs.ensureIndexes();
  const signatures = createSignatureStore(state);
  await signatures.ensureIndexes();
  const shared = {
    signatures: { ...signatures, ...createSignatureKeeper(signatures) },
    runs,
    deadLetters: createDeadLetterStore(state),
    health: createSourceHealthStore(state),
    imports: createImportNotes(state),
    now: () => new Date(),
  };
  const sources: ReadonlyMap<string, SourceDeps> = new Map(
    config.sources.map((source) => {
      const zones = { source: source.zone, display: config.display.zone };
      return [source.name, { ...shared, zones, source: createRecordSource(connections.db(source), source) }];
    }),
  );
  return { state, states: createIndexStateStore(state), signatures: shared.signatures, sources };
}

/** Makes the first index, with the embedder of the configuration, where there is none. */
async function claimIndex(states: IndexStateStore, config: Config, log: Logger): Promise<void> {
  if (await states.read(AbortSignal.timeout(30_000))) return;
  const embedder = await openConfigured(config, log);
  await states.readOrCreate(describeIndex(embedder, config.index.prefix), AbortSignal.timeout(30_000));
  await embedder.close();
}
