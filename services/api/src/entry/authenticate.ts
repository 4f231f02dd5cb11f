import { AppError, within } from "@flow-rag/kernel";
import { mongoLate, type ApiKey, type KeyStore } from "@flow-rag/stores";
import type { Request, RequestHandler } from "express";
import { isForeign, isLoopbackHost } from "./check-origin.js";
import { nobody, stateOf, type RequestState } from "./request-state.js";
import { scopesOf, type Access, type Caller } from "./route.js";

const authWithinMs = 2_500;
const lookEveryMs = 1_000;

export type AuthOptions = {
  readonly keys: Pick<KeyStore, "authenticate" | "keyOfSession" | "exists">;
  /** The service listens on loopback: as long as no key exists, whoever is on this machine may do everything. */
  readonly loopback: boolean;
  /** AUTH_DISABLED; only ever set together with loopback. */
  readonly disabled: boolean;
  readonly now: () => Date;
};

const everybody: Caller = {
  keyId: "open",
  owner: "anyone",
  name: "open",
  scopes: ["query", "ingest", "admin", "metrics"],
  sources: null,
  by: "open",
};
const callerOf = ({ id, owner, name, scopes, sources }: ApiKey, by: "key" | "session"): Caller => ({
  keyId: id,
  owner,
  name,
  scopes,
  sources,
  by,
});

/** Finds out who calls and refuses nobody yet, so that refused requests are counted against their sender too. */
export const authenticate = ({ keys, loopback, disabled, now }: AuthOptions): RequestHandler => {
  let keysExist = false; // for good once true: revoking the last key must not open the service again
  let lookedAt = -Infinity;
  const isOpen = async (signal: AbortSignal): Promise<boolean> => {
    if (disabled) return true;
    if (!loopback || keysExist) return false;
    if (performance.now() - lookedAt < lookEveryMs) return true;
    keysExist = await keys.exists(signal);
    lookedAt = performance.now();
    return !keysExist;
  };
  const identify = async (req: Request, state: RequestState, signal: AbortSignal): Promise<void> => {
    const header = req.get("authorization");
    if (await isOpen(signal)) {
      // Otherwise a page could reach us through a name of its own that it lets point to this machine (DNS rebinding).
      if ([req.get("host"), req.host].every(isLoopbackHost)) state.caller = everybody;
      else state.refusal = "without a key only names of this machine such as localhost are answered";
    } else if (header !== undefined) {
      const presented = /^Bearer +(\S{1,200})$/i.exec(header)?.[1];
      const key = presented === undefined ? undefined : await keys.authenticate(presented, now(), signal);
      if (key) state.caller = callerOf(key, "key");
      else state.refusal = "the key is not known, or no longer good";
    } else if (state.session !== undefined) {
      const key = await keys.keyOfSession(state.session, now(), signal);
      if (key) state.caller = callerOf(key, "session");
      else state.refusal = "the session is over: sign in at /login";
    } else state.refusal = "an API key is wanted: Authorization: Bearer frag_…";
  };
  return async (req, res, next) => {
    await within(authWithinMs, (signal) => identify(req, stateOf(res), signal), [], mongoLate);
    next();
  };
};

/** Finds out who looks at a page that is open to anybody; that it cannot be found out now is no reason to withhold the page. */
export const greet =
  (auth: RequestHandler): RequestHandler =>
  async (req, res, next) => {
    if (stateOf(res).page) await Promise.resolve(auth(req, res, () => undefined)).catch(() => undefined);
    next();
  };

/** @throws AppError `unauthenticated`, `forbidden` when the key lacks the scope, or `foreign_request` when a page of another site sent the request. */
export const authorise =
  (access: Access): RequestHandler =>
  (req, res, next) => {
    const { caller, refusal } = stateOf(res);
    refuseForeign(req, caller);
    if (access === "anybody") return next();
    if (caller === nobody) throw new AppError("unauthenticated", refusal ?? "an API key is wanted");
    const wanted = scopesOf(access);
    if (!wanted.some((scope) => caller.scopes.includes(scope)))
      throw new AppError("forbidden", `the key lacks the scope ${wanted.map((scope) => `"${scope}"`).join(" or ")}`);
    next();
  };

/** What a reader, or who runs the proxy in between, can do about it. */
const foreignText =
  "the browser says that a page of another site or address sent this; open the page at the address that it is served under and send the form " +
  "from there. Behind a proxy, it must pass Host on (or X-Forwarded-Host, with TRUST_PROXY)";

/** A browser sends cookies along, and reaches loopback, for any page: only our own pages may change something that way. */
function refuseForeign(req: Request, { by }: Caller): void {
  if (by === "key" || req.method === "GET" || req.method === "HEAD") return;
  const sender = { site: req.get("sec-fetch-site"), origin: req.get("origin"), host: req.host };
  if (isForeign(sender, { mustTell: by === "session" })) throw new AppError("foreign_request", foreignText);
}
