import { once } from "node:events";
import { createConnection } from "node:net";
import { join } from "node:path";
import { ensureRedisServer } from "./redis-install.js";
import { onFreePort, pidFileOf, startManaged } from "./managed-process.js";
import type { LocalService, StartOptions } from "./service.js";
import { sourceChild } from "./source-child.js";

/** Whatever job ids and locks Redis has promised must survive, and nothing may be evicted (BullMQ, "Going to production"). */
const durability = ["--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction", "--save", ""];

/**
 * Redis on a loopback port, installed with apt first where that is possible.
 * @throws AppError `misconfigured`, with what to do, when there is no redis-server; `upstream_unavailable` when it does not start.
 */
export async function startRedis({ dir, port, log, onExit }: StartOptions): Promise<LocalService> {
  await ensureRedisServer(log);
  const dataDir = join(dir, "redis");
  return await onFreePort(port, async (port) => {
    const listen = ["--bind", "127.0.0.1", "--port", String(port), "--protected-mode", "yes", "--dir", dataDir];
    const guard = sourceChild("guard", [pidFileOf(dataDir, "redis"), "redis-server", ...listen, ...durability]);
    const probe = () => ping(port);
    const redis = await startManaged({ name: "redis", dataDir, ...guard, guarded: true, probe, log, onExit });
    return { url: `redis://127.0.0.1:${port}`, port, ...redis };
  });
}

/** RESP: an inline "PING" is answered by "+PONG"; a server that still loads its data answers "-LOADING". */
async function ping(port: number): Promise<void> {
  const socket = createConnection({ host: "127.0.0.1", port, timeout: 1000 });
  socket.on("timeout", () => socket.destroy(new Error("no answer")));
  try {
    await once(socket, "connect");
    socket.write("PING\r\n");
    const [answer] = (await once(socket, "data")) as [Buffer];
    if (!answer.toString("latin1").startsWith("+PONG")) throw new Error("not ready");
  } finally {
    socket.on("error", () => {}).destroy();
  }
}
