import { createBreaker, untilAborted, within, type BreakerState } from "@flow-rag/kernel";
import { toRedisError, type Producer, type QueueGate } from "@flow-rag/queue";

type Connection = { readonly status: string };
/** Redis answers within milliseconds. One that is hung is found so, and asked again once a pause, at the cost of one caller. */
const answerWithinMs = 1_500;
const [failures, pauseMs, maxPauseMs] = [2, 2_000, 5_000];

/** One thing asked of Redis for somebody who waits: answered within that time, or refused. */
export type Reach = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Refuses at once while Redis is away or hung. A queue by itself would wait for it to come back, however long that takes, and a hung
 * server looks like one that is there.
 */
export function createReach(redis: Connection, onState: (state: BreakerState) => void): Reach {
  const breaker = createBreaker("Redis", {
    failures,
    pauseMs,
    maxPauseMs,
    onState,
    refusal: (last) => last ?? toRedisError(new Error("not connected")),
  });
  const ask = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await within(answerWithinMs, (signal) => untilAborted(signal, work()));
    } catch (thrown) {
      throw toRedisError(thrown);
    }
  };
  return async (work) => {
    if (redis.status !== "ready") throw toRedisError(new Error("not connected"));
    return await breaker(() => ask(work));
  };
}

/** The queues for callers who wait for an answer. */
export function reachableJobs(reach: Reach, producer: Producer, gate: QueueGate) {
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
