import { AppError, redact, type ErrorKind, type Logger } from "@flow-rag/kernel";
import type { ErrorRequestHandler, Request, RequestHandler } from "express";
import { STATUS_CODES } from "node:http";
import { z } from "zod";
import { problemPage } from "../pages/problem-page.js";
import { isOwnPath } from "./own-path.js";
import { stateOf } from "./request-state.js";
import { viewOf, type ViewSettings } from "./view-of.js";

/** What every failure answers, as `application/problem+json`. Source: RFC 9457. `detail` is left out of a 500: it may name internals. A 503 says who does not answer. */
export const problem = z
  .strictObject({
    type: z.literal("about:blank"),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    kind: z.string(),
    request_id: z.string(),
    /** Under /v1 the same once more, where OpenAI's clients look for it. */
    error: z.strictObject({ message: z.string(), type: z.string(), code: z.string(), param: z.string().nullable() }).optional(),
  })
  .meta({ id: "Problem" });
export type Problem = z.output<typeof problem>;

/** A message may quote what was sent, such as the name of an unknown field. */
const maxDetail = 1_000;
const maxParam = 200;

export const problemOf = (error: AppError, requestId: string): Problem => {
  const { status } = error.policy;
  return {
    type: "about:blank",
    title: STATUS_CODES[status] ?? "Error",
    status,
    ...(status !== 500 && { detail: redact(error.message).slice(0, maxDetail) }),
    kind: error.kind,
    request_id: requestId,
  };
};

/** An error as OpenAI's clients read it; without it they show a status and nothing else. `param` is the field to mend. */
export const openAiError = ({ detail, title, kind, status }: Problem, param?: string): NonNullable<Problem["error"]> => ({
  message: detail ?? title,
  type: openAiTypes[status] ?? (status >= 500 ? "server_error" : "invalid_request_error"),
  code: kind,
  param: param?.slice(0, maxParam) ?? null,
});
const openAiTypes: Readonly<Record<number, string>> = { 401: "authentication_error", 403: "permission_error", 429: "rate_limit_error" };

export const notFound: RequestHandler = (req) => {
  throw new AppError("not_found", `no route ${req.method} ${asWritten(req.path)}: GET /openapi.json lists them`);
};

/** Redaction knows an e-mail address by its "@", which a path has as %40. */
function asWritten(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return "of this name";
  }
}

export const reportError =
  (log: Logger, view: ViewSettings): ErrorRequestHandler =>
  (thrown: unknown, req, res, _next) => {
    const error = toAppError(thrown);
    const { requestId } = stateOf(res);
    const { status } = error.policy;
    const gone = res.closed && !res.writableEnded; // the caller left: nobody is to be answered, and nothing is wrong
    const fields = { err: error, requestId, method: req.method, route: stateOf(res).route };
    if (gone) return void log.info(fields, "the caller left");
    log[status >= 500 ? "error" : "info"](fields, "request failed");
    if (res.headersSent) return void res.destroy(); // Express itself would do the same, and print the stack unredacted
    if (error.retryAfterMs !== undefined) res.set("retry-after", String(Math.ceil(error.retryAfterMs / 1_000)));
    if (status === 401) res.set("www-authenticate", 'Bearer realm="flow-rag"');
    const said = problemOf(error, requestId);
    if (stateOf(res).page && !req.path.startsWith("/v1/")) {
      const back = req.method === "GET" ? undefined : cameFrom(req);
      const shown = { status, kind: error.kind, detail: said.detail, requestId, back };
      return void res
        .status(status)
        .type("html")
        .send(problemPage(viewOf(req, res, view), shown));
    }
    res
      .status(status)
      .type("application/problem+json")
      .send(JSON.stringify(req.path.startsWith("/v1/") ? { ...said, error: openAiError(said, error.field) } : said));
  };

/** The page of ours that a form was on. */
function cameFrom(req: Request): string | undefined {
  const referrer = req.get("referer") ?? "";
  if (!URL.canParse(referrer)) return undefined;
  const { pathname, search } = new URL(referrer);
  return isOwnPath(pathname + search) ? pathname + search : undefined;
}

/** Express and body-parser reject what they cannot read with a 4xx `status`; left alone it would become a 500. */
const ofStatus: Readonly<Record<number, readonly [ErrorKind, string]>> = {
  413: ["too_large", "body: too large"],
  415: ["unsupported_type", "body: send it as UTF-8 text, not compressed"],
};
function toAppError(thrown: unknown): AppError {
  const { status } = (typeof thrown === "object" && thrown !== null ? thrown : {}) as { status?: unknown };
  if (thrown instanceof AppError || typeof status !== "number" || status < 400 || status >= 500) return AppError.from(thrown);
  const [kind, message] = ofStatus[status] ?? ["invalid_input", "the request cannot be read"];
  return new AppError(kind, message, { cause: thrown });
}
