import type { QueueContract } from "@flow-rag/contracts";
import type { Queue } from "bullmq";
import type { z } from "zod";
import { openQueue, type QueueOptions } from "./queue.js";

export type QueueGate = {
  /** No consumer takes a job from then on; those in hand are finished, and more may be added. Kept in Redis. */
  pause(contract: QueueContract): Promise<void>;
  resume(contract: QueueContract): Promise<void>;
  isPaused(contract: QueueContract): Promise<boolean>;
  /** What the unfinished jobs are about, at most `limit` of them; those that do not fit the contract are left out. */
  unfinished<P extends z.ZodType>(contract: QueueContract<P>, limit: number): Promise<z.output<P>[]>;
  close(): Promise<void>;
};

/** Holds queues back, lets them go on, and looks at what they hold. */
export function createQueueGate(options: QueueOptions): QueueGate {
  const queues = new Map<string, Queue>();
  const open = (contract: QueueContract): Queue => {
    const queue = queues.get(contract.name) ?? openQueue(contract, options);
    queues.set(contract.name, queue);
    return queue;
  };
  return {
    pause: (contract) => open(contract).pause(),
    resume: (contract) => open(contract).resume(),
    isPaused: (contract) => open(contract).isPaused(),
    async unfinished(contract, limit) {
      const jobs = await open(contract).getJobs(["active", "waiting", "delayed", "prioritized"], 0, limit - 1);
      return jobs.flatMap((job) => {
        const read = contract.payload.safeParse(job?.data);
        return read.success ? [read.data] : [];
      });
    },
    close: async () => void (await Promise.all([...queues.values()].map((queue) => queue.close()))),
  };
}
