import { createMetrics, Lifecycle } from "@flow-rag/kernel";
import { schema as producerSchema } from "../../producer/src/config.js";
import { openDeps as openProducerDeps } from "../../producer/src/deps.js";
import { serve as serveProducer } from "../../producer/src/serve.js";
import { schema as workerSchema } from "../../worker/src/config.js";
import { openDeps as openWorkerDeps } from "../../worker/src/deps.js";
import { serve as serveWorker } from "../../worker/src/serve.js";
import type { LiveApi } from "./live-api.js";

/** The producer and the worker beside a live API, in this process. Resolves with what ends them. */
export async function startLiveFleet({ world, env }: LiveApi): Promise<() => Promise<boolean>> {
  const { log } = world;
  const lifecycles = [new Lifecycle(log), new Lifecycle(log)] as const;
  const watched = (lifecycle: Lifecycle) => ({
    lifecycle,
    log,
    metrics: lifecycle.own("metrics", createMetrics({ log }), (resource) => resource.close()),
    tracing: undefined,
  });
  const worker = { ...watched(lifecycles[0]), config: workerSchema.parse(env) };
  await serveWorker(worker, await openWorkerDeps(worker));
  const producer = { ...watched(lifecycles[1]), config: producerSchema.parse(env) };
  await serveProducer(producer, await openProducerDeps(producer));
  return async () => (await lifecycles[1].close()) && (await lifecycles[0].close());
}
