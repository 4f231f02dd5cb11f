import { indexReconcile, recordsEmbed } from "@flow-rag/contracts";
import { AppError, type Runtime } from "@flow-rag/kernel";
import { createProducer, openRedis, startConsumer } from "@flow-rag/queue";
import type { Config } from "./config.js";
import type { ActiveIndex, OpenIndex } from "./domain/active-index.js";
import type { EmbedRecordsDeps } from "./domain/embed-records.js";
import type { ReconcileDeps } from "./domain/reconcile-index.js";
import { handleIndexReconcile } from "./entry/index-reconcile.consumer.js";
import { handleRecordsEmbed } from "./entry/records-embed.consumer.js";
import { createStandby } from "./entry/standby.js";

/** What is needed for one source, besides an index. */
export type SourceDeps = Omit<EmbedRecordsDeps & ReconcileDeps, keyof OpenIndex | "send">;
export type WorkerDeps = { readonly index: ActiveIndex; readonly sources: ReadonlyMap<string, SourceDeps> };

/** Binds entries to deps and starts taking work. Tests call this with fakes, so they never load a model. */
export async function serve({ config, lifecycle, log }: Runtime<Pick<Config, "queue">>, { index, sources }: WorkerDeps): Promise<void> {
  const { url, concurrency, ...queue } = config.queue;
  const redis = lifecycle.own("redis", await openRedis({ url, whenDown: "wait", log }), (client) => client.quit());
  const producer = lifecycle.own("producer", createProducer({ redis, prefix: queue.prefix, log }), (resource) => resource.close());
  const find = (source: string): SourceDeps => {
    const deps = sources.get(source);
    if (!deps) throw new AppError("invalid_input", `source: ${source} is not configured (SOURCE_NAME, SOURCES)`);
    return deps;
  };
  // By force: what a comparison found stale may bear the same content hash and still lack its document.
  const send: ReconcileDeps["send"] = async (source, recordIds) =>
    await producer.send(recordsEmbed, {
      source,
      records: recordIds.map((recordId) => ({ recordId, contentHash: "reconcile" })),
      force: true,
    });
  const standby = lifecycle.own("standby", createStandby({ index, log }), (resource) => resource.close());
  const options = { redis, ...queue, log };
  const consumers = [
    ["records.embed consumer", startConsumer(recordsEmbed, standby.guard(handleRecordsEmbed(index, find)), { ...options, concurrency })],
    [
      "index.reconcile consumer",
      startConsumer(indexReconcile, standby.guard(handleIndexReconcile(index, (source) => ({ ...find(source), send }))), {
        ...options,
        concurrency: 1,
      }),
    ],
  ] as const;
  for (const [name, consumer] of consumers) {
    lifecycle.own(name, consumer, (resource) => resource.close());
    standby.holds(consumer);
  }
  await Promise.all(consumers.map(([, consumer]) => consumer.ready()));
}
