import { queueContracts, type Doubt, type SourceConfig } from "@flow-rag/contracts";
import {
  AppError,
  checkHealth,
  createReadiness,
  judgeConsumption,
  shareLooks,
  untilAborted,
  within,
  type BreakerState,
  type Logger,
  type Metrics,
  type PartCheck,
  type PartHealth,
} from "@flow-rag/kernel";
import {
  createQueueReader,
  observeQueues,
  probeRedis,
  toRedisError,
  type QueueOptions,
  type QueueReader,
  type QueueReading,
} from "@flow-rag/queue";
import { listChecks, runSelftest, type SelftestDeps, type SelftestResult } from "@flow-rag/rag";
import {
  createDeliveryStore,
  createIndexStateStore,
  createRecordSource,
  createVectorStore,
  openCollection,
  openSources,
  pingVectorStore,
  type TokenBudgetStore,
} from "@flow-rag/stores";
import type { Operation } from "../entry/routes/operation.js";
import type { SourceState } from "../entry/routes/ingestion.js";
import { tokensOfDay } from "../entry/token-day.js";

type Options = {
  /** The embedder is being loaded. */
  readonly isWarming: () => boolean;
  readonly queues: QueueOptions;
  readonly selftest: SelftestDeps;
  readonly sourceStates: (sources: readonly string[], signal: AbortSignal) => Promise<readonly SourceState[]>;
  readonly doubts: (sources: readonly string[], signal: AbortSignal) => Promise<Doubt[]>;
  readonly budget: Pick<TokenBudgetStore, "read"> | undefined;
  readonly breakers: () => Readonly<Record<string, BreakerState>>;
  readonly metrics: Metrics;
  readonly version: string;
  readonly graceMs: number;
  readonly now: () => Date;
  readonly log: Logger;
};

/** What the API says of itself and of the whole fleet: it looks, each time, at what everybody shares. */
export function openOperation(options: Options): { operation: Operation; close: () => Promise<void> } {
  const { queues, selftest, metrics, graceMs, now } = options;
  const reader = createQueueReader(queues);
  observeQueues(metrics, reader, queueContracts);
  const state = selftest.state.db(selftest.stateDb);
  const readIndex = (signal: AbortSignal) => createIndexStateStore(state).read(signal);
  const countDocuments = async (signal: AbortSignal) => {
    const active = await readIndex(signal);
    if (!active) return undefined;
    const collection = await openCollection(selftest.index.url, active.collection, active.fingerprint, signal);
    return { active, documents: await createVectorStore(collection).count(signal) };
  };
  metrics.onScrape([metrics.indexDocuments], async (signal) => {
    const found = await countDocuments(signal);
    if (found) metrics.indexDocuments.set({ collection: found.active.collection }, found.documents);
  });
  metrics.onScrape([metrics.llmDailyTokens], async (signal) => {
    const today = await options.budget?.read(signal);
    for (const state of ["used", "limit"] as const) if (today) metrics.llmDailyTokens.set({ state }, today[state]);
  });

  metrics.onScrape([metrics.unreadStatuses], async (signal) => {
    const names = selftest.sources.map(({ name }) => name);
    for (const { source, unread } of await options.sourceStates(names, signal)) metrics.unreadStatuses.set({ source }, unread?.runs ?? 0);
  });

  const probe = shareLooks(() => probeRedis(queues.redis, queues.prefix));
  const readiness = createReadiness({
    embedder: async () => {
      if (options.isWarming()) throw new AppError("upstream_unavailable", "the embedder is being loaded");
    },
    redis: () => probe("redis"),
    mongodb: readIndex,
    chroma: async (signal) => {
      if (!(await pingVectorStore(selftest.index.url, signal))) throw new AppError("upstream_unavailable", "Chroma does not answer");
    },
  });
  const parts = Object.fromEntries(
    queueContracts.map((contract): [string, PartCheck] => [
      contract.name,
      (signal) => judgeQueue({ reader, probe: () => probe("redis") }, contract, signal, { graceMs, now }),
    ]),
  );
  const lookAtHealth = keepFor(healthKeptMs, () => checkHealth(parts));
  let underway: Promise<SelftestResult> | undefined;

  const operation: Operation = {
    health: lookAtHealth,
    readiness,
    scrape: async () => ({ contentType: metrics.contentType, text: await metrics.scrape() }),
    // Asked twice at once it is done once: what it writes is the same.
    selftest: async (signal) => {
      underway ??= runSelftest(listChecks(selftest), { now }, AbortSignal.timeout(selftestWithinMs)).finally(() => (underway = undefined));
      return await untilAborted(signal, underway);
    },
    async status(sources, signal) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
      const known = async <T>(work: Promise<T>): Promise<T | null> => await work.catch(() => null);
      const [health, ready, states, records, index, readings, deliveries, sent, tokens, doubts] = await Promise.all([
        lookAtHealth(),
        readiness(),
        known(options.sourceStates(sources, limit)),
        Promise.all(sources.map((name) => known(countRecords(selftest.sources, name, limit)))),
        known(countDocuments(limit)),
        known(Promise.all(queueContracts.map((contract) => reader.read(contract, limit)))),
        known(createDeliveryStore(state).countByState(limit)),
        known(createDeliveryStore(state).lastSent(limit)),
        known(options.budget?.read(limit) ?? Promise.resolve(null)),
        known(options.doubts(sources, limit)),
      ]);
      return {
        status: health.status === "wedged" ? "wedged" : health.status === "ok" && ready.ready ? "ok" : "degraded",
        at: now().toISOString(),
        version: options.version,
        node: process.version,
        dependencies: ready.checks,
        sources: sources.map((name, position) => describeSource(name, states?.[position], records[position] ?? null)),
        doubts,
        index: index
          ? { collection: index.active.collection, embedder: index.active.embedder.fingerprint, documents: index.documents }
          : null,
        queues: readings?.map((reading) => describeQueue(reading, health.parts[reading.queue], now().getTime())) ?? null,
        report: { lastSentAt: sent?.toISOString() ?? null, deliveries },
        breakers: options.breakers(),
        model: {
          embedder: index?.active.embedder.fingerprint ?? null,
          chat: selftest.chat?.model ?? null,
          tokens: tokens && tokensOfDay(tokens),
        },
      };
    },
  };
  return { operation, close: () => reader.close() };
}

