import { AppError, parse, untilAborted, type Logger } from "@flow-rag/kernel";
import express, { type Express, type Request, type RequestHandler, type Response } from "express";
import type { z } from "zod";
import { authorise, greet } from "./authenticate.js";
import { askToSignIn } from "./login.js";
import { readJson } from "./read-json.js";
import { stateOf } from "./request-state.js";
import { dataPage } from "../pages/data-page.js";
import { html, isPageFor, type Call, type LimitClass, type Reply, type Route } from "./route.js";
import { sendReply } from "./send-reply.js";
import type { StreamSlots } from "./stream-slots.js";
import { viewOf, type ViewSettings } from "./view-of.js";

export type MountOptions = {
  readonly auth: RequestHandler;
  readonly limits: Readonly<Record<LimitClass, RequestHandler>>;
  readonly slots: StreamSlots;
  /** How long a reader of an answer may take nothing. */
  readonly idleMs: number;
  /** Aborts when the service stops. */
  readonly stopping: AbortSignal;
  readonly count: (
    keyId: string,
    counters: Partial<Record<"requests" | "errors" | "questions" | "promptTokens" | "completionTokens", number>>,
  ) => void;
  readonly view: ViewSettings;
  readonly log: Logger;
};
const defaultBodyBytes = 64 * 1_024;
const defaultTimeoutMs = 30_000;

/** Makes Express answer every route of the table; a method that a path does not have is a 405 that names those it has. */
export function mountRoutes(app: Express, routes: readonly Route[], options: MountOptions): void {
  const paths = [...new Set(routes.map((route) => route.path))].sort((a, b) => Number(a.includes("{")) - Number(b.includes("{")));
  for (const path of paths) {
    const sharing = routes.filter((route) => route.path === path);
    const at = path.replaceAll(/\{(\w+)\}/g, ":$1");
    const allow = [...sharing.flatMap(({ method }) => (method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()])), "OPTIONS"].join(", ");
    for (const route of sharing) {
      const note: RequestHandler = (_req, res, next) => {
        stateOf(res).route = path;
        next();
      };
      const guards = [
        ...(route.scope !== "anybody" ? [options.auth] : route.greets ? [greet(options.auth)] : []),
        options.limits[route.limits.class],
        askToSignIn(route.scope),
        authorise(route.scope),
      ];
      app[route.method](at, note, countUse(options), ...guards, ...readBody(route), answer(route, paths, options));
    }
    app.options(at, (_req, res) => void res.set("allow", allow).status(204).end());
    app.all(at, (req, res) => {
      res.set("allow", allow);
      throw new AppError("method_not_allowed", `${path} has no ${req.method}: ${allow}`);
    });
  }
}

const countUse =
  ({ count }: MountOptions): RequestHandler =>
  (_req, res, next) => {
    res.once("close", () => count(stateOf(res).caller.keyId, { requests: 1, errors: res.statusCode >= 400 ? 1 : 0 }));
    next();
  };

function readBody({ body, bodyType = "json", limits: { bodyBytes = defaultBodyBytes } }: Route): RequestHandler[] {
  if (!body) return [];
  const wanted = bodyType === "json" ? "application/json" : "application/x-www-form-urlencoded";
  const checkType: RequestHandler = (req, _res, next) => {
    const given = (req.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
    const fits = given === wanted || (bodyType === "json" && /^application\/[\w.-]+\+json$/.test(given));
    if (!fits) throw new AppError("unsupported_type", `body: send it as ${wanted}`);
    next();
  };
  const text = express.text({ type: () => true, limit: bodyBytes, inflate: false });
  const form = express.urlencoded({ extended: false, limit: bodyBytes, inflate: false, parameterLimit: 50 });
  return [checkType, bodyType === "json" ? text : form];
}

const answer =
  (route: Route, paths: readonly string[], options: MountOptions): RequestHandler =>
  async (req, res) => {
    const { call, stopClock } = toCall(route, req, res, options);
    const reply = await untilAborted(call.signal, route.handle(call)); // also where something below heeds no signal
    stopClock(); // what streams has its own pace
    await sendReply(res, forReader(route, paths, call, reply), {
      caller: call.caller,
      signal: call.signal,
      slots: options.slots,
      idleMs: options.idleMs,
      requestId: call.requestId,
      log: options.log,
    });
  };

/** What a client is sent as JSON is a page for a browser, wherever a route has none of its own making. */
function forReader(route: Route, paths: readonly string[], { page }: Call<unknown, unknown, unknown>, reply: Reply): Reply {
  if (!page || reply.kind !== "json" || !isPageFor(route)) return reply;
  const { path, summary } = route;
  const { status = 200, body, headers = {} } = reply;
  return html(dataPage(page, { path, summary, body, hasItems: paths.includes(`${path}/{id}`) }), { status, headers });
}

/** A signal that aborts when the caller leaves, the service stops or the route's time is over; nothing of it outlives the request. */
function signalOf({ limits }: Route, res: Response, stopping: AbortSignal): { signal: AbortSignal; stopClock: () => void } {
  const own = new AbortController();
  const late = () => own.abort(new AppError("upstream_unavailable", "the answer took too long"));
  const timer = setTimeout(late, limits.timeoutMs ?? defaultTimeoutMs);
  const stop = (): void => own.abort(stopping.reason);
  if (stopping.aborted) stop();
  stopping.addEventListener("abort", stop, { once: true });
  res.once("close", () => {
    clearTimeout(timer);
    stopping.removeEventListener("abort", stop);
    if (!res.writableFinished) own.abort(new AppError("unexpected", "the caller left"));
  });
  return { signal: own.signal, stopClock: () => clearTimeout(timer) };
}

function toCall(route: Route, req: Request, res: Response, { count, log, stopping, view }: MountOptions) {
  const { caller, requestId, session } = stateOf(res);
  const { signal, stopClock } = signalOf(route, res, stopping);
  const page = stateOf(res).page ? viewOf(req, res, view) : undefined;
  const { lang: _pageLanguage, ...query } = req.query;
  const call: Call<unknown, unknown, unknown> = {
    params: checked(route.params, req.params, "path"),
    query: checked(route.query, page ? query : req.query, "query"),
    body: route.body && checked(route.body, readGivenBody(route, req), "request"),
    caller,
    requestId,
    session,
    secure: req.secure,
    signal,
    log: log.child({ requestId }),
    page,
    accepts: (mediaType) => req.accepts(["application/json", mediaType]) === mediaType,
    use: (counters) => count(caller.keyId, counters),
  };
  return { call, stopClock };
}

const readGivenBody = ({ bodyType = "json" }: Route, req: Request): unknown => {
  if (bodyType === "form") return req.body;
  const text: unknown = req.body;
  return readJson(typeof text === "string" ? text : "");
};

/** A route without a schema takes nothing there. Values come without a prototype of Express's making. */
function checked(schema: z.ZodType | undefined, given: unknown, what: string): unknown {
  if (schema) return parse(schema, what === "request" ? given : { ...(given as object) }, what);
  const names = Object.keys(given ?? {});
  if (names.length > 0)
    throw new AppError("invalid_input", `invalid ${what}: ${names.slice(0, 3).join(", ").slice(0, 100)}: not known here`);
  return {};
}
