import { indexReconcile, recordsEmbed, sourcePull } from "@flow-rag/contracts";
import type { Runtime } from "@flow-rag/kernel";
import { createProducer, openRedis, startConsumer } from "@flow-rag/queue";
import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "./config.js";
import type { PullRecordsDeps } from "./domain/pull.js";
import type { PullStores } from "./domain/pull-stores.js";
import { handleSourcePull } from "./entry/source-pull.consumer.js";
import { startTicks } from "./entry/ticks.js";

/** Binds entries to deps and starts taking work: first the queue, then the clock. */
export async function serve({ config, lifecycle, log }: Runtime<Config>, storesOf: ReadonlyMap<string, PullStores>): Promise<void> {
  const { queue, pull } = config;
  const redis = lifecycle.own("redis", await openRedis({ url: queue.url, whenDown: "wait", log }), (client) => client.quit());
  const producer = lifecycle.own("producer", createProducer({ redis, prefix: queue.prefix, log }), (resource) => resource.close());
  const outlet: Omit<PullRecordsDeps, "send" | keyof PullStores> = {
    waitForRoom: async (signal) => {
      while ((await producer.depth(recordsEmbed)).unfinished >= queue.maxWaiting) await sleep(1_000, undefined, { signal });
    },
    queueMarker: () => producer.marker(),
    queueIsIdle: async () => {
      const { unfinished, failed } = await producer.depth(recordsEmbed);
      return unfinished + failed === 0;
    },
    now: () => new Date(),
  };
  const zones = new Map(config.sources.map(({ name, zone }) => [name, zone]));
  const handle = handleSourcePull((source) => {
    const stores = storesOf.get(source);
    if (!stores) return undefined;
    const send: PullRecordsDeps["send"] = (records, { force }) => producer.send(recordsEmbed, { source, records: [...records], force });
    return { deps: { ...stores, ...outlet, send }, limits: { overlapMs: pull.overlapMs, zone: zones.get(source) ?? "UTC" } };
  });
  const consumer = startConsumer(sourcePull, handle, { redis, prefix: queue.prefix, lockMs: queue.lockMs, concurrency: 1, log });
  lifecycle.own("source.pull consumer", consumer, (resource) => resource.close());
  await consumer.ready();

  const names = config.sources.map(({ name }) => name);
  const pullTicks = startTicks({ name: sourcePull.name, expression: pull.cron, variable: "PULL_CRON", log }, (slot) =>
    Promise.all(names.map((source) => producer.send(sourcePull, { source, slot }))),
  );
  lifecycle.own("pull ticks", pullTicks, (ticks) => ticks.close());
  const reconcileTicks = startTicks(
    { name: indexReconcile.name, expression: pull.reconcileCron, variable: "RECONCILE_CRON", log },
    (slot) => Promise.all(names.map((source) => producer.send(indexReconcile, { source, slot }))),
  );
  lifecycle.own("reconcile ticks", reconcileTicks, (ticks) => ticks.close());
}