const withinMs = 4_000;
const healthKeptMs = 1_000;
const lookWithinMs = 1_500;

/** Looks once for all who ask within a time: probes come often and from many sides. Milliseconds. */
function keepFor<T>(ms: number, look: () => Promise<T>): () => Promise<T> {
  let last: { at: number; found: Promise<T> } | undefined;
  return async () => {
    if (last === undefined || performance.now() - last.at >= ms) last = { at: performance.now(), found: look() };
    return await last.found;
  };
}

const selftestWithinMs = 280_000;

/** Whether anybody takes what waits in a queue, as far as the queue itself can tell. */
async function judgeQueue(
  { reader, probe }: { reader: QueueReader; probe: () => Promise<void> },
  contract: (typeof queueContracts)[number],
  signal: AbortSignal,
  { graceMs, now }: Pick<Options, "graceMs" | "now">,
): Promise<PartHealth> {
  const look = async (limit: AbortSignal): Promise<QueueReading> => {
    const [reading] = await untilAborted(limit, Promise.all([reader.read(contract, limit), probe()]));
    return reading;
  };
  const found = await within(lookWithinMs, look, [signal]).catch((thrown: unknown) => toRedisError(thrown));
  if (found instanceof AppError) return { status: "waiting", reason: `${found.message}; jobs are taken again by themselves after that` };
  if (found.paused) return { status: "ok", reason: "the queue is paused" };
  const { queue, running, oldestWaiting, lastActivity = 0, consumers } = found;
  const local = { queue, running, oldestWaiting, lastActivity, timeoutMs: contract.timeoutMs, concurrency: Math.max(1, running.length) };
  const reason = judgeConsumption(local, { now: now().getTime(), graceMs });
  if (reason === undefined) return { status: "ok" };
  return { status: "stuck", reason: consumers === 0 ? "work waits and no consumer is connected" : reason };
}

/** Opened for the question alone: the source is somebody else's, and may be away. */
async function countRecords(sources: readonly SourceConfig[], name: string, signal: AbortSignal): Promise<number | null> {
  const source = sources.find((one) => one.name === name);
  if (!source) return null;
  const opened = await openSources([source]);
  try {
    return await createRecordSource(opened.db(source), source).count(signal);
  } finally {
    await opened.close();
  }
}

const describeSource = (source: string, state: SourceState | undefined, records: number | null) => ({
  source,
  records,
  runs: state?.runs ?? null,
  setAside: state?.setAside ?? null,
  unread: state?.unread ?? null,
  inParity: state && records !== null ? records === state.runs + state.setAside : null,
  enqueuedThrough: state?.enqueuedThrough ?? null,
  indexedThrough: state?.indexedThrough ?? null,
  movedAt: state?.movedAt ?? null,
  nextReconcileAt: state?.nextReconcileAt ?? null,
});

const describeQueue = ({ queue, counts, paused, oldestWaiting, consumers }: QueueReading, health: PartHealth | undefined, now: number) => ({
  queue,
  paused,
  counts,
  consumers,
  oldestWaitingSeconds: oldestWaiting === undefined ? null : Math.max(0, Math.round((now - oldestWaiting) / 1_000)),
  health: health?.status ?? "ok",
});
