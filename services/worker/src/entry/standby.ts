import { AppError, type Logger } from "@flow-rag/kernel";
import type { Consumer } from "@flow-rag/queue";
import { setTimeout as sleep } from "node:timers/promises";
import type { ActiveIndex } from "../domain/active-index.js";

const lookEveryMs = 5_000;

/**
 * What a running worker does when the index is switched to one that it cannot write: it takes no more jobs, which wait for a worker that can,
 * says so once, and looks again every 5 s, so that it goes on when the index is switched back. It never writes to an index that is not
 * active, and it does not end: what it has already taken is put back unspent.
 */
export function createStandby({ index, log }: { index: ActiveIndex; log: Logger }) {
  const held: Pick<Consumer, "pause" | "resume">[] = [];
  const closing = new AbortController();
  let waiting: Promise<void> | undefined;

  const wait = async (): Promise<void> => {
    for (;;) {
      await sleep(lookEveryMs, undefined, { signal: closing.signal });
      const isFitting = await index.use(async () => true, closing.signal).catch(() => false);
      if (!isFitting) continue;
      for (const consumer of held) consumer.resume();
      log.info("the active index can be written here: going on");
      return;
    }
  };
  const begin = (error: AppError): void => {
    if (waiting || closing.signal.aborted) return;
    log.error({ reason: error.message }, "the active index cannot be written here: standing by");
    for (const consumer of held) consumer.pause();
    waiting = wait()
      .catch(() => undefined) // closing
      .finally(() => (waiting = undefined));
  };
  return {
    holds: (consumer: Pick<Consumer, "pause" | "resume">): void => void held.push(consumer),
    guard:
      <Payload, Context, Result>(handle: (payload: Payload, context: Context) => Promise<Result>) =>
      async (payload: Payload, context: Context): Promise<Result> => {
        try {
          return await handle(payload, context);
        } catch (thrown) {
          const error = AppError.from(thrown);
          if (error.kind !== "misconfigured") throw thrown;
          begin(error);
          throw new AppError("rate_limited", error.message, { cause: error, retryAfterMs: lookEveryMs * 2 });
        }
      },
    async close(): Promise<void> {
      closing.abort(new AppError("unexpected", "closing"));
      await waiting;
    },
  };
}
