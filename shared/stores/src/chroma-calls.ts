import { answered, AppError, createBreaker, type Breaker } from "@flow-rag/kernel";
import { ChromaConnectionError, ChromaNotFoundError } from "chromadb";
import { setTimeout as sleep } from "node:timers/promises";
import { chromaLate, toVectorError } from "./chroma-errors.js";

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

/** Waits no longer than the limit; a vendor's error becomes a kind. A Chroma that is silent is one that is not there: the breaker counts it. */
export const bounded = async <T>(work: Promise<T>, signal: AbortSignal, timeoutMs: number): Promise<T> =>
  await answered(timeoutMs, chromaLate, () => work.catch(toVectorError), [signal]);

/** A connection that a restarted server has closed fails once, before anything was sent over it. */
async function againIfUnsent<T>(error: unknown, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  if (!(error instanceof ChromaConnectionError) || signal.aborted) throw error;
  await sleep(100 + Math.random() * 200);
  return await work();
}

/** True when the collection that was opened is not there any more: dropped, or lost with Chroma's data. To be opened again. */
export const isCollectionGone = (error: unknown): boolean => error instanceof AppError && error.cause instanceof ChromaNotFoundError;
