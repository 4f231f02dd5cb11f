import type { Logger } from "@flow-rag/kernel";
import { describeError } from "@flow-rag/outlets";

const timeoutMs = 10_000;

/** Tells a watchdog (healthchecks.io and its like) that the daily report is through. That it cannot be told is logged and changes nothing. */
export const createHeartbeat =
  (url: string | undefined, log: Logger) =>
  async (signal: AbortSignal): Promise<void> => {
    if (url === undefined) return;
    try {
      const response = await fetch(url, { redirect: "error", signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) });
      await response.body?.cancel();
      if (!response.ok) log.warn({ status: response.status }, "heartbeat refused");
    } catch (error) {
      log.warn({ reason: describeError(error) }, "heartbeat not delivered");
    }
  };
