import { AppError } from "@flow-rag/kernel";

/** The patience with one answer: until its first token, between two tokens, and as a whole. A client's own timeout ends with the headers. */
export interface Deadline {
  /** Aborts when the caller does or a limit has passed. */
  readonly signal: AbortSignal;
  /** Which limit has passed, if one has. */
  readonly expired: AppError | undefined;
  /** Says that a token came. */
  token(): void;
  /** The work's result, or the limit's error at the moment it passes, whether the work listens or not. */
  within<T>(work: Promise<T>): Promise<T>;
  end(): void;
}

export function createDeadline(
  { firstTokenMs, totalMs }: { firstTokenMs: number; totalMs: number },
  host: string,
  signal: AbortSignal,
): Deadline {
  const controller = new AbortController();
  let expired: AppError | undefined;
  const expire = (what: string) => () => {
    expired ??= new AppError("upstream_unavailable", `${host} ${what}`);
    controller.abort(expired);
  };
  const follow = () => controller.abort(signal.reason);
  signal.addEventListener("abort", follow, { once: true });
  const total = setTimeout(expire(`took longer than ${totalMs} ms`), totalMs);
  let idle = setTimeout(expire(`was silent for ${firstTokenMs} ms`), firstTokenMs);
  const stopped = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener("abort", () => reject(controller.signal.reason as Error), { once: true });
  });
  stopped.catch(() => undefined);
  return {
    signal: controller.signal,
    get expired() {
      return expired;
    },
    token() {
      clearTimeout(idle);
      idle = setTimeout(expire(`was silent for ${firstTokenMs} ms`), firstTokenMs);
    },
    within: (work) => Promise.race([work, stopped]),
    end() {
      clearTimeout(total);
      clearTimeout(idle);
      signal.removeEventListener("abort", follow);
      controller.abort();
    },
  };
}
