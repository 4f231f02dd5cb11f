import { AppError, type Logger } from "@flow-rag/kernel";
import type { ErrorRequestHandler, RequestHandler } from "express";
import { STATUS_CODES } from "node:http";

/** What every failure answers, as `application/problem+json`. Source: RFC 9457. `detail` is left out from status 500 up: it may name internals. */
type Problem = {
  readonly type: "about:blank";
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly kind: string;
};

export const notFound: RequestHandler = (req) => {
  throw new AppError("not_found", `no route ${req.method} ${req.path}: POST /query and GET /health exist`);
};

export const reportError =
  (log: Logger): ErrorRequestHandler =>
  (thrown: unknown, _req, res, next) => {
    const error = toAppError(thrown);
    const { status } = error.policy;
    log[status >= 500 ? "error" : "info"]({ err: error }, "request failed");
    if (res.headersSent) return next(thrown);
    if (error.retryAfterMs !== undefined) res.set("retry-after", String(Math.ceil(error.retryAfterMs / 1_000)));
    const problem: Problem = {
      type: "about:blank",
      title: STATUS_CODES[status] ?? "Error",
      status,
      kind: error.kind,
      ...(status < 500 && { detail: error.message }),
    };
    res.status(status).type("application/problem+json").send(JSON.stringify(problem));
  };

/** body-parser rejects bad JSON and oversized bodies with a 4xx `status`; left alone they would become a 500. */
function toAppError(thrown: unknown): AppError {
  const { status, type } = (typeof thrown === "object" && thrown !== null ? thrown : {}) as { status?: unknown; type?: unknown };
  if (thrown instanceof AppError || typeof status !== "number" || status >= 500) return AppError.from(thrown);
  const detail = type === "entity.too.large" ? "body: larger than 64 kB" : 'body: not JSON. Send an object such as {"query": "…"}';
  return new AppError("invalid_input", detail, { cause: thrown });
}
