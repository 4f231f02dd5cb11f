import { AppError, redact, untilAborted } from "@flow-rag/kernel";

/** `warn`: works, but not as it should in production. `skipped`: not set up here. */
type CheckStatus = "ok" | "warn" | "fail" | "skipped";
/** `hint`: what to do about it. */
export type Finding = { readonly status: CheckStatus; readonly message: string; readonly hint?: string };
/** `hint`: what to do when it throws. */
export type Check = { readonly name: string; readonly hint: string; readonly run: (signal: AbortSignal) => Promise<Finding> };
/** `ms`: how long it took. */
export type CheckResult = Finding & { readonly name: string; readonly ms: number };
export type SelftestResult = { readonly status: "ok" | "warn" | "fail"; readonly at: string; readonly checks: readonly CheckResult[] };
type Options = { readonly now: () => Date; readonly timeoutMs?: number; readonly onResult?: (result: CheckResult) => void };

const defaultTimeoutMs = 30_000;

/** Looks at everything, one after the other, so that no check is slow because of another; a failure never ends it. */
export async function runSelftest(checks: readonly Check[], options: Options, signal: AbortSignal): Promise<SelftestResult> {
  const { now, timeoutMs = defaultTimeoutMs, onResult } = options;
  const results: CheckResult[] = [];
  for (const { name, hint, run } of checks) {
    signal.throwIfAborted();
    const from = performance.now();
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const finding = await untilAborted(limit, run(limit)).catch((thrown: unknown): Finding => {
      signal.throwIfAborted();
      const late = limit.aborted ? `no answer within ${timeoutMs / 1_000} s` : AppError.from(thrown).message;
      return { status: "fail", message: redact(late), hint };
    });
    const result = { name, ...finding, ms: Math.round(performance.now() - from) };
    results.push(result);
    onResult?.(result);
  }
  const has = (status: CheckStatus) => results.some((result) => result.status === status);
  return { status: has("fail") ? "fail" : has("warn") ? "warn" : "ok", at: now().toISOString(), checks: results };
}

export const ok = (message: string): Finding => ({ status: "ok", message });
export const warn = (message: string, hint: string): Finding => ({ status: "warn", message, hint });
export const fail = (message: string, hint: string): Finding => ({ status: "fail", message, hint });
export const skipped = (message: string): Finding => ({ status: "skipped", message });
