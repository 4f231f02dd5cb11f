import type { Logger } from "@flow-rag/kernel";
import { setTimeout as sleep } from "node:timers/promises";
import { readRedisTrouble } from "./redis-errors.js";

type Options = {
  /** Rejects while jobs cannot be taken; its error says why. */
  readonly probe: () => Promise<void>;
  readonly onHeld: () => void;
  readonly onReleased: () => void;
  readonly log: Logger;
  readonly firstPauseMs?: number;
  readonly longestPauseMs?: number;
};

/** Without an error for so long, the next one is a new trouble, and met with the first pause again. */
const settledMs = 60_000;

/**
 * Holds a consumer while Redis refuses what it asks: it would ask again at once, thousands of times a second. It looks after 1 s, then after
 * twice as long each time, half a minute at most, and lets it go on once a write succeeds.
 */
export function createHold({ probe, onHeld, onReleased, log, firstPauseMs = 1_000, longestPauseMs = 30_000 }: Options) {
  const closing = new AbortController();
  let reason: string | undefined;
  let pauseMs = firstPauseMs;
  let releasedAt = -Infinity;

  const wait = async (): Promise<void> => {
    for (;;) {
      await sleep(pauseMs * (0.75 + Math.random() / 4), undefined, { signal: closing.signal });
      pauseMs = Math.min(longestPauseMs, pauseMs * 2);
      const error = await probe().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (closing.signal.aborted) return;
      if (error === undefined) break;
      reason = error instanceof Error ? error.message : reason;
    }
    reason = undefined;
    releasedAt = performance.now();
    log.info("redis takes writes again: going on");
    onReleased();
  };
  return {
    /** Why it is held; undefined while it is not. */
    reason: () => reason,
    /** To be told of every error: one that lasts holds the consumer. */
    meet(error: unknown): void {
      const trouble = readRedisTrouble(error);
      if (!trouble.lasting || reason !== undefined || closing.signal.aborted) return;
      if (performance.now() - releasedAt > settledMs) pauseMs = firstPauseMs;
      reason = trouble.reason;
      onHeld();
      wait().catch(() => undefined); // closing
    },
    close: () => closing.abort(),
  };
}
