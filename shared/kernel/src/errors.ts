type Policy = { retry: "never" | "backoff" | "after"; status: number };

/** The only place that decides what a failure costs a job or a caller. */
const policies = {
  invalid_input: { retry: "never", status: 400 },
  unauthenticated: { retry: "never", status: 401 },
  forbidden: { retry: "never", status: 403 },
  foreign_request: { retry: "never", status: 403 },
  not_found: { retry: "never", status: 404 },
  method_not_allowed: { retry: "never", status: 405 },
  conflict: { retry: "never", status: 409 },
  too_large: { retry: "never", status: 413 },
  unsupported_type: { retry: "never", status: 415 },
  misconfigured: { retry: "never", status: 500 },
  rate_limited: { retry: "after", status: 429 },
  budget_spent: { retry: "never", status: 429 },
  upstream_unavailable: { retry: "backoff", status: 503 },
  unexpected: { retry: "backoff", status: 500 },
} as const satisfies Record<string, Policy>;

export type ErrorKind = keyof typeof policies;

/**
 * Every failure that leaves a module. The message may reach a caller (below status 500) and the logs:
 * no secrets and no record text in it. `retryAfterMs` goes with `rate_limited`, `field` (what to mend, `messages.0.role`) with `invalid_input`.
 */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly retryAfterMs: number | undefined;
  readonly field: string | undefined;

  constructor(
    readonly kind: ErrorKind,
    message: string,
    options: { cause?: unknown; retryAfterMs?: number; field?: string } = {},
  ) {
    super(message, options);
    this.field = options.field;
    this.retryAfterMs = options.retryAfterMs;
  }

  get policy(): Policy {
    return policies[this.kind];
  }

  /** Gives any thrown value a kind. A fired AbortSignal.timeout() counts as `upstream_unavailable`. */
  static from(thrown: unknown): AppError {
    if (thrown instanceof AppError) return thrown;
    // No `instanceof Error`: under jest, errors made by Node itself belong to another realm.
    const { name, message } = typeof thrown === "object" && thrown !== null ? (thrown as Partial<Error>) : {};
    return new AppError(name === "TimeoutError" ? "upstream_unavailable" : "unexpected", message ?? String(thrown), { cause: thrown });
  }
}
