import type { AppError, Tracing } from "@flow-rag/kernel";
import express, { type Express, type RequestHandler, type Router } from "express";
import helmet, { type HelmetOptions } from "helmet";
import { authenticate, authorise, greet, type AuthOptions } from "./authenticate.js";
import { isLoopbackHost } from "./check-origin.js";
import { allowOrigins } from "./cors.js";
import { mountRoutes, type MountOptions } from "./mount-route.js";
import { notFound, reportError } from "./problem.js";
import { createRateLimits, type RateLimitOptions } from "./rate-limits.js";
import { askToSignIn } from "./login.js";
import { identifyRequest, stateOf } from "./request-state.js";
import type { Access, Caller, LimitClass, Route } from "./route.js";
import { traceRequests } from "./trace-requests.js";

/** A router of somebody else's making (a dashboard) under a path of ours: the same authentication, limits and origin check apply. */
export type Mount = {
  readonly path: string;
  readonly scope: Access;
  readonly limits: { readonly class: LimitClass };
  readonly summary: string;
  /** Why this caller may not send such a request; undefined when they may. */
  readonly refuse?: (caller: Caller, method: string) => AppError | undefined;
  readonly router: Router | RequestHandler;
  /** Directives that this page needs beside the strict ones. */
  readonly contentSecurity?: Readonly<Record<string, readonly string[]>>;
};

export type HttpOptions = {
  readonly routes: readonly Route[];
  readonly mounts: readonly Mount[];
  readonly auth: AuthOptions;
  readonly limits: Omit<RateLimitOptions, "log">;
  /** Hop count or addresses; false trusts no header. */
  readonly trustProxy: number | readonly string[] | false;
  /** Origins whose pages may call us with a key. */
  readonly corsOrigins: readonly string[];
  readonly tracing?: Tracing | undefined;
} & Omit<MountOptions, "limits" | "auth">;

const strict = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", "data:"],
  fontSrc: ["'self'"],
  connectSrc: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
  objectSrc: ["'none'"],
} as const;

/** Thin by rule: every route is a line of the table; here is only what all of them share. */
export function createApp(options: HttpOptions): Express {
  const { routes, mounts, trustProxy, corsOrigins, log } = options;
  const auth = authenticate(options.auth);
  const limits = createRateLimits({ ...options.limits, log });
  const app = express()
    .disable("x-powered-by")
    .set("trust proxy", typeof trustProxy === "object" ? [...trustProxy] : trustProxy)
    .set("query parser", "simple")
    .set("etag", false)
    .use(identifyRequest)
    .use(traceRequests(options.tracing))
    .use(contentSecurity())
    .use(noStore)
    .use(allowOrigins(corsOrigins));
  mountRoutes(app, routes, { ...options, auth, limits });
  for (const {
    path,
    scope,
    limits: { class: limitClass },
    refuse,
    router,
    contentSecurity: extra,
  } of mounts) {
    app.use(
      path,
      namePath(path),
      contentSecurity(extra),
      ...(scope === "anybody" ? [] : [auth]),
      limits[limitClass],
      askToSignIn(scope),
      authorise(scope),
      refuseBy(refuse),
      router,
    );
  }
  return app.use(limits.reads).use(greet(auth)).use(notFound).use(reportError(log, options.view));
}

const refuseBy =
  (refuse: Mount["refuse"]): RequestHandler =>
  (req, res, next) =>
    next(refuse?.(stateOf(res).caller, req.method));

function contentSecurity(extra: Mount["contentSecurity"] = {}): RequestHandler {
  const directives = Object.fromEntries(
    [...new Set([...Object.keys(strict), ...Object.keys(extra)])].map((name) => [
      name,
      [...new Set([...((strict as Record<string, readonly string[]>)[name] ?? []), ...(extra[name] ?? [])])].filter(
        (value, _index, all) => value !== "'none'" || all.length === 1, // beside others it means nothing
      ),
    ]),
  );
  const settings: HelmetOptions = {
    contentSecurityPolicy: { useDefaults: false, directives },
    referrerPolicy: { policy: "same-origin" }, // "no-referrer" makes browsers send our own forms with "Origin: null"
    strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false },
    xFrameOptions: { action: "deny" },
    originAgentCluster: false, // browsers warn of it on plain http, also after the way there has become https
  };
  const [whole, plain] = [helmet(settings), helmet({ ...settings, crossOriginOpenerPolicy: false })];
  // Over plain http browsers take no opener policy but from this machine, and warn of it on every page.
  return (req, res, next) => (req.secure || isLoopbackHost(req.host) ? whole : plain)(req, res, next);
}

/** Answers are about now and about one caller. */
const noStore: RequestHandler = (_req, res, next) => {
  res.set("cache-control", "no-store");
  next();
};
const namePath =
  (path: string): RequestHandler =>
  (_req, res, next) => {
    stateOf(res).route = path;
    next();
  };
