import type { MongoClient } from "mongodb";
import { setTimeout as delay } from "node:timers/promises";

/** A heartbeat ends in 20 s at the latest: the driver's patience to connect, and the time for which it lets the server wait. */
const patienceMs = 30_000;

/**
 * Connects a client anew when one of its heartbeats neither succeeds nor fails, and again until it connects. Returns what ends the watch.
 *
 * The driver (mongodb 7.0, `Connection.writeCommand`) waits for "drain" of a socket that was destroyed between its last look and the write:
 * no event of such a socket follows, no time-out reaches it, and while a heartbeat waits no other begins. A server that dies in that moment
 * would stay unknown to this process for ever. What runs meanwhile fails as for any connection that is lost.
 */
export function watchHeartbeat(client: MongoClient, { afterMs = patienceMs }: { afterMs?: number } = {}): () => void {
  const begun = new Map<string, NodeJS.Timeout>();
  const watch = new AbortController();

  const end = (address: string): void => {
    clearTimeout(begun.get(address));
    begun.delete(address);
  };
  const endAll = (): void => {
    for (const address of [...begun.keys()]) end(address);
  };
  async function connectAnew(): Promise<void> {
    endAll();
    await client.close().catch(() => undefined);
    while (!watch.signal.aborted) {
      const isConnected = await client.connect().then(
        () => true,
        () => false, // the driver has waited for a server before it says so
      );
      if (isConnected) break;
      await delay(Math.min(afterMs, 1_000), undefined, { signal: watch.signal }).catch(() => undefined);
    }
    if (watch.signal.aborted) await client.close();
  }
  client.on("serverHeartbeatStarted", ({ connectionId: address }) => {
    end(address);
    if (!watch.signal.aborted) begun.set(address, setTimeout(() => void connectAnew(), afterMs).unref());
  });
  client.on("serverHeartbeatSucceeded", ({ connectionId: address }) => end(address));
  client.on("serverHeartbeatFailed", ({ connectionId: address }) => end(address));
  client.on("serverClosed", ({ address }) => end(address));
  return () => {
    watch.abort();
    endAll();
  };
}
