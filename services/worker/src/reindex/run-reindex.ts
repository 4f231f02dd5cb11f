import type { ReindexDeed, ReindexMessage, ReindexReport } from "@flow-rag/contracts";
import { AppError, createBreaker, Lifecycle, type Logger, type Runtime } from "@flow-rag/kernel";
import type { CachedEmbedder, EmbedderKind } from "@flow-rag/models";
import {
  createIndexedRuns,
  createReindexStore,
  dropCollection,
  listCollections,
  signaturesOf,
  type IndexDescription,
  type IndexState,
  type ReindexPlan,
} from "@flow-rag/stores";
import { openSourceDeps } from "../deps.js";
import { embedRecords } from "../domain/embed-records.js";
import { reindex } from "../domain/reindex/reindex.js";
import type { ReindexDeps } from "../domain/reindex/reindex-deps.js";
import { describeIndex, openConfigured, openEmbedderOf, openIndexStores } from "../open-index.js";
import type { Config } from "./config.js";
import { holdLease, type Lease } from "./hold-lease.js";

type Tell = (message: ReindexMessage) => void;
/** `kind`: the embedder that was asked for in so many words. */
export type ReindexOrder = { readonly deed: ReindexDeed; readonly kind: EmbedderKind | undefined };
type Opened = Awaited<ReturnType<typeof openSourceDeps>> & { readonly reindexes: ReturnType<typeof createReindexStore> };
type Work = { readonly runtime: Runtime<Config>; readonly opened: Opened; readonly lease: Lease; readonly tell: Tell };

/** Does what is ordered, with the lease held from the first look to the last write. Everything it opened is closed when it returns. */
export async function runReindex(
  { config, log }: Omit<Runtime<Config>, "lifecycle">,
  { deed, kind }: ReindexOrder,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const lifecycle = new Lifecycle(log);
  const runtime = { config, log, lifecycle };
  let lease: Lease | undefined;
  try {
    const sources = await openSourceDeps(runtime);
    const opened = { ...sources, reindexes: createReindexStore(sources.state) };
    const onWait = () => tell({ type: "waiting" });
    lease = await holdLease({ reindexes: opened.reindexes, leaseMs: config.leaseMs, onWait }, signal);
    lifecycle.own("lease", lease, (held) => held.release());
    const work = { runtime, opened, lease, tell };
    const either = AbortSignal.any([signal, lease.lost]);
    if (deed === "drop-old") tell({ type: "dropped", collections: await dropOld(work, either) });
    else tell({ type: "report", report: await rebuild(work, { rollback: deed === "rollback", kind }, either) });
  } catch (error) {
    lease?.lost.throwIfAborted(); // says more than what it broke off
    throw error;
  } finally {
    await lifecycle.close();
  }
}

type Wish = { readonly rollback: boolean; readonly kind: EmbedderKind | undefined };

async function rebuild(work: Work, { rollback, kind }: Wish, signal: AbortSignal): Promise<ReindexReport> {
  const { runtime, opened, lease, tell } = work;
  const { config, lifecycle, log } = runtime;
  const active = await readActive(opened, signal);
  const begun = await opened.reindexes.readPlan(signal);
  const embedder = rollback
    ? await openEmbedderOf(begun?.rollback ? begun.target : previousOf(active), config, log)
    : await openWanted(config, log, { kind, begun, active });
  lifecycle.own("embedder", embedder, (resource) => resource.close());
  const described = describeIndex(embedder, config.index.prefix);
  const target = [active, active.previous, begun?.target].find((known) => known?.fingerprint === described.fingerprint) ?? described;
  await settlePlan(work, { begun, plan: { target: plain(target), rollback, startedAt: new Date() }, active });

  const deps: ReindexDeps = {
    ...(await openIndexStores(target, config.index.url, createBreaker("Chroma"))),
    runs: createIndexedRuns(opened.state),
    signatures: opened.signatures,
    states: opened.states,
    sources: new Map([...opened.sources].map(([name, { source }]) => [name, source])),
    embedder,
    fingerprint: target.fingerprint,
    zone: config.display.zone,
    onProgress: (progress) => tell({ type: "progress", ...progress }),
    async embedAgain(source, recordIds, given) {
      const ofSource = opened.sources.get(source);
      if (!ofSource) return;
      const records = recordIds.map((recordId) => ({ recordId, contentHash: "reindex" }));
      await embedRecords({ ...ofSource, ...deps, source: ofSource.source, runs: ofSource.runs }, { source, records, force: true }, given);
    },
  };
  const report = await reindex(deps, { target: plain(target), gate: !rollback }, signal);
  await opened.reindexes.endPlan(lease.owner);
  const finished = begun?.target.fingerprint === target.fingerprint;
  return finished ? { ...report, outcome: "switched" } : report;
}

