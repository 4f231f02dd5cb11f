import type { QueueContract } from "@flow-rag/contracts";
import { AppError, untilAborted, type Metrics } from "@flow-rag/kernel";
import type { Job, Queue } from "bullmq";
import { toRedisError } from "./redis-errors.js";
import { openQueue, type QueueOptions } from "./queue.js";

/** One look at a queue. Instants are epoch milliseconds; undefined where there is no such job. */
export type QueueReading = {
  readonly queue: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly paused: boolean;
  /** Since when the next job has waited. */
  readonly oldestWaiting: number | undefined;
  /** When the jobs in hand, at most 100 of them, began. */
  readonly running: readonly number[];
  /** Of the latest job that began or ended, as far as finished jobs are kept. */
  readonly lastActivity: number | undefined;
  /** Connected now. */
  readonly consumers: number;
};

export interface QueueReader {
  /** @throws AppError that says what is wrong with Redis; `upstream_unavailable` when it does not answer before the signal aborts. */
  read(contract: QueueContract, signal: AbortSignal): Promise<QueueReading>;
  /** The least there is to know, for each scrape and each probe. Rejects as `read`. */
  peek(contract: QueueContract, signal: AbortSignal): Promise<Pick<QueueReading, "counts" | "oldestWaiting" | "paused">>;
  close(): Promise<void>;
}

/** Looks at queues without taking part. A connection that waits for Redis is asked only while Redis is there. */
export function createQueueReader(options: QueueOptions): QueueReader {
  const queues = new Map<string, Queue>();
  const open = (contract: QueueContract): Queue => {
    const queue = queues.get(contract.name) ?? openQueue(contract, options);
    queues.set(contract.name, queue);
    return queue;
  };
  const ask = async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    if (options.redis.status !== "ready") throw new AppError("upstream_unavailable", "Redis does not answer");
    return await untilAborted(signal, work()).catch((thrown: unknown): never => {
      throw toRedisError(thrown);
    });
  };
  const peek: QueueReader["peek"] = (contract, signal) =>
    ask(signal, async () => {
      const queue = open(contract);
      const [counts, paused, waiting] = await Promise.all([
        queue.getJobCounts(),
        queue.isPaused(),
        queue.getJobs(["waiting", "prioritized"], 0, 0, true),
      ]);
      return { counts, paused, oldestWaiting: oldest(waiting.map((job: Job) => Math.max(job.timestamp, job.processedOn ?? 0))) };
    });
  return {
    peek,
    async read(contract, signal) {
      const first = await peek(contract, signal);
      return await ask(signal, async () => {
        const queue = open(contract);
        const [active, completed, failed, consumers] = await Promise.all([
          queue.getActive(0, 99),
          queue.getCompleted(0, 0),
          queue.getFailed(0, 0),
          queue.getWorkersCount(),
        ]);
        const running = present(active.map((job: Job) => job.processedOn));
        const ended = present([...completed, ...failed].map((job: Job) => job.finishedOn));
        return { queue: contract.name, ...first, running, lastActivity: latest([...running, ...ended]), consumers };
      });
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}

/** Fills the levels of these queues at each scrape. Replicas say the same, so a query takes their maximum, never their sum. */
export function observeQueues(metrics: Metrics, reader: QueueReader, contracts: readonly QueueContract[]): void {
  metrics.onScrape([metrics.jobCount, metrics.oldestWaiting], async (signal) => {
    for (const contract of contracts) {
      const { counts, oldestWaiting } = await reader.peek(contract, signal);
      for (const [state, count] of Object.entries(counts)) metrics.jobCount.set({ queue: contract.name, state }, count);
      const waitedMs = oldestWaiting === undefined ? 0 : Math.max(0, Date.now() - oldestWaiting);
      metrics.oldestWaiting.set({ queue: contract.name }, waitedMs / 1_000);
    }
  });
}

const present = (instants: readonly (number | undefined)[]): number[] => instants.filter((instant) => instant !== undefined);
const oldest = (instants: readonly number[]): number | undefined => (instants.length > 0 ? Math.min(...instants) : undefined);
const latest = (instants: readonly number[]): number | undefined => (instants.length > 0 ? Math.max(...instants) : undefined);
