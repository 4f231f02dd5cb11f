import { AppError } from "@flow-rag/kernel";

export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly failures?: number;
  /** How long it then stays open: 5 s, and twice as long each time the trial fails too, up to a minute. Milliseconds. */
  readonly pauseMs?: number;
  readonly maxPauseMs?: number;
  /** Milliseconds, of any clock that does not go back. */
  readonly now?: () => number;
  /** Told of every change; `trying` while one call is let through as a trial. It begins closed. */
  readonly onState?: (state: BreakerState) => void;
}
export type BreakerState = "closed" | "open" | "trying";

/** Runs the work, or refuses it while the service behind it is left alone. */
export type Breaker = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Spares a service that does not answer, and its callers the wait: after some failures in a row calls are refused at once, until a pause has
 * passed and one of them, as a trial, succeeds. Only `upstream_unavailable` counts as a failure: a refused request is an answer.
 * @throws AppError `rate_limited` with the rest of the pause while it is open: a queue then waits without spending an attempt.
 */
export function createBreaker(service: string, options: BreakerOptions = {}): Breaker {
  const { failures = 5, pauseMs = 5_000, maxPauseMs = 60_000, now = () => performance.now(), onState = () => {} } = options;
  let inARow = 0;
  let pause = pauseMs;
  let openUntil: number | undefined;
  let trying = false;

  const refuse = (): never => {
    const retryAfterMs = Math.max(pauseMs / 10, (openUntil ?? 0) - now());
    throw new AppError("rate_limited", `${service} does not answer: it is left alone for a while`, { retryAfterMs });
  };
  const fail = (): void => {
    inARow += 1;
    if (inARow < failures) return;
    if (trying) pause = Math.min(maxPauseMs, pause * 2);
    openUntil = now() + pause;
    onState("open");
  };
  const succeed = (): void => {
    if (openUntil !== undefined) onState("closed");
    inARow = 0;
    pause = pauseMs;
    openUntil = undefined;
  };

  return async (work) => {
    if (openUntil !== undefined && (trying || now() < openUntil)) refuse();
    const trial = openUntil !== undefined;
    if (trial) {
      trying = true;
      onState("trying");
    }
    try {
      const result = await work();
      succeed();
      return result;
    } catch (error) {
      if (error instanceof AppError && error.kind === "upstream_unavailable") {
        if (trial || openUntil === undefined) fail(); // those that were underway when it opened say nothing new
      } else if (error instanceof AppError && error.kind === "invalid_input") succeed();
      throw error;
    } finally {
      if (trial) trying = false;
    }
  };
}
