import { createRunStore } from "@flow-rag/stores";
import { createHarness, waitFor, type Harness } from "@flow-rag/testing";
import { Agent, request } from "node:http";
import { killApiProcesses, startApiProcess, type ApiProcess } from "./api-process.js";
import { startBalancer } from "./balancer.js";
import { someRuns } from "./live-api.js";

jest.setTimeout(180_000);
let world: Harness;
const ends: (() => unknown)[] = [];
beforeEach(async () => {
  world = await createHarness();
  await createRunStore(world.state).upsert(someRuns());
});
afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()));
  killApiProcesses();
  expect(await world.lifecycle.close()).toBe(true);
});

/** Clients that ask one question after the other on kept connections, until `stop`. */
function startClients(port: number, count: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: count });
  const wrong: string[] = [];
  let done = 0;
  let stopped = false;
  const body = JSON.stringify({ query: "Combien d'échecs le 5 mai 2026 ?" });
  const headers = { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) };
  const ask = (): Promise<void> =>
    new Promise((resolve) => {
      const sent = request({ port, host: "127.0.0.1", agent, method: "POST", path: "/query", headers }, (res) => {
        let text = "";
        res.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        res.once("close", () => {
          done += 1;
          if (res.statusCode !== 200 || !res.complete || !text.includes("5 échecs")) wrong.push(`${res.statusCode} ${text.slice(0, 200)}`);
          resolve();
        });
      });
      sent.once("error", (error) => (wrong.push(error.message), resolve()));
      sent.end(body);
    });
  const clients = Array.from({ length: count }, async () => {
    while (!stopped) await ask();
  });
  return {
    wrong,
    done: () => done,
    async stop(this: void): Promise<void> {
      stopped = true;
      await Promise.all(clients);
      agent.destroy();
    },
  };
}

test("three APIs behind a balancer, each ended by SIGTERM and started again under load, fail no request", async () => {
  const env = { LOG_LEVEL: "error", SHUTDOWN_DELAY: "1s", RATE_LIMIT_QUESTIONS: "0", RATE_LIMIT_READS: "0" };
  const apis: ApiProcess[] = await Promise.all(Array.from({ length: 3 }, () => startApiProcess(world, env)));
  const balancer = await startBalancer(apis.map(({ port }) => port));
  ends.push(balancer.close);
  const ready = (port: number) => waitFor(async () => balancer.ready(port) || undefined, `port ${port} to be ready`);
  for (const { port } of apis) await ready(port);
  const clients = startClients(balancer.port, 6);
  ends.push(clients.stop);
  for (const api of apis) {
    const before = balancer.served.get(api.port) ?? 0;
    await waitFor(async () => (balancer.served.get(api.port) ?? 0) > before + 3 || undefined, "requests to be under way");
    expect([await api.stop(), api.words()]).toEqual([0, ""]);
    await api.start();
    await ready(api.port);
  }
  await clients.stop();
  expect([clients.wrong, clients.done() > 50]).toEqual([[], true]);
});
