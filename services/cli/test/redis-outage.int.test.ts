import { recordsEmbed } from "@flow-rag/contracts";
import { freePort } from "@flow-rag/kernel";
import { createProducer } from "@flow-rag/queue";
import { createHarness, startTcpProxy, waitFor, type Harness, type TcpProxy } from "@flow-rag/testing";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { environmentOf, killRunning, startServiceOf } from "./command-line.js";

jest.setTimeout(300_000);
const outageMs = process.env["FLOW_RAG_SOAK"] === "true" ? 90_000 : 10_000;

let world: Harness;
let proxy: TcpProxy;
beforeEach(async () => {
  world = await createHarness();
  const { hostname, port } = new URL(world.redisUrl);
  proxy = await startTcpProxy({ host: hostname, port: Number(port) });
});
afterEach(async () => {
  killRunning();
  await proxy.close();
  expect(await world.lifecycle.close()).toBe(true);
});

test.each([
  ["is refused", (on: boolean) => proxy.down(on)],
  ["falls silent, as when a cable is pulled,", (on: boolean) => (proxy.timeout(on), on ? undefined : proxy.reset())],
])("worker, its connection to Redis %s for a while, says so meanwhile and goes on by itself", async (_situation, cut) => {
  const port = await freePort();
  const env = { ...environmentOf(world), REDIS_URL: `redis://127.0.0.1:${proxy.port}`, METRICS_PORT: String(port), LOG_LEVEL: "silent" };
  const worker = await startServiceOf("worker", env);
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, text: await response.text() };
  };
  const { redis, queuePrefix: prefix, log, lifecycle } = world;
  const producer = lifecycle.own("producer", createProducer({ redis, prefix, log }), (resource) => resource.close());
  const embed = async (id: number) => {
    const jobId = await producer.send(recordsEmbed, { source: "flows", records: [{ recordId: `~n:${id}`, contentHash: "h" }] });
    return () => waitFor(async () => (await producer.outcome(recordsEmbed, jobId)).result, `job ${id}`, 60_000);
  };
  await (
    await embed(1)
  )();
  expect(await get("/health")).toMatchObject({ status: 200, text: expect.stringContaining('"status":"ok"') as string });

  cut(true);
  const until = Date.now() + outageMs;
  const finished = await embed(2); // added by somebody whose connection works
  await waitFor(async () => ((await get("/ready")).status === 503 ? true : undefined), "readiness to see it", 20_000);
  while (Date.now() < until) {
    const { status, text } = await get("/health");
    expect([status, text]).toEqual([200, expect.stringMatching(/"degraded".*"records\.embed":\{"status":"waiting","reason":"[^"]+"/)]);
    await sleep(1_000);
  }
  expect(JSON.parse((await get("/ready")).text)).toMatchObject({
    ready: false,
    checks: { redis: { status: "down" }, state: { status: "ok" } },
  });

  cut(false);
  const result = await finished();
  expect(result).toMatchObject({ removed: 1 });
  await waitFor(async () => ((await get("/ready")).status === 200 ? true : undefined), "readiness", 20_000);
  expect(await get("/health")).toMatchObject({ status: 200, text: expect.stringContaining('"status":"ok"') as string });
  worker.kill("SIGTERM");
  expect(await once(worker, "exit")).toEqual([0, null]);
});
