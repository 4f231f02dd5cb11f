import { indexReconcile, recordsEmbed, sourcePull } from "@flow-rag/contracts";
import type { Watched } from "@flow-rag/kernel";
import { closeRedis, createProducer, openQueueTelemetry, openRedis, startConsumer, startOps } from "@flow-rag/queue";
import { cursorInstant, type ImportNotes, type SourceHealthStore } from "@flow-rag/stores";
import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "./config.js";
import type { PullRecordsDeps } from "./domain/pull.js";
import type { PullStores } from "./domain/pull-stores.js";
import { handleSourcePull } from "./entry/source-pull.consumer.js";
import { startTicks, type Ticks } from "./entry/ticks.js";

/** What pulling needs of a source, and where it is said how pulls go. */
export type ProducerStores = PullStores & { readonly health: SourceHealthStore; readonly imports: ImportNotes };

/** Binds entries to deps and starts taking work: first the queue, then the clock. */
export async function serve(runtime: Watched<Config>, storesOf: ReadonlyMap<string, ProducerStores>): Promise<void> {
  const { config, lifecycle, log, metrics, tracing } = runtime;
  const { queue, pull } = config;
  const telemetry = await openQueueTelemetry(tracing);
  const redis = lifecycle.own("redis", await openRedis({ url: queue.url, whenDown: "wait", log, prefix: queue.prefix }), closeRedis);
  const producer = lifecycle.own("producer", createProducer({ redis, prefix: queue.prefix, log, telemetry }), (resource) =>
    resource.close(),
  );
  const outlet: Omit<PullRecordsDeps, "send" | keyof PullStores> = {
    waitForRoom: async (signal) => {
      while ((await producer.depth(recordsEmbed)).unfinished >= queue.maxWaiting) await sleep(1_000, undefined, { signal });
    },
    queueMarker: () => producer.marker(),
    queueIsIdle: () => producer.isIdle(recordsEmbed),
    now: () => new Date(),
    onLate: (records) => metrics.lateArrivals.add({}, records),
  };
  const zones = new Map(config.sources.map(({ name, zone }) => [name, zone]));
  const clock: { reconcile?: Ticks } = {}; // begins last, when jobs are taken already
  const nextReconcile = () => clock.reconcile?.next() ?? undefined;
  const handle = handleSourcePull((source, requestId) => {
    const stores = storesOf.get(source);
    if (!stores) return undefined;
    const send: PullRecordsDeps["send"] = (records, { force }) =>
      producer.send(recordsEmbed, { source, records: [...records], force }, { requestId });
    return { deps: { ...stores, ...outlet, send }, limits: { overlapMs: pull.overlapMs, zone: zones.get(source) ?? "UTC" }, nextReconcile };
  });
  const { prefix, lockMs } = queue;
  const consumer = startConsumer(sourcePull, handle, { redis, prefix, lockMs, concurrency: 1, log, metrics, telemetry });
  lifecycle.own("source.pull consumer", consumer, (resource) => resource.close());
  await consumer.ready();

  const missed = (task: string) => () => metrics.cronMissed.add({ task });
  const names = config.sources.map(({ name }) => name);
  const pullTicks = startTicks(
    { name: sourcePull.name, expression: pull.cron, variable: "PULL_CRON", log, onMissed: missed(sourcePull.name) },
    (slot) => Promise.all(names.map((source) => producer.send(sourcePull, { source, slot }))),
  );
  lifecycle.own("pull ticks", pullTicks, (ticks) => ticks.close());
  const reconcileTicks = startTicks(
    { name: indexReconcile.name, expression: pull.reconcileCron, variable: "RECONCILE_CRON", log, onMissed: missed(indexReconcile.name) },
    (slot) => Promise.all(names.map((source) => producer.send(indexReconcile, { source, slot }))),
  );
  clock.reconcile = lifecycle.own("reconcile ticks", reconcileTicks, (ticks) => ticks.close());

  metrics.onScrape([metrics.watermarkLag], async (signal) => {
    for (const [name, { cursors, source }] of storesOf) {
      const mark = await cursors.read(name, signal);
      if (!mark?.cursor) continue;
      const { records } = await source.changedAfter(mark.cursor, 1, signal);
      const at = records.length > 0 ? cursorInstant(mark.cursor)?.getTime() : Date.now(); // a quiet source lags behind nothing
      if (at !== undefined) metrics.watermarkLag.set({ source: name }, Math.max(0, (Date.now() - at) / 1_000));
    }
  });
  const [first] = storesOf.values();
  await startOps(runtime, {
    redis,
    consumers: [consumer],
    dependencies: {
      state: async (signal) => await first?.indexState.read(signal),
      ...Object.fromEntries([...storesOf].map(([name, { source }]) => [`source ${name}`, (signal) => source.existing([], signal)])),
    },
  });
}
