import { AppError } from "./errors.js";

export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly failures?: number;
  /** How long it then stays open: 5 s, and twice as long each time the trial fails too, up to a minute. Milliseconds. */
  readonly pauseMs?: number;
  readonly maxPauseMs?: number;
  /** What an error says of the service: not served, served after all, or nothing. `upstream_unavailable` and `invalid_input` unless given. */
  readonly judge?: (error: AppError) => Verdict;
  /** What callers are told while it is open; the last failure is known, and the rest of the pause in milliseconds. */
  readonly refusal?: (last: AppError | undefined, retryAfterMs: number) => AppError;
  /** Milliseconds, of any clock that does not go back. */
  readonly now?: () => number;
  /** Told of every change; `trying` while one call is let through as a trial. It begins closed. */
  readonly onState?: (state: BreakerState) => void;
}
export type BreakerState = "closed" | "open" | "trying";
/** `pauseMs`: the service named a time to be left alone for, which opens it at once. */
export type Verdict = "failed" | "served" | "nothing" | { readonly pauseMs: number };

/** Runs the work, or refuses it while the service behind it is left alone. */
export type Breaker = <T>(work: () => Promise<T>) => Promise<T>;

/** One call that was let through. The first of these that is called counts; `left` when its outcome says nothing. */
export interface Pass {
  succeeded(): void;
  failed(error: AppError): void;
  left(): void;
}

const judgeByKind = ({ kind }: AppError): Verdict => {
  if (kind === "upstream_unavailable") return "failed";
  return kind === "invalid_input" ? "served" : "nothing"; // a refused request is an answer
};

/**
 * Spares a service that does not answer, and its callers the wait: after some failures in a row calls are refused at once, until a pause has
 * passed and one of them, as a trial, succeeds. Every other call is refused while the trial is under way.
 */
export function createCircuit(service: string, options: BreakerOptions = {}): { enter(): Pass } {
  const { failures = 5, pauseMs = 5_000, maxPauseMs = 60_000, now = () => performance.now(), onState = () => {} } = options;
  const judge = options.judge ?? judgeByKind;
  const refusal =
    options.refusal ??
    ((_last, retryAfterMs) => new AppError("rate_limited", `${service} does not answer: it is left alone for a while`, { retryAfterMs }));
  let inARow = 0;
  let pause = pauseMs;
  let openUntil: number | undefined;
  let trying = false;
  let last: AppError | undefined;

  const open = (forMs: number): void => {
    openUntil = now() + forMs;
    onState("open");
  };
  const succeed = (): void => {
    if (openUntil !== undefined) onState("closed");
    inARow = 0;
    pause = pauseMs;
    openUntil = undefined;
  };
  const fail = (error: AppError, verdict: Verdict, trial: boolean): void => {
    if (!trial && openUntil !== undefined) return; // those that were underway when it opened say nothing new
    inARow += 1;
    last = error;
    if (typeof verdict === "object") return open(Math.min(maxPauseMs, verdict.pauseMs));
    if (inARow < failures) return;
    if (trial) pause = Math.min(maxPauseMs, pause * 2);
    open(pause);
  };

  return {
    enter() {
      if (openUntil !== undefined && (trying || now() < openUntil)) throw refusal(last, Math.max(pauseMs / 10, openUntil - now()));
      const trial = openUntil !== undefined;
      if (trial) {
        trying = true;
        onState("trying");
      }
      let over = false;
      const leave = (): boolean => {
        const first = !over;
        if (first && trial) trying = false;
        over = true;
        return first;
      };
      return {
        succeeded() {
          if (leave()) succeed();
        },
        failed(error) {
          if (!leave()) return;
          const verdict = judge(error);
          if (verdict === "served") succeed();
          else if (verdict !== "nothing") fail(error, verdict, trial);
        },
        left: () => void leave(),
      };
    },
  };
}

/**
 * A circuit around calls that are promises.
 * @throws AppError `rate_limited` with the rest of the pause while it is open, unless told otherwise: a queue then waits without spending an attempt.
 */
export function createBreaker(service: string, options: BreakerOptions = {}): Breaker {
  const circuit = createCircuit(service, options);
  return async (work) => {
    const pass = circuit.enter();
    try {
      const result = await work();
      pass.succeeded();
      return result;
    } catch (error) {
      if (error instanceof AppError) pass.failed(error);
      else pass.left();
      throw error;
    }
  };
}
