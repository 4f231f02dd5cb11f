import { AppError, type Runtime, type Tracing } from "@flow-rag/kernel";
import { once, setMaxListeners } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Config } from "./config.js";
import type { AuthOptions } from "./entry/authenticate.js";
import { createApp, type Mount } from "./entry/http.js";
import { createHttpDrain } from "./entry/http-drain.js";
import type { MountOptions } from "./entry/mount-route.js";
import { createRoutes, type RouteDeps } from "./entry/routes.js";
import { createStreamSlots } from "./entry/stream-slots.js";

export type ApiDeps = RouteDeps & {
  readonly keys: AuthOptions["keys"] & RouteDeps["keys"];
  readonly count: MountOptions["count"];
  readonly redis: (args: readonly string[]) => Promise<unknown>;
  readonly mounts?: readonly Mount[];
};

type ApiRuntime = Runtime<Pick<Config, "http">> & { readonly tracing?: Tracing | undefined };

/**
 * Resolves with the port in use (port 0 asks for a free one) once requests are accepted.
 * @throws AppError `misconfigured` when the service would be open to the network without a key.
 */
export async function serve({ config, lifecycle, log, tracing }: ApiRuntime, deps: ApiDeps): Promise<number> {
  const { http } = config;
  const keysExist = await deps.keys.exists(AbortSignal.timeout(10_000));
  if (!keysExist && !http.loopback)
    throw new AppError(
      "misconfigured",
      "API_HOST lets the network in, and no API key exists: make one (flow-rag keys create --name ops --scopes query,admin) or leave API_HOST=127.0.0.1",
    );
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal); // every request under way listens to it
  // Node looks every 30 s by itself, so that a limit of 15 s would be one of 45.
  const server = createServer({ connectionsCheckingInterval: Math.min(5_000, http.headersMs) });
  const drain = createHttpDrain(server);
  const readiness = async () =>
    drain.begun() ? { ready: false, checks: {}, reason: "the service is stopping" } : await deps.operation.readiness();
  const app = createApp({
    routes: createRoutes({ ...deps, operation: { ...deps.operation, readiness } }),
    mounts: deps.mounts ?? [],
    auth: { keys: deps.keys, loopback: http.loopback, disabled: http.authDisabled, now: deps.now },
    limits: { perMinute: http.perMinute, redis: deps.redis, prefix: http.limitsPrefix },
    trustProxy: http.trustProxy,
    corsOrigins: http.corsOrigins,
    slots: createStreamSlots(http.streamsPerKey),
    idleMs: http.streamIdleMs,
    stopping: stopping.signal,
    count: deps.count,
    view: { zone: deps.zone, now: deps.now },
    tracing,
    log,
  });
  server.on("request", app);
  // Longer than the 60 s of nginx, HAProxy and cloud balancers: they are the ones to end an idle connection. Ended from here, it would be cut
  // while a request is on its way to it, and the caller gets a 502.
  server.keepAliveTimeout = http.keepAliveMs;
  // A client that sends its headers byte by byte, or never, holds a socket no longer than this. Node counts from the connection or the last
  // answer's end on only until the first byte of a request: a connection that is kept may be idle for longer.
  server.headersTimeout = http.headersMs;
  server.requestTimeout = http.requestMs; // until the whole body is there: 64 kB at the slowest of lines
  const listening = once(server, "listening"); // rejects with the "error" that came instead, such as a port in use
  server.listen(http.port, http.host);
  await listening;
  lifecycle.own("http", server, async () => {
    const closed = drain.close();
    stopping.abort(new AppError("upstream_unavailable", "the service is stopping"));
    server.closeIdleConnections();
    await closed;
  });
  lifecycle.onDrain("http", (hurry) => drain.leave(http.leaving, hurry));
  const { port } = server.address() as AddressInfo;
  if (http.authDisabled) log.warn("AUTH_DISABLED: everybody on this machine may do everything");
  else if (!keysExist) log.warn("no API key exists: only this machine is served, and everybody on it; flow-rag keys create makes one");
  log.info({ url: `http://${http.host}:${port}` }, "listening");
  return port;
}