/** What was asked for; else what was begun; else what the configuration says; else what the active index is built with. */
async function openWanted(
  config: Config,
  log: Logger,
  { kind, begun, active }: { kind: EmbedderKind | undefined; begun: ReindexPlan | undefined; active: IndexState },
): Promise<CachedEmbedder> {
  const configured = begun ? "auto" : config.embedder.kind;
  const prefer = (begun?.target ?? active).embedder.kind;
  return await openConfigured({ ...config, embedder: { ...config.embedder, kind: kind ?? configured } }, log, prefer);
}

/** Writes down what is begun, so that the next start goes on with it, and clears away what was begun before and is no longer wanted. */
async function settlePlan(
  { runtime: { config, log }, opened, lease }: Work,
  { begun, plan, active }: { begun: ReindexPlan | undefined; plan: ReindexPlan; active: IndexState },
): Promise<void> {
  const isKept = (index: IndexDescription): boolean =>
    [plan.target, active, active.previous].some((kept) => kept?.fingerprint === index.fingerprint);
  if (begun && !isKept(begun.target)) {
    log.warn({ collection: begun.target.collection }, "an unfinished reindex to another embedder is given up");
    await dropIndex(begun.target.collection, config.index.url);
  }
  if (begun?.target.fingerprint !== plan.target.fingerprint || begun.rollback !== plan.rollback)
    await opened.reindexes.savePlan(lease.owner, plan);
}

const plain = ({ collection, fingerprint, embedder, createdAt }: IndexDescription): IndexDescription => ({
  collection,
  fingerprint,
  embedder,
  createdAt,
});

async function readActive({ states }: Opened, signal: AbortSignal): Promise<IndexState> {
  const active = await states.read(signal);
  if (active) return active;
  throw new AppError("invalid_input", "there is no index yet: flow-rag ingest makes the first one");
}

function previousOf({ previous }: IndexState): IndexDescription {
  if (previous) return previous;
  throw new AppError("invalid_input", "there is no former index to go back to: none was replaced yet, or it was dropped");
}

/** Drops every index of this prefix but the active one; the way back first, so that nobody takes it meanwhile. Returns the collections. */
async function dropOld({ runtime, opened, lease }: Work, signal: AbortSignal): Promise<string[]> {
  const { url, prefix } = runtime.config.index;
  const active = await readActive(opened, signal);
  await opened.states.forgetPrevious();
  await opened.reindexes.endPlan(lease.owner);
  const kept = new Set([active.collection, signaturesOf(active.collection)]);
  const isOurs = (name: string): boolean => /^(flows|signatures)-[0-9a-f]{8}$/.test(name.slice(prefix.length));
  const old = (await listCollections(url, prefix, signal)).filter((name) => isOurs(name) && !kept.has(name));
  for (const name of old) await dropCollection(url, name, signal);
  return old.toSorted();
}

async function dropIndex(collection: string, url: string): Promise<void> {
  for (const name of [collection, signaturesOf(collection)]) await dropCollection(url, name, AbortSignal.timeout(60_000));
}
