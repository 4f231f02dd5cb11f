import { AppError, createBreaker, untilAborted, type Breaker, type ErrorKind } from "@flow-rag/kernel";
import { ChromaClientError, ChromaConnectionError, ChromaNotFoundError, ChromaRateLimitError, ChromaValueError } from "chromadb";
import { setTimeout as sleep } from "node:timers/promises";

/** Chroma's client has neither a time-out nor a retry of its own. Milliseconds. */
export const timeouts = { write: 30_000, read: 10_000 };

/** One request: with a limit, through the breaker, sent again once when it never reached Chroma. */
export type ChromaCall = <T>(work: () => Promise<T>, signal: AbortSignal, timeoutMs: number) => Promise<T>;

export const createChromaCalls =
  (breaker: Breaker = createBreaker("Chroma")): ChromaCall =>
  (work, signal, timeoutMs) =>
    breaker(() =>
      bounded(
        work().catch((error: unknown) => againIfUnsent(error, work, signal)),
        signal,
        timeoutMs,
      ),
    );

/** Waits no longer than the limit; a vendor's error becomes a kind. */
export const bounded = async <T>(work: Promise<T>, signal: AbortSignal, timeoutMs: number): Promise<T> =>
  await untilAborted(AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]), work.catch(toVectorError));

/** A connection that a restarted server has closed fails once, before anything was sent over it. */
async function againIfUnsent<T>(error: unknown, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  if (!(error instanceof ChromaConnectionError) || signal.aborted) throw error;
  await sleep(100 + Math.random() * 200);
  return await work();
}

/** True when the collection that was opened is not there any more: dropped, or lost with Chroma's data. To be opened again. */
export const isCollectionGone = (error: unknown): boolean => error instanceof AppError && error.cause instanceof ChromaNotFoundError;

/** An adapter's last duty: a vendor's error becomes a kind, so nobody above needs to know the vendor. */
function toVectorError(cause: unknown): never {
  let kind: ErrorKind = "upstream_unavailable";
  if (cause instanceof ChromaRateLimitError) kind = "rate_limited";
  if (cause instanceof ChromaClientError || cause instanceof ChromaValueError) kind = "invalid_input";
  throw new AppError(kind, kind === "upstream_unavailable" ? "Chroma did not answer" : "Chroma refused the request", { cause });
}
