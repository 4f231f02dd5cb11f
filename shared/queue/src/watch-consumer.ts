import { judgeConsumption, untilAborted, within, type PartCheck, type PartHealth } from "@flow-rag/kernel";
import { setTimeout as sleep } from "node:timers/promises";
import type { Consumer } from "./consumer.js";
import type { QueueReader } from "./queue-reader.js";
import { toRedisError } from "./redis-errors.js";

type Options = { graceMs: number; now?: () => number };
const secondLookMs = 1_000;
/** A probe is patient for a second or three, and liveness must not wait for a Redis that hangs. */
const peekWithinMs = 600;

/** Whether a consumer still takes what waits. While Redis is away it waits too: it goes on by itself, and a restart would not help. */
export function watchConsumer(consumer: Consumer, reader: Pick<QueueReader, "peek">, { graceMs, now = Date.now }: Options): PartCheck {
  const { contract } = consumer;
  const look = async (signal: AbortSignal): Promise<PartHealth> => {
    let away = "";
    const peek = (limit: AbortSignal) => untilAborted(limit, reader.peek(contract, limit));
    const found = await within(peekWithinMs, peek, [signal]).catch((thrown: unknown) => void (away = toRedisError(thrown).message));
    const oldestWaiting = found === undefined || found.paused ? undefined : found.oldestWaiting;
    const local = { queue: contract.name, timeoutMs: contract.timeoutMs, ...consumer.activity() };
    const reason = judgeConsumption({ ...local, oldestWaiting }, { now: now(), graceMs });
    if (reason !== undefined) return { status: "stuck", reason };
    const trouble = consumer.trouble() ?? (found === undefined ? away : undefined);
    if (trouble !== undefined) return { status: "waiting", reason: `${trouble}; jobs are taken again by themselves after that` };
    if (found === undefined) return { status: "waiting", reason: "Redis does not answer" };
    return found.paused ? { status: "ok", reason: "the queue is paused" } : { status: "ok" };
  };
  return async (signal) => {
    const first = await look(signal);
    if (first.status !== "stuck") return first;
    await sleep(secondLookMs, undefined, { signal }); // a job whose next attempt has just come due waited on purpose
    return await look(signal);
  };
}
