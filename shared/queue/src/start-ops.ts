import { AppError, startOpsServer, type DependencyCheck, type OpsConfig, type Watched } from "@flow-rag/kernel";
import type { Redis } from "ioredis";
import type { Consumer } from "./consumer.js";
import { probeRedis } from "./probe-redis.js";
import { createQueueReader, observeQueues } from "./queue-reader.js";
import { watchConsumer } from "./watch-consumer.js";

/** `graceMs`: how long work may wait untouched, or a job run over its limit, before its consumer counts as stuck. */
type Config = { readonly ops: OpsConfig & { readonly graceMs: number }; readonly queue: { readonly prefix: string } };
type Options = {
  readonly redis: Redis;
  readonly consumers: readonly Consumer[];
  /** What the process depends on beside Redis, by name. */
  readonly dependencies: Readonly<Record<string, DependencyCheck>>;
};

/** Health, readiness and metrics of a process that takes jobs: each of its consumers is a part of its health. Resolves with the port, if there is one. */
export async function startOps(
  { config, lifecycle, log, metrics }: Watched<Config>,
  { redis, consumers, dependencies }: Options,
): Promise<number | undefined> {
  const options = { redis, prefix: config.queue.prefix, log };
  const reader = lifecycle.own("queue reader", createQueueReader(options), (resource) => resource.close());
  const contracts = consumers.map(({ contract }) => contract);
  observeQueues(metrics, reader, contracts);
  const probe: DependencyCheck = async () => {
    const trouble = consumers.map((consumer) => consumer.trouble()).find((reason) => reason !== undefined);
    if (trouble !== undefined) throw new AppError("upstream_unavailable", trouble);
    await probeRedis(redis, config.queue.prefix);
  };
  const parts = consumers.map((consumer) => [consumer.contract.name, watchConsumer(consumer, reader, config.ops)] as const);
  return await startOpsServer({
    config: config.ops,
    lifecycle,
    log,
    metrics,
    parts: Object.fromEntries(parts),
    dependencies: { redis: probe, ...dependencies },
  });
}
