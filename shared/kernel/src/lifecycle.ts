import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";

/** Owns everything that must be closed; closes in reverse order of opening. */
export class Lifecycle {
  readonly #closers: { name: string; close: () => Promise<unknown> }[] = [];
  readonly #drains: { name: string; drain: (hurry: AbortSignal) => Promise<unknown> }[] = [];
  readonly #hurry = new AbortController();
  #closing: Promise<boolean> | undefined;

  constructor(
    private readonly log: Logger,
    private readonly deadlineMs = 25_000,
  ) {}

  /** Returns the resource, so that opening and owning are one statement. */
  own<T>(name: string, resource: T, close: (resource: T) => unknown): T {
    this.#closers.push({ name, close: async () => close(resource) });
    return resource;
  }

  /** What is done before anything is closed, while all still works. It has a limit of its own, and ends soon once the signal aborts. */
  onDrain(name: string, drain: (hurry: AbortSignal) => Promise<unknown>): void {
    this.#drains.push({ name, drain });
  }

  /** All drains at once. A `close` meanwhile cuts them short. Never rejects. */
  async drain(): Promise<void> {
    await Promise.all(
      this.#drains.map(({ name, drain }) =>
        drain(this.#hurry.signal).catch((error: unknown) => this.log.error({ resource: name, err: error }, "drain failed")),
      ),
    );
  }

  /** Idempotent. False when a closer failed or the deadline passed. Never rejects. */
  close(): Promise<boolean> {
    this.#hurry.abort();
    return (this.#closing ??= this.#race());
  }

  async #race(): Promise<boolean> {
    const timer = new AbortController(); // a losing timer must not keep the process alive
    const deadline = sleep(this.deadlineMs, false, { signal: timer.signal }).catch(() => false);
    return await Promise.race([this.#drain(), deadline]).finally(() => timer.abort());
  }

  async #drain(): Promise<boolean> {
    let clean = true;
    for (const { name, close } of this.#closers.toReversed()) {
      await close().catch((error: unknown) => {
        clean = false;
        this.log.error({ resource: name, err: error }, "close failed");
      });
    }
    return clean;
  }
}

/**
 * Ends the process on SIGTERM, SIGINT, the loss of its parent's IPC channel or an uncaught error: 0 after a clean stop, else 1.
 * Only SIGTERM, which orchestrators send, is given the time to drain: behind Ctrl-C sits somebody who waits. The same signal again kills at once.
 */
export function exitOnSignals(lifecycle: Lifecycle, log: Logger): void {
  const stop = async (reason: string, { drain = false, failed = false } = {}) => {
    log.info({ reason }, "shutting down");
    if (drain) await lifecycle.drain();
    process.exit((await lifecycle.close()) && !failed ? 0 : 1);
  };
  process.once("SIGTERM", () => void stop("SIGTERM", { drain: true }));
  process.once("SIGINT", () => void stop("SIGINT"));
  process.once("disconnect", () => void stop("the parent process is gone"));
  process.once("uncaughtException", (error) => {
    log.fatal({ err: error }, "uncaught exception"); // unhandled rejections arrive here too
    void stop("uncaughtException", { failed: true });
  });
}
