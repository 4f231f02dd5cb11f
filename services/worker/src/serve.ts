import { indexReconcile, recordsEmbed } from "@flow-rag/contracts";
import { AppError, type Runtime } from "@flow-rag/kernel";
import { createProducer, openRedis, startConsumer } from "@flow-rag/queue";
import type { Config } from "./config.js";
import type { EmbedRecordsDeps } from "./domain/embed-records.js";
import type { ReconcileDeps } from "./domain/reconcile-index.js";
import { handleIndexReconcile } from "./entry/index-reconcile.consumer.js";
import { handleRecordsEmbed } from "./entry/records-embed.consumer.js";

export type WorkerDeps = EmbedRecordsDeps & Omit<ReconcileDeps, "send">;

/** Binds entries to deps and starts taking work. Tests call this with fakes, so they never load a model. */
export async function serve(
  { config, lifecycle, log }: Runtime<Pick<Config, "queue">>,
  depsOf: ReadonlyMap<string, WorkerDeps>,
): Promise<void> {
  const { url, concurrency, ...queue } = config.queue;
  const redis = lifecycle.own("redis", await openRedis({ url, whenDown: "wait", log }), (client) => client.quit());
  const producer = lifecycle.own("producer", createProducer({ redis, prefix: queue.prefix, log }), (resource) => resource.close());
  const find = (source: string): WorkerDeps => {
    const deps = depsOf.get(source);
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
  const consumers = [
    ["records.embed consumer", startConsumer(recordsEmbed, handleRecordsEmbed(find), { redis, ...queue, concurrency, log })],
    [
      "index.reconcile consumer",
      startConsumer(
        indexReconcile,
        handleIndexReconcile((source) => ({ ...find(source), send })),
        { redis, ...queue, concurrency: 1, log },
      ),
    ],
  ] as const;
  for (const [name, consumer] of consumers) lifecycle.own(name, consumer, (resource) => resource.close());
  await Promise.all(consumers.map(([, consumer]) => consumer.ready()));
}
