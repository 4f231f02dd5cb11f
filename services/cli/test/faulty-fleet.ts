import { createLogger, freePort } from "@flow-rag/kernel";
import { startChroma, startMongo, startRedis, type LocalService } from "@flow-rag/local";
import { createHarness, startChatServer, startTcpProxy, type TcpProxy } from "@flow-rag/testing";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startMailServer } from "../../reporter/test/mail-server.js";
import { startSlackServer } from "../../reporter/test/slack-server.js";
import { environmentOf, killRunning, startServiceOf } from "./command-line.js";

export const stores = ["redis", "mongodb", "chroma"] as const;
export const outlets = ["slack", "smtp", "model"] as const;
export const faults = ["refused", "killed", "hung", "slow", "garbage"] as const;
export const services = ["producer", "worker", "reporter"] as const;
export type Store = (typeof stores)[number];
export type Outlet = (typeof outlets)[number];
export type Fault = (typeof faults)[number];
export type Service = (typeof services)[number];

/** What the readiness of each service calls a store; it has none for those it does not use. */
export const readinessName: Readonly<Record<Store, Partial<Record<Service, string>>>> = {
  redis: { producer: "redis", worker: "redis", reporter: "redis" },
  mongodb: { producer: "state", worker: "state", reporter: "state" },
  chroma: { worker: "chroma" },
};
/** What a service says in its logs, from "warn" on. */
export type Said = { readonly level: number; readonly msg: string; readonly [field: string]: unknown };

const log = createLogger("test", "silent");
const toolsDir = fileURLToPath(new URL("../../../.flow-rag/tools", import.meta.url));
const starts = { redis: startRedis, mongodb: startMongo, chroma: startChroma } as const;
const slowMs = 150;

/** Producer, worker and reporter as processes of their own, each dependency of theirs behind a proxy, the stores' servers their own. */
export async function startFaultyFleet() {
  const dir = await mkdtemp(join(tmpdir(), "flow-rag-faults-"));
  const servers = {} as Record<Store, LocalService>;
  for (const store of stores) servers[store] = await starts[store]({ dir, log, toolsDir });
  const world = await createHarness({ own: { redisUrl: servers.redis.url, mongoUri: servers.mongodb.url, chromaUrl: servers.chroma.url } });
  const [slack, mail, chat] = [await startSlackServer(), await startMailServer(), await startChatServer()];
  const targets: Readonly<Record<Store | Outlet, string>> = {
    ...{ redis: servers.redis.url, mongodb: servers.mongodb.url, chroma: servers.chroma.url },
    ...{ slack: slack.apiUrl, smtp: mail.url, model: chat.baseUrl },
  };
  const proxies = new Map<Store | Outlet, TcpProxy>();
  for (const name of [...stores, ...outlets]) {
    const { hostname, port } = new URL(targets[name]);
    proxies.set(name, await startTcpProxy({ host: hostname, port: Number(port) }));
  }
  const proxyOf = (name: Store | Outlet): TcpProxy => proxies.get(name) as TcpProxy;
  const through = (name: Store | Outlet): string => {
    const url = new URL(targets[name]);
    [url.hostname, url.port] = ["127.0.0.1", String(proxyOf(name).port)];
    if (name === "mongodb") url.searchParams.set("directConnection", "true");
    return url.href;
  };
  const env = {
    ...environmentOf(world),
    ...{ REDIS_URL: through("redis"), MONGO_URI: through("mongodb"), CHROMA_URL: through("chroma"), QUEUE_LOCK: "5s" },
    ...{ REPORT_CRON: "off", DIGEST_CRON: "off", BUSINESS_TZ: "UTC", DELIVERY_TIMEOUT: "1s" },
    ...{ SLACK_BOT_TOKEN: "xoxb-test", SLACK_API_URL: through("slack"), SLACK_HOSTS: "127.0.0.1", SLACK_CHANNELS: "C0TEST" },
    ...{ SMTP_URL: through("smtp"), MAIL_FROM: "flow-rag <report@example.org>", MAIL_TO: "anna@example.org" },
    ...{ LITELLM_API_BASE: through("model"), LLM_TIMEOUT: "2s", LLM_FIRST_TOKEN_TIMEOUT: "1s" },
  };
  const ports = {} as Record<Service, number>;
  const said = { producer: [], worker: [], reporter: [] } as Record<Service, Said[]>;
  for (const service of services) {
    ports[service] = await freePort();
    let rest = "";
    await startServiceOf(service, { ...env, METRICS_PORT: String(ports[service]) }, (chunk) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.startsWith("{")) said[service].push(JSON.parse(line) as Said);
    });
  }

  /** Of the stores' servers themselves; what a proxy can do is done by the proxy. */
  const strike = async (store: Store, fault: Fault): Promise<void> => {
    const { pid } = servers[store];
    if (fault === "killed") {
      process.kill(pid as number, "SIGKILL");
      await servers[store].stop();
    } else if (fault === "hung") process.kill(pid as number, "SIGSTOP");
    else ofProxy(proxyOf(store), fault, true);
  };
  const mend = async (store: Store, fault: Fault): Promise<void> => {
    if (fault === "killed") servers[store] = await starts[store]({ dir, log, toolsDir, port: servers[store].port });
    else if (fault === "hung") process.kill(servers[store].pid as number, "SIGCONT");
    else ofProxy(proxyOf(store), fault, false);
  };
  return {
    world,
    slack,
    mail,
    chat,
    said,
    strike,
    mend,
    /** The same of what is no process of ours to kill: connections end in the middle of what is said, and no new one is taken. */
    strikeOutlet: (name: Outlet, fault: Fault) => ofProxy(proxyOf(name), fault, true),
    mendOutlet: (name: Outlet, fault: Fault) => ofProxy(proxyOf(name), fault, false),
    /** Rejects when nothing has come within a second, as an orchestrator's probe does. */
    async probe(service: Service, path: "/health" | "/ready") {
      const response = await fetch(`http://127.0.0.1:${ports[service]}${path}`, { signal: AbortSignal.timeout(5_000) });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    async close() {
      for (const server of Object.values(servers)) if (server.pid !== undefined) resume(server.pid);
      killRunning();
      for (const proxy of proxies.values()) await proxy.close();
      await Promise.all([slack.close(), mail.close(), chat.close()]);
      const clean = await world.lifecycle.close();
      for (const store of stores.toReversed()) await servers[store].stop();
      await rm(dir, { recursive: true });
      return clean;
    },
  };
}
export type FaultyFleet = Awaited<ReturnType<typeof startFaultyFleet>>;

function ofProxy(proxy: TcpProxy, fault: Fault, on: boolean): void {
  if (fault === "refused" || fault === "killed") proxy.down(on);
  else if (fault === "slow") proxy.latency(on ? slowMs : 0);
  else {
    if (fault === "hung") proxy.timeout(on);
    else proxy.garbage(on);
    if (!on) proxy.reset(); // those that were spoiled stay so
  }
}

function resume(pid: number): void {
  try {
    process.kill(pid, "SIGCONT");
  } catch {
    // it has ended
  }
}
