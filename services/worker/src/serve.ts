import { indexReconcile, recordsEmbed } from "@flow-rag/contracts";
import { AppError, type Watched } from "@flow-rag/kernel";
import { closeRedis, createProducer, openQueueTelemetry, openRedis, startConsumer, startOps } from "@flow-rag/queue";
import { canarySource } from "@flow-rag/stores";
import type { Config } from "./config.js";
import type { ReconcileDeps } from "./domain/reconcile-index.js";
import { handleIndexReconcile } from "./entry/index-reconcile.consumer.js";
import { handleRecordsEmbed } from "./entry/records-embed.consumer.js";
import { createStandby } from "./entry/standby.js";
import { watchIndex, watchSource } from "./watch-deps.js";
import type { SourceDeps, WorkerDeps } from "./worker-deps.js";

/** Binds entries to deps and starts taking work. Tests call this with fakes, so they never load a model. */
export async function serve(runtime: Watched<Pick<Config, "queue" | "ops">>, given: WorkerDeps): Promise<void> {
  const { config, lifecycle, log, metrics, tracing } = runtime;
  const index = watchIndex(given.index, metrics);
  const sources = new Map([...given.sources].map(([source, deps]) => [source, watchSource(deps, metrics)]));
  const telemetry = await openQueueTelemetry(tracing);
  const { url, concurrency, ...queue } = config.queue;
  const redis = lifecycle.own("redis", await openRedis({ url, whenDown: "wait", log, prefix: queue.prefix }), closeRedis);
  const producer = lifecycle.own("producer", createProducer({ redis, prefix: queue.prefix, log, telemetry }), (resource) =>
    resource.close(),
  );
  const find = (source: string): SourceDeps => {
    const deps = sources.get(source);
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
  const standby = lifecycle.own("standby", createStandby({ index, log }), (resource) => resource.close());
  const reconcile = handleIndexReconcile(index, (source, requestId) => ({ ...find(source), send: sendFor(requestId) }), metrics);
  const options = { redis, ...queue, log, metrics, telemetry };
  const consumers = [
    startConsumer(recordsEmbed, standby.guard(handleRecordsEmbed(index, find, metrics)), { ...options, concurrency }),
    startConsumer(indexReconcile, standby.guard(reconcile), { ...options, concurrency: 1 }),
  ];
  for (const consumer of consumers) {
    lifecycle.own(`${consumer.contract.name} consumer`, consumer, (resource) => resource.close());
    standby.holds(consumer);
  }
  await Promise.all(consumers.map((consumer) => consumer.ready()));

  const own = [...sources].filter(([name]) => name !== canarySource);
  const [first] = sources.values();
  await startOps(runtime, {
    redis,
    consumers,
    dependencies: {
      state: async (signal) => await first?.runs.versions("", [], signal),
      chroma: async (signal) => await index.use(({ vectors }) => vectors.count(signal), signal),
      ...Object.fromEntries(own.map(([name, { source }]) => [`source ${name}`, (signal) => source.find([], signal)])),
    },
  });
}
