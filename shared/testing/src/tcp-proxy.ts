import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export interface TcpProxy {
  readonly port: number;
  /** Refuses new connections and ends those there are; `false` takes it back. */
  down(on: boolean): void;
  /** Delays everything that the server says, in milliseconds; 0 takes it back. */
  latency(ms: number): void;
  /** Swallows everything both sides say, as a cable that was pulled does; `false` takes it back for new connections. */
  timeout(on: boolean): void;
  /** Says bytes that mean nothing instead of what the server says; `false` takes it back for new connections. */
  garbage(on: boolean): void;
  /** Resets every connection there is, in the middle of whatever is said. */
  reset(): void;
  close(): Promise<void>;
}

/** A proxy on a loopback port that misbehaves on command. Verbs as in Shopify's toxiproxy. */
export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  const state = { down: false, silent: false, garbage: false, latencyMs: 0 };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (state.down) return void client.resetAndDestroy();
    const upstream = connect(target);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    for (const socket of pair) {
      socket.on("error", () => {}); // its close follows
      socket.on("close", () => {
        pairs.delete(pair);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on("data", (chunk) => {
      if (!state.silent) upstream.write(chunk);
    });
    let turn: Promise<unknown> = Promise.resolve();
    upstream.on("data", (chunk) => {
      if (state.silent) return;
      if (state.garbage) return void client.write(Buffer.alloc(64, 0xff));
      const { latencyMs } = state;
      turn = turn.then(() => (latencyMs > 0 ? sleep(latencyMs) : undefined)).then(() => client.write(chunk)); // in order, however long
    });
    client.on("end", () => upstream.end());
    upstream.on("end", () => void turn.then(() => client.end()));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const reset = () => {
    for (const [client, upstream] of pairs) {
      client.resetAndDestroy();
      upstream.destroy();
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    down(on) {
      state.down = on;
      if (on) reset();
    },
    latency: (ms) => void (state.latencyMs = ms),
    timeout: (on) => void (state.silent = on),
    garbage: (on) => void (state.garbage = on),
    reset,
    async close() {
      reset();
      server.close();
      await once(server, "close");
    },
  };
}
