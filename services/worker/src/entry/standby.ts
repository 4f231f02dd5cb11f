import { AppError, untilAborted, within, type Logger } from "@flow-rag/kernel";
import type { Consumer } from "@flow-rag/queue";
import { setTimeout as sleep } from "node:timers/promises";
import type { ActiveIndex } from "../domain/active-index.js";

type Held = Pick<Consumer, "pause" | "resume">;
type Options = { index: ActiveIndex; log: Logger; lookEveryMs?: number; lookWithinMs?: number };

/**
 * What a worker does while the active index cannot be written: because Chroma does not answer, because the state database, which names it,
 * does not, or because the index was switched to one that was built with something this process does not have. It takes no more jobs, which wait, however long it takes, without spending the runs
 * that they have; looks every 5 s; and goes on when the index can be written again. What it has already taken is put back.
 */
export function createStandby({ index, log, lookEveryMs = 5_000, lookWithinMs = 3_000 }: Options) {
  const held: Held[] = [];
  const closing = new AbortController();
  let waiting: Promise<void> | undefined;

  const isWritable = async (): Promise<boolean> =>
    await within(
      lookWithinMs,
      (signal) =>
        untilAborted(
          signal,
          index.use(({ vectors }) => vectors.count(signal), signal),
        ),
      [closing.signal],
    ).then(
      () => true,
      () => false,
    );
  /** A failure that may be the index's: then all jobs would fail, and each would spend its runs. */
  const isOfIndex = async ({ kind }: AppError): Promise<boolean> => {
    if (kind === "misconfigured" || kind === "rate_limited") return true;
    return kind === "upstream_unavailable" && (waiting !== undefined || !(await isWritable()));
  };
  const wait = async (): Promise<void> => {
    do await sleep(lookEveryMs, undefined, { signal: closing.signal });
    while (!(await isWritable()));
    for (const consumer of held) consumer.resume();
    log.info("the active index can be written again: going on");
  };
  const begin = ({ kind, message }: AppError): void => {
    if (waiting || closing.signal.aborted) return;
    log[kind === "misconfigured" ? "error" : "warn"]({ reason: message }, "the active index cannot be written: standing by");
    for (const consumer of held) consumer.pause();
    waiting = wait()
      .catch(() => undefined) // closing
      .finally(() => (waiting = undefined));
  };
  return {
    holds: (consumer: Held): void => void held.push(consumer),
    guard:
      <Payload, Context, Result>(handle: (payload: Payload, context: Context) => Promise<Result>) =>
      async (payload: Payload, context: Context): Promise<Result> => {
        try {
          return await handle(payload, context);
        } catch (thrown) {
          const error = AppError.from(thrown);
          if (!(await isOfIndex(error))) throw thrown;
          begin(error);
          throw new AppError("rate_limited", error.message, { cause: error, retryAfterMs: error.retryAfterMs ?? lookEveryMs * 2 });
        }
      },
    async close(): Promise<void> {
      closing.abort(new AppError("unexpected", "closing"));
      await waiting;
    },
  };
}
