import { once } from "node:events";
import { createServer, STATUS_CODES, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AppError } from "./errors.js";
import { checkHealth, createReadiness, type DependencyCheck, type PartCheck } from "./health.js";
import type { Lifecycle } from "./lifecycle.js";
import type { Logger } from "./logger.js";
import type { Metrics } from "./metrics.js";

/** Where a process without an interface of its own can be looked at. `port` undefined: nowhere; 0: a free one, which the log names. */
export type OpsConfig = { readonly host: string; readonly port: number | undefined };
type Options = {
  readonly config: OpsConfig;
  readonly lifecycle: Lifecycle;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** What must go on working, by name. */
  readonly parts: Readonly<Record<string, PartCheck>>;
  /** What it depends on, by name. */
  readonly dependencies: Readonly<Record<string, DependencyCheck>>;
};

/**
 * `GET /health`, `/ready` and `/metrics` of a process that takes jobs and serves nobody. No login, so loopback unless told otherwise;
 * it says no more than names and figures. Resolves with the port, undefined when there is none.
 * @throws AppError `misconfigured` when the port cannot be had.
 */
export async function startOpsServer({ config, lifecycle, log, metrics, parts, dependencies }: Options): Promise<number | undefined> {
  if (config.port === undefined) return undefined;
  const readiness = createReadiness(dependencies);
  const routes: Record<string, (res: ServerResponse) => Promise<void>> = {
    "/health": async (res) => {
      const health = await checkHealth(parts);
      send(res, health.status === "wedged" ? 503 : 200, health);
    },
    "/ready": async (res) => {
      const found = await readiness();
      send(res, found.ready ? 200 : 503, found);
    },
    "/metrics": async (res) => {
      const text = await metrics.scrape();
      res.writeHead(200, { "content-type": metrics.contentType }).end(text);
    },
  };
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (req, res) => {
    const route = req.method === "GET" ? routes[req.url?.split("?", 1)[0] ?? ""] : undefined;
    if (!route) return send(res, 404, { status: 404, title: STATUS_CODES[404], known: Object.keys(routes) });
    route(res).catch((error: unknown) => {
      log.error({ err: error }, "ops request failed");
      if (!res.headersSent) send(res, 500, { status: 500, title: STATUS_CODES[500] });
    });
  });
  const listening = once(server, "listening");
  server.listen(config.port, config.host);
  await listening.catch((cause: unknown) => {
    throw new AppError("misconfigured", `METRICS_PORT ${config.port} on METRICS_HOST ${config.host} cannot be had: is it taken?`, {
      cause,
    });
  });
  lifecycle.own("ops server", server, () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    return closed;
  });
  const { port } = server.address() as AddressInfo;
  log.info({ url: `http://${config.host}:${port}` }, "health and metrics");
  return port;
}

function send(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" }).end(JSON.stringify(body));
}
