import { AppError, untilAborted, within } from "@flow-rag/kernel";
import type { Producer, QueueGate } from "@flow-rag/queue";

type Connection = { readonly status: string };
const answerWithinMs = 5_000;

/**
 * The queues for callers who wait for an answer: while Redis is away they are told so at once. A queue by itself would wait for Redis to
 * come back, however long that takes.
 */
export function reachableJobs(redis: Connection, producer: Producer, gate: QueueGate) {
  const reach = async <T>(work: () => Promise<T>): Promise<T> => {
    if (redis.status !== "ready") throw new AppError("upstream_unavailable", "Redis does not answer");
    return await within(answerWithinMs, (signal) => untilAborted(signal, work()));
  };
  const jobs: Pick<Producer, "send" | "outcome" | "depth" | "isIdle" | "marker"> = {
    send: (contract, payload, options) => reach(() => producer.send(contract, payload, options)),
    outcome: (contract, id) => reach(() => producer.outcome(contract, id)),
    depth: (contract) => reach(() => producer.depth(contract)),
    isIdle: (contract) => reach(() => producer.isIdle(contract)),
    marker: () => reach(() => producer.marker()),
  };
  const reachable: Pick<QueueGate, "pause" | "resume" | "isPaused" | "unfinished"> = {
    pause: (contract) => reach(() => gate.pause(contract)),
    resume: (contract) => reach(() => gate.resume(contract)),
    isPaused: (contract) => reach(() => gate.isPaused(contract)),
    unfinished: (contract, limit) => reach(() => gate.unfinished(contract, limit)),
  };
  return { jobs, gate: reachable };
}
