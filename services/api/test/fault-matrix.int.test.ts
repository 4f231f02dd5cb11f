import { startTcpProxy, testAddresses, waitFor, type TcpProxy } from "@flow-rag/testing";
import { someRuns, startLiveApi, type LiveApi } from "./live-api.js";

jest.setTimeout(90_000);

type Dependency = "redis" | "mongodb" | "chroma";
const variables = { redis: "REDIS_URL", mongodb: "MONGO_URI", chroma: "CHROMA_URL" } as const;
const faults: Readonly<Record<string, (proxy: TcpProxy, on: boolean) => void>> = {
  "refuses connections": (proxy, on) => proxy.down(on),
  hangs: (proxy, on) => (proxy.timeout(on), on ? undefined : proxy.reset()),
  "answers garbage": (proxy, on) => (proxy.garbage(on), on ? undefined : proxy.reset()),
};
const dependencies: readonly Dependency[] = ["redis", "mongodb", "chroma"];
const matrix = dependencies.flatMap((dependency) => Object.keys(faults).map((fault) => [dependency, fault] as const));

/** What a caller waits for an answer at most. */
const patienceMs = 5_000;
const count = "Combien d’échecs le 5 mai 2026 ?";
const byMeaning = "Avons-nous déjà vu « plus de place » ?";

let proxy: TcpProxy;
let api: LiveApi;
/** An API that reaches one of its dependencies through a proxy. */
async function startBehind(dependency: Dependency): Promise<void> {
  const addresses = testAddresses();
  const url = new URL({ redis: addresses.redisUrl, mongodb: addresses.mongoUri, chroma: addresses.chromaUrl }[dependency]);
  proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.port = String(proxy.port);
  url.hostname = "127.0.0.1";
  if (dependency === "mongodb") url.searchParams.set("directConnection", "true");
  api = await startLiveApi({ [variables[dependency]]: url.href });
  await api.store(someRuns());
}
afterEach(async () => {
  proxy.reset();
  expect(await api.world.lifecycle.close()).toBe(true);
  await proxy.close();
});

type Answer = { status: number; body: Record<string, unknown> };
const get = async (path: string): Promise<Answer> => {
  const response = await fetch(`${api.base}${path}`, { signal: AbortSignal.timeout(patienceMs) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const ask = async (query: string): Promise<Answer> => {
  const headers = { authorization: `Bearer ${api.admin}`, "content-type": "application/json" };
  const body = JSON.stringify({ query });
  const response = await fetch(`${api.base}/query`, { method: "POST", headers, body, signal: AbortSignal.timeout(patienceMs) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
type Checks = Record<string, { status: string; reason?: string }>;
const isReady = async (): Promise<true | undefined> => ((await get("/ready")).status === 200 ? true : undefined);

test.each(matrix)("API, its %s %s for a while, lives, says so, answers what it can, and goes on by itself", async (dependency, fault) => {
  await startBehind(dependency);
  await waitFor(isReady, "readiness before", 20_000);
  expect(await ask(count)).toMatchObject({ status: 200, body: { facts: { matching: expect.any(Number) as number } } });

  faults[fault]?.(proxy, true);
  const [live, counted, sought] = await Promise.all([get("/health?of=process"), ask(count), ask(byMeaning)]);
  expect(live.status).toBe(200);
  if (dependency === "mongodb") {
    for (const { status, body } of [counted, sought]) expect([status, body["detail"]]).toEqual([503, expect.stringMatching(/MongoDB/)]);
  } else {
    expect([counted.status, sought.status]).toEqual([200, 200]);
    expect(counted.body["degraded"]).toBe(false);
  }
  if (dependency === "chroma" && sought.body["degraded"] === true) expect(sought.body["answer"]).toContain("index des preuves");
  const down = await waitFor(
    async () => {
      const { status, body } = await get("/ready");
      return status === 503 ? (body["checks"] as Checks) : undefined;
    },
    "readiness to see it",
    15_000,
  );
  expect(down[dependency]).toMatchObject({ status: "down", reason: expect.stringMatching(/\w/) as string });
  expect((await get("/health?of=process")).status).toBe(200);
  if (dependency === "redis") {
    const { status, body } = await get("/health");
    expect([status, JSON.stringify(body)]).toEqual([200, expect.stringMatching(/"waiting","reason":"[^"]*Redis|REDIS_URL/)]);
  }

  faults[fault]?.(proxy, false);
  await waitFor(isReady, "readiness after", 30_000);
  await waitFor(async () => ((await ask(count)).status === 200 ? true : undefined), "a question after it", 30_000);
});

test.each(dependencies)("API, its %s is slow, answers all the same", async (dependency) => {
  await startBehind(dependency);
  await waitFor(isReady, "readiness before", 20_000);
  proxy.latency(100);
  const [live, counted] = await Promise.all([get("/health?of=process"), ask(count)]);
  expect([live.status, counted.status]).toEqual([200, 200]);
  expect(counted.body).toMatchObject({ degraded: false, facts: { matching: expect.any(Number) as number } });
  proxy.latency(0);
});
