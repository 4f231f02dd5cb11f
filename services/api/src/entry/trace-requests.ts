import type { Tracing } from "@flow-rag/kernel";
import type { RequestHandler } from "express";
import { stateOf } from "./request-state.js";

/** Makes each request a span, the parent of whatever it leads to. */
export const traceRequests =
  (tracing: Tracing | undefined): RequestHandler =>
  (req, res, next) => {
    if (!tracing) return next();
    const span = tracing.startRequest(req.method, req.headers);
    res.once("close", () => span.end({ name: `${req.method} ${stateOf(res).route ?? "unknown"}`, status: res.statusCode }));
    span.run(next);
  };
