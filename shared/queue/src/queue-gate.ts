import type { QueueContract } from "@flow-rag/contracts";
import { Queue } from "bullmq";
import type { Redis } from "ioredis";

export type QueueGate = {
  /** No consumer takes a job from then on; those in hand are finished, and more may be added. Kept in Redis. */
  pause(contract: QueueContract): Promise<void>;
  resume(contract: QueueContract): Promise<void>;
  isPaused(contract: QueueContract): Promise<boolean>;
  close(): Promise<void>;
};

/** Holds queues back and lets them go on. */
export function createQueueGate({ redis, prefix }: { redis: Redis; prefix: string }): QueueGate {
  const queues = new Map<string, Queue>();
  const open = ({ name }: QueueContract): Queue => {
    const known = queues.get(name);
    if (known) return known;
    const queue = new Queue(name, { connection: redis, prefix });
    queue.on("error", () => undefined); // the connection's own error is logged where it was opened
    queues.set(name, queue);
    return queue;
  };
  return {
    pause: (contract) => open(contract).pause(),
    resume: (contract) => open(contract).resume(),
    isPaused: (contract) => open(contract).isPaused(),
    close: async () => void (await Promise.all([...queues.values()].map((queue) => queue.close()))),
  };
}
