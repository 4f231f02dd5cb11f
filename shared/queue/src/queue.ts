import type { QueueContract } from "@flow-rag/contracts";
import type { Logger } from "@flow-rag/kernel";
import { Queue, type Telemetry } from "bullmq";
import type { Redis } from "ioredis";
import { calmLogOf, tellRedisError } from "./connection.js";

/** `telemetry` carries a trace from whoever adds a job to whoever runs it. */
export type QueueOptions = { redis: Redis; prefix: string; log: Logger; telemetry?: Telemetry | undefined };

/** The queue of a contract, for adding and looking; jobs that are added without options, as a dashboard does, get the contract's. Close it with `close()`. */
export function openQueue(contract: QueueContract, { redis, prefix, log, telemetry }: QueueOptions): Queue {
  const queue = new Queue(contract.name, {
    connection: redis,
    prefix,
    defaultJobOptions: jobOptions(contract),
    ...(telemetry && { telemetry }),
  });
  const calm = calmLogOf(log);
  queue.on("error", (error) => tellRedisError(calm, error, { queue: contract.name }));
  return queue;
}

export const jobOptions = ({ attempts, backoffMs }: QueueContract) => ({
  attempts,
  backoff: { type: "exponential", delay: backoffMs, jitter: 0.5 },
  removeOnComplete: { age: 3_600, count: 10_000 }, // seconds; jobs
  removeOnFail: { age: 14 * 86_400, count: 50_000 },
});
