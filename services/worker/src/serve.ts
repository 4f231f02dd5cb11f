import { indexReconcile, recordsEmbed } from "@flow-rag/contracts";
import { AppError, type Watched } from "@flow-rag/kernel";
import { createProducer, openQueueTelemetry, openRedis, startConsumer, startOps } from "@flow-rag/queue";
import type { Config } from "./config.js";
import type { EmbedRecordsDeps } from "./domain/embed-records.js";
import type { ReconcileDeps } from "./domain/reconcile-index.js";
import { handleIndexReconcile } from "./entry/index-reconcile.consumer.js";
import { handleRecordsEmbed } from "./entry/records-embed.consumer.js";
import { watchDeps } from "./watch-deps.js";

export type WorkerDeps = EmbedRecordsDeps & Omit<ReconcileDeps, "send">;

/** Binds entries to deps and starts taking work. Tests call this with fakes, so they never load a model. */
export async function serve(runtime: Watched<Pick<Config, "queue" | "ops">>, given: ReadonlyMap<string, WorkerDeps>): Promise<void> {
  const { config, lifecycle, log, metrics, tracing } = runtime;
  const depsOf = new Map([...given].map(([source, deps]) => [source, watchDeps(deps, metrics)]));
  const telemetry = await openQueueTelemetry(tracing);
  const { url, concurrency, ...queue } = config.queue;
  const redis = lifecycle.own("redis", await openRedis({ url, whenDown: "wait", log }), (client) => client.quit());
  const producer = lifecycle.own("producer", createProducer({ redis, prefix: queue.prefix, log, telemetry }), (resource) =>
    resource.close(),
  );
  const find = (source: string): WorkerDeps => {
    const deps = depsOf.get(source);
    if (!deps) throw new AppError("invalid_input", `source: ${source} is not configured (SOURCE_NAME, SOURCES)`);
    return deps;
  };
  // By force: what a comparison found stale may bear the same content hash and still lack its document.
  const sendFor =
    (requestId: string | undefined): ReconcileDeps["send"] =>
    async (source, recordIds) => {
      const records = recordIds.map((recordId) => ({ recordId, contentHash: "reconcile" }));
      return await producer.send(recordsEmbed, { source, records, force: true }, { requestId });
    };
  const options = { redis, ...queue, log, metrics, telemetry };
  const consumers = [
    startConsumer(recordsEmbed, handleRecordsEmbed(find, metrics), { ...options, concurrency }),
    startConsumer(
      indexReconcile,
      handleIndexReconcile((source, requestId) => ({ ...find(source), send: sendFor(requestId) }), metrics),
      { ...options, concurrency: 1 },
    ),
  ];
  for (const consumer of consumers) lifecycle.own(`${consumer.contract.name} consumer`, consumer, (resource) => resource.close());
  await Promise.all(consumers.map((consumer) => consumer.ready()));

  const [first] = given.values();
  await startOps(runtime, {
    redis,
    consumers,
    dependencies: {
      state: async (signal) => await first?.runs.versions("", [], signal),
      chroma: async (signal) => await first?.vectors.count(signal),
      ...Object.fromEntries([...given].map(([name, { source }]) => [`source ${name}`, (signal: AbortSignal) => source.find([], signal)])),
    },
  });
}
