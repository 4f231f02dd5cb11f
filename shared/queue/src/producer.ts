import type { QueueContract } from "@flow-rag/contracts";
import { AppError, parse, type Logger } from "@flow-rag/kernel";
import { Queue, type Job } from "bullmq";
import type { Redis } from "ioredis";
import { randomUUID } from "node:crypto";
import type { z } from "zod";

/** `gone`: the queue no longer knows the job. `result` is set once completed, `reason` once failed; `attempts` counts runs so far. */
export type JobOutcome<R> = {
  readonly state: "waiting" | "running" | "completed" | "failed" | "gone";
  readonly attempts: number;
  readonly progress: unknown;
  readonly result: R | undefined;
  readonly reason: string | undefined;
};

export interface Producer {
  /**
   * Enqueues one unit of work and returns its job id. Does nothing while the queue holds an unfinished job with the payload's key;
   * what a finished one does is the contract's `whenFinished`.
   * @throws AppError `invalid_input` for a wrong payload, `upstream_unavailable` when Redis refuses it.
   */
  send<P extends z.ZodType>(contract: QueueContract<P>, payload: z.input<P>): Promise<string>;
  /** As `send`, all or none, in one round trip; ids in the payloads' order. */
  sendAll<P extends z.ZodType>(contract: QueueContract<P>, payloads: readonly z.input<P>[]): Promise<string[]>;
  /** What became of a job. A stored result that does not fit the contract counts as `gone`. */
  outcome<P extends z.ZodType, R extends z.ZodType>(contract: QueueContract<P, R>, jobId: string): Promise<JobOutcome<z.output<R>>>;
  /** Jobs that are not finished, and how many were given up. */
  depth(contract: QueueContract): Promise<{ unfinished: number; failed: number }>;
  /** A name for this life of the queues: another one once Redis was emptied or lost. Kept in Redis, made on first use. */
  marker(): Promise<string>;
  /** Consumers that are connected to the queue now. */
  consumers(contract: QueueContract): Promise<number>;
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

  const sendAll: Producer["sendAll"] = async (contract, payloads) => {
    const jobs = payloads.map((payload) => {
      const data = parse(contract.payload, payload, `${contract.name} payload`);
      const opts = {
        jobId: contract.key(data),
        attempts: contract.attempts,
        backoff: { type: "exponential", delay: contract.backoffMs, jitter: 0.5 },
        removeOnComplete: { age: 3_600, count: 10_000 }, // seconds; jobs
        removeOnFail: { age: 14 * 86_400, count: 50_000 },
      };
      return { name: contract.name, data: data, opts };
    });
    const queue = open(contract.name);
    const work = async () => {
      if (contract.whenFinished === "again") await Promise.all(jobs.map(({ opts }) => makeRoom(queue, opts.jobId)));
      await queue.addBulk(jobs);
    };
    await work().catch((cause: unknown) => {
      throw new AppError("upstream_unavailable", `${contract.name}: not enqueued`, { cause });
    });
    return jobs.map(({ opts }) => opts.jobId);
  };

  return {
    sendAll,
    send: async (contract, payload) => (await sendAll(contract, [payload]))[0] as string,
    async outcome(contract, jobId) {
      const read = async () => (await open(contract.name).getJob(jobId)) as Job<unknown, unknown> | undefined;
      const first = await read();
      const state = first ? await first.getState() : "unknown";
      // It may have ended between the two reads: what was read first then knows nothing of its result.
      const isStale = (state === "completed" || state === "failed") && first?.finishedOn === undefined;
      const job = isStale ? await read() : first;
      const gone = { state: "gone", attempts: job?.attemptsMade ?? 0, progress: undefined, result: undefined, reason: undefined } as const;
      if (!job || state === "unknown") return gone;
      const { attemptsMade: attempts, progress, failedReason: reason } = job;
      if (state === "completed") {
        const result = contract.result.safeParse(job.returnvalue);
        return result.success ? { state, attempts, progress, result: result.data, reason: undefined } : gone;
      }
      if (state === "failed") return { state, attempts, progress, result: undefined, reason };
      return { state: state === "active" ? "running" : "waiting", attempts, progress, result: undefined, reason: undefined };
    },
    async depth(contract) {
      const counts = await open(contract.name).getJobCounts("waiting", "active", "delayed", "prioritized", "failed");
      const { failed = 0, ...unfinished } = counts;
      return { unfinished: Object.values(unfinished).reduce((sum, count) => sum + count, 0), failed };
    },
    async marker() {
      const key = `${prefix}:marker`;
      await redis.set(key, randomUUID(), "NX");
      return (await redis.get(key)) ?? "";
    },
    consumers: (contract) => open(contract.name).getWorkersCount(),
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}

/** Removes a finished job, because BullMQ answers the add of a known id with silence, whatever state that job is in. */
async function makeRoom(queue: Queue, jobId: string): Promise<void> {
  const job = (await queue.getJob(jobId)) as Job | undefined;
  if (job?.finishedOn !== undefined) await job.remove();
}
