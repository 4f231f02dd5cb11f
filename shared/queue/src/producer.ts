import type { QueueContract } from "@flow-rag/contracts";
import { AppError, parse } from "@flow-rag/kernel";
import { type Job, type Queue } from "bullmq";
import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { closeEnvelope } from "./envelope.js";
import { jobOptions, openQueue, type QueueOptions } from "./queue.js";

/** `gone`: the queue no longer knows the job. `result` is set once completed, `reason` once failed; `attempts` counts runs so far. */
export type JobOutcome<R> = {
  readonly state: "waiting" | "running" | "completed" | "failed" | "gone";
  readonly attempts: number;
  readonly progress: unknown;
  readonly result: R | undefined;
  readonly reason: string | undefined;
};

/** `requestId`: for whom the job is, for the logs of all that it leads to. `urgent`: before everything that waits already. */
export type SendOptions = { readonly requestId?: string | undefined; readonly urgent?: boolean };

export interface Producer {
  /**
   * Enqueues one unit of work and returns its job id. Does nothing while the queue holds an unfinished job with the payload's key;
   * what a finished one does is the contract's `whenFinished`.
   * @throws AppError `invalid_input` for a wrong payload, `upstream_unavailable` when Redis refuses it.
   */
  send<P extends z.ZodType>(contract: QueueContract<P>, payload: z.input<P>, options?: SendOptions): Promise<string>;
  /** As `send`, all or none, in one round trip; ids in the payloads' order. */
  sendAll<P extends z.ZodType>(contract: QueueContract<P>, payloads: readonly z.input<P>[], options?: SendOptions): Promise<string[]>;
  /** What became of a job. A stored result that does not fit the contract counts as `gone`. */
  outcome<P extends z.ZodType, R extends z.ZodType>(contract: QueueContract<P, R>, jobId: string): Promise<JobOutcome<z.output<R>>>;
  /** Jobs that are not finished, and how many were given up. */
  depth(contract: QueueContract): Promise<{ unfinished: number; failed: number }>;
  /** True when nothing waits, runs or was given up. */
  isIdle(contract: QueueContract): Promise<boolean>;
  /** Takes a finished or waiting job out of the queue, as if it had never been there. */
  forget(contract: QueueContract, jobId: string): Promise<void>;
  /** A name for this life of the queues: another one once Redis was emptied or lost. Kept in Redis, made on first use. */
  marker(): Promise<string>;
  /** Consumers that are connected to the queue now. */
  consumers(contract: QueueContract): Promise<number>;
  close(): Promise<void>;
}

export function createProducer(options: QueueOptions): Producer {
  const { redis, prefix } = options;
  const queues = new Map<string, Queue>();

  const open = (contract: QueueContract): Queue => {
    const queue = queues.get(contract.name) ?? openQueue(contract, options);
    queues.set(contract.name, queue);
    return queue;
  };

  const sendAll: Producer["sendAll"] = async (contract, payloads, { requestId, urgent = false } = {}) => {
    const jobs = payloads.map((payload) => {
      const data = parse(contract.payload, payload, `${contract.name} payload`);
      const opts = { jobId: contract.key(data), ...jobOptions(contract), ...(urgent && { lifo: true }) };
      return { name: contract.name, data: closeEnvelope(data, requestId), opts };
    });
    const queue = open(contract);
    const work = async () => {
      if (contract.whenFinished === "again") await Promise.all(jobs.map(({ opts }) => makeRoom(queue, opts.jobId)));
      await queue.addBulk(jobs);
    };
    await work().catch((cause: unknown) => {
      throw new AppError("upstream_unavailable", `${contract.name}: not enqueued`, { cause });
    });
    return jobs.map(({ opts }) => opts.jobId);
  };

  const depth: Producer["depth"] = async (contract) => {
    const counts = await open(contract).getJobCounts("waiting", "active", "delayed", "prioritized", "failed");
    const { failed = 0, ...unfinished } = counts;
    return { unfinished: Object.values(unfinished).reduce((sum, count) => sum + count, 0), failed };
  };

  return {
    sendAll,
    depth,
    async isIdle(contract) {
      const { unfinished, failed } = await depth(contract);
      return unfinished + failed === 0;
    },
    send: async (contract, payload, options) => (await sendAll(contract, [payload], options))[0] as string,
    async outcome(contract, jobId) {
      const read = async () => (await open(contract).getJob(jobId)) as Job<unknown, unknown> | undefined;
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
    async forget(contract, jobId) {
      await open(contract).remove(jobId);
    },
    async marker() {
      const key = `${prefix}:marker`;
      await redis.set(key, randomUUID(), "NX");
      return (await redis.get(key)) ?? "";
    },
    consumers: (contract) => open(contract).getWorkersCount(),
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
