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
export async function serve({ config, lifecycle, log }: Runtime<Config>, stores: PullStores): Promise<void> {
  const { queue, pull, source } = config;
  const redis = lifecycle.own("redis", await openRedis({ url: queue.url, whenDown: "wait", log }), (client) => client.quit());
  const producer = lifecycle.own("producer", createProducer({ redis, prefix: queue.prefix, log }), (resource) => resource.close());
  const deps: PullRecordsDeps = {
    ...stores,
    send: async (records, { force }) => await producer.send(recordsEmbed, { source: source.name, records: [...records], force }),
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
  const handle = handleSourcePull(deps, { overlapMs: pull.overlapMs, zone: source.zone });
  const consumer = startConsumer(sourcePull, handle, { redis, prefix: queue.prefix, lockMs: queue.lockMs, concurrency: 1, log });
  lifecycle.own("source.pull consumer", consumer, (resource) => resource.close());
  await consumer.ready();

  const { name } = source;
  const pullTicks = startTicks({ name: sourcePull.name, expression: pull.cron, variable: "PULL_CRON", log }, (slot) =>
    producer.send(sourcePull, { source: name, slot }),
  );
  lifecycle.own("pull ticks", pullTicks, (ticks) => ticks.close());
  const reconcileTicks = startTicks(
    { name: indexReconcile.name, expression: pull.reconcileCron, variable: "RECONCILE_CRON", log },
    (slot) => producer.send(indexReconcile, { source: name, slot }),
  );
  lifecycle.own("reconcile ticks", reconcileTicks, (ticks) => ticks.close());
}
