import { AppError, readRetryAfter } from "@flow-rag/kernel";
import { setTimeout as sleep } from "node:timers/promises";

/** How often a request is sent, and how long is waited. Milliseconds. */
export interface RetryPolicy {
  readonly attempts: number;
  /** The first pause; each next is twice as long, up to `maxPauseMs`, and half of it is chance. */
  readonly pauseMs: number;
  readonly maxPauseMs: number;
  /** Longest wait for one answer. */
  readonly timeoutMs: number;
}

const usual: RetryPolicy = { attempts: 5, pauseMs: 500, maxPauseMs: 20_000, timeoutMs: 60_000 };

/**
 * POSTs JSON and gives the parsed answer. This is the one layer that repeats: on 408, 429 (after what Retry-After says), 5xx, a silent or
 * broken connection and an answer that is no JSON.
 * @throws AppError `misconfigured` on any other 4xx, `rate_limited` or `upstream_unavailable` after the last attempt; the signal's reason.
 */
export async function postWithRetries(
  request: { url: URL; headers: Record<string, string>; body: string },
  policy: RetryPolicy = usual,
  signal: AbortSignal,
): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await post(request, policy.timeoutMs, signal);
    } catch (thrown) {
      signal.throwIfAborted();
      const error = thrown instanceof AppError ? thrown : unavailable(request.url, "broke off", thrown);
      if (error.policy.retry === "never" || attempt >= policy.attempts) throw error;
      const pause = Math.min(policy.maxPauseMs, policy.pauseMs * 2 ** (attempt - 1));
      await sleep(error.retryAfterMs ?? pause * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

async function post(
  { url, headers, body }: { url: URL; headers: Record<string, string>; body: string },
  timeoutMs: number,
  signal: AbortSignal,
): Promise<unknown> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const response = await fetch(url, { method: "POST", headers, body, signal: limit, redirect: "error" });
  const text = await response.text();
  const { status } = response;
  if (status === 429) throw new AppError("rate_limited", `${url.host} answered 429`, { retryAfterMs: readRetryAfter(response.headers) });
  if (status >= 500 || status === 408) throw unavailable(url, `answered ${status}`);
  if (!response.ok)
    throw new AppError("misconfigured", `${url.href} answered ${status}: check EMBED_API_URL, EMBED_API_KEY and EMBED_API_MODEL`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unavailable(url, "answered what is no JSON", cause);
  }
}

const unavailable = (url: URL, what: string, cause?: unknown): AppError =>
  new AppError("upstream_unavailable", `${url.host} ${what}`, { cause });
