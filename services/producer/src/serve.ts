import { recordsEmbed, sourcePull } from "@flow-rag/contracts";
import type { Runtime } from "@flow-rag/kernel";
import { createProducer, openRedis, startConsumer } from "@flow-rag/queue";
import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "./config.js";
import type { PullRecordsDeps } from "./domain/pull.js";
import type { PullStores } from "./domain/pull-stores.js";
import { handleSourcePull } from "./entry/source-pull.consumer.js";
import { startSourcePull } from "./entry/source-pull.cron.js";

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
    now: () => new Date(),
  };
  const handle = handleSourcePull(deps, { overlapMs: pull.overlapMs, zone: source.zone });
  const consumer = startConsumer(sourcePull, handle, { redis, prefix: queue.prefix, lockMs: queue.lockMs, concurrency: 1, log });
  lifecycle.own("source.pull consumer", consumer, (resource) => resource.close());
  await consumer.ready();

  const crons = [
    { mode: "changes", expression: pull.cron },
    { mode: "everything", expression: pull.fullCron },
  ] as const;
  for (const { mode, expression } of crons) {
    lifecycle.own(`${mode} cron`, startSourcePull({ source: source.name, mode, expression, log }, producer), (cron) => cron.close());
  }
}
