import type { PartHealth } from "./health.js";
import { Lifecycle } from "./lifecycle.js";
import { createLogger } from "./logger.js";
import { createMetrics } from "./metrics.js";
import { startOpsServer } from "./ops-server.js";

const log = createLogger("test", "silent");
let lifecycle: Lifecycle;
beforeEach(() => (lifecycle = new Lifecycle(log)));
afterEach(async () => expect(await lifecycle.close()).toBe(true));

type World = { part?: PartHealth; dependency?: () => Promise<unknown>; port?: number };
async function start({ part = { status: "ok" }, dependency = async () => undefined, port = 0 }: World = {}) {
  const metrics = lifecycle.own("metrics", createMetrics({ log }), (resource) => resource.close());
  const options = { lifecycle, log, metrics, parts: { "records.embed": async () => part }, dependencies: { redis: dependency } };
  const used = await startOpsServer({ ...options, config: { host: "127.0.0.1", port } });
  return `http://127.0.0.1:${used}`;
}
async function get(url: string) {
  const response = await fetch(url);
  return [response.status, await response.json()] as const;
}

test("GET /health, a part is stuck, is a 503 that names it", async () => {
  const part = { status: "stuck", reason: "takes no jobs for 130 s while work waits" } as const;
  expect(await get(`${await start({ part })}/health`)).toEqual([503, { status: "wedged", parts: { "records.embed": part } }]);
});

test("GET /health, a part waits for Redis, is no reason to be restarted but is told", async () => {
  const part = { status: "waiting", reason: "Redis does not answer" } as const;
  expect(await get(`${await start({ part })}/health`)).toEqual([200, { status: "degraded", parts: { "records.embed": part } }]);
});

test("GET /ready, a dependency is down, is a 503 that names it", async () => {
  const dependency = () => Promise.reject(new Error("mongodb://user:secret@host"));
  const [status, body] = await get(`${await start({ dependency })}/ready`);
  expect([status, body]).toMatchObject([503, { ready: false, checks: { redis: { status: "down" } } }]);
  expect(JSON.stringify(body)).not.toContain("secret");
});

test("GET /metrics, asked by Prometheus, answers in its text format", async () => {
  const response = await fetch(`${await start()}/metrics`);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(await response.text()).toMatch(/^flowrag_event_loop_lag_seconds \d/m);
});

test.each(["GET /", "POST /health", "GET /health/x"])("%s, a route that is none, is a 404", async (request) => {
  const [method, path] = request.split(" ");
  expect((await fetch(`${await start()}${path}`, { method: method as string })).status).toBe(404);
});

test("startOpsServer, the port is taken, names the variable", async () => {
  const port = Number(new URL(await start()).port);
  await expect(start({ port })).rejects.toMatchObject({
    kind: "misconfigured",
    message: expect.stringContaining("METRICS_PORT") as string,
  });
});

test("startOpsServer, no port is configured, listens nowhere", async () => {
  const metrics = lifecycle.own("metrics", createMetrics({ log }), (resource) => resource.close());
  const config = { host: "127.0.0.1", port: undefined };
  expect(await startOpsServer({ config, lifecycle, log, metrics, parts: {}, dependencies: {} })).toBeUndefined();
});
