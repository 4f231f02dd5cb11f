import type { RequestHandler } from "express";

const exposed = "x-request-id, retry-after, ratelimit, ratelimit-policy";

/** Lets pages of the listed origins call with a key. Never with cookies: a session is for our own pages. */
export function allowOrigins(origins: readonly string[]): RequestHandler {
  const known = new Set(origins);
  return (req, res, next) => {
    if (known.size > 0) res.vary("origin");
    const origin = req.get("origin");
    if (origin === undefined || !known.has(origin)) return next();
    res.set({
      "access-control-allow-origin": origin,
      "access-control-expose-headers": exposed,
      "cross-origin-resource-policy": "cross-origin",
    });
    if (req.method !== "OPTIONS" || req.get("access-control-request-method") === undefined) return next();
    res.set({
      "access-control-allow-methods": "GET, HEAD, POST, PUT, DELETE",
      "access-control-allow-headers": "authorization, content-type, accept, x-request-id",
      "access-control-max-age": "600",
    });
    res.status(204).end();
  };
}
