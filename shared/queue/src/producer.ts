import type { QueueContract } from "@flow-rag/contracts";
import { AppError, parse, type Logger } from "@flow-rag/kernel";
import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { z } from "zod";

export interface Producer {
  /**
   * Enqueues one unit of work. Does nothing while the queue still knows the payload's key,
   * be that job waiting, running, completed or failed.
   * @throws AppError `invalid_input` for a wrong payload, `upstream_unavailable` when Redis refuses it.
   */
  send<P extends z.ZodType>(contract: QueueContract<P>, payload: z.input<P>): Promise<void>;
  close(): Promise<void>;
}

export function createProducer({ redis, prefix, log }: { redis: Redis; prefix: string; log: Logger }): Producer {
  const queues = new Map<string, Queue>();

  const open = (name: string): Queue => {
    let queue = queues.get(name);
    if (!queue) {
      queue = new Queue(name, { connection: redis, prefix });
      queue.on("error", (error) => log.error({ queue: name, err: error }, "queue error"));
      queues.set(name, queue);
    }
    return queue;
  };

  return {
    async send(contract, payload) {
      const data = parse(contract.payload, payload, `${contract.name} payload`);
      const options = {
        jobId: contract.key(data),
        attempts: contract.attempts,
        backoff: { type: "exponential", delay: contract.backoffMs, jitter: 0.5 },
        removeOnComplete: { age: 3_600, count: 1_000 }, // seconds; jobs
        removeOnFail: { age: 14 * 86_400, count: 50_000 }, // the failed set is the dead-letter queue
      };
      await open(contract.name)
        .add(contract.name, data, options)
        .catch((cause: unknown) => {
          throw new AppError("upstream_unavailable", `${contract.name}: not enqueued`, { cause });
        });
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}
