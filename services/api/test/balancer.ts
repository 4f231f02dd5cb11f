import { once } from "node:events";
import { Agent, createServer, request, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const lookEveryMs = 100;
/** Looks in a row that must fail, as HAProxy's `fall`: a busy machine misses one. */
const fall = 3;

/**
 * A load balancer as HAProxy is one: asks each server's /ready, keeps its connections, sends a request to the next ready server, and tries
 * none again. `served` counts answers by server.
 */
export async function startBalancer(ports: readonly number[]) {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 100 });
  const ready = new Set<number>();
  const missed = new Map<number, number>();
  const served = new Map<number, number>();
  const look = async (port: number): Promise<void> => {
    const answer = await fetch(`http://127.0.0.1:${port}/ready`, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);
    await answer?.arrayBuffer().catch(() => undefined);
    const failures = answer?.ok ? 0 : (missed.get(port) ?? 0) + 1;
    missed.set(port, failures);
    if (failures === 0) ready.add(port);
    if (failures >= fall) ready.delete(port);
  };
  let closed = false;
  const looking = async (port: number): Promise<void> => {
    while (!closed) {
      await look(port);
      await sleep(lookEveryMs);
    }
  };
  for (const port of ports) void looking(port);
  let turn = 0;
  const server = createServer((req, res) => {
    const up = ports.filter((port) => ready.has(port));
    const port = up[turn++ % Math.max(1, up.length)];
    if (port === undefined) return void res.writeHead(503).end("no server is ready");
    const { connection: _own, ...headers } = req.headers;
    const onward = request({ port, host: "127.0.0.1", agent, method: req.method, path: req.url, headers }, (answer: IncomingMessage) => {
      served.set(port, (served.get(port) ?? 0) + 1);
      const { connection: _theirs, "keep-alive": _timeout, ...kept } = answer.headers;
      res.writeHead(answer.statusCode ?? 502, kept);
      answer.pipe(res);
      answer.once("error", () => res.destroy());
    });
    onward.once("error", (error) => (res.headersSent ? res.destroy() : res.writeHead(502).end(error.message)));
    req.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    ready: (port: number) => ready.has(port),
    served,
    close(this: void): void {
      closed = true;
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
}
