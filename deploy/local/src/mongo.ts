import { once } from "node:events";
import { createConnection } from "node:net";
import { join } from "node:path";
import { decodeReply, encodeCommand, MessageReader } from "./embedded-mongo/wire-protocol.js";
import { onFreePort, pidFileOf, startManaged } from "./managed-process.js";
import { isOnPath } from "./redis-install.js";
import type { LocalService, StartOptions } from "./service.js";
import { sourceChild } from "./source-child.js";

/**
 * A MongoDB on a loopback port: `mongod` where it is installed, otherwise the embedded server of this package.
 * The two keep their data apart.
 * @throws AppError `upstream_unavailable` when it does not start.
 */
export async function startMongo({ dir, port, log, onExit }: StartOptions): Promise<LocalService> {
  const real = await isOnPath("mongod");
  if (!real)
    log.info(
      "no mongod on the PATH: the embedded MongoDB server runs instead: one machine, up to 1 GB; beyond that set MONGO_URI (README)",
    );
  const dataDir = join(dir, real ? "mongod" : "mongo");
  return await onFreePort(port, async (port) => {
    const mongod = ["mongod", "--dbpath", dataDir, "--port", String(port), "--bind_ip", "127.0.0.1"];
    const child = real
      ? sourceChild("guard", [pidFileOf(dataDir, "mongo"), ...mongod])
      : sourceChild("embedded-mongo", [dataDir, String(port)]);
    const probe = () => ping(port);
    const mongo = await startManaged({ name: "mongo", dataDir, ...child, guarded: real, probe, log, onExit });
    return { url: `mongodb://127.0.0.1:${port}`, port, ...mongo };
  });
}

async function ping(port: number): Promise<void> {
  const socket = createConnection({ host: "127.0.0.1", port, timeout: 1000 });
  socket.on("timeout", () => socket.destroy(new Error("no answer")));
  try {
    await once(socket, "connect");
    socket.write(encodeCommand({ ping: 1, $db: "admin" }));
    const [chunk] = (await once(socket, "data")) as [Buffer];
    const [reply] = new MessageReader().push(chunk);
    if (!reply || decodeReply(reply)["ok"] !== 1) throw new Error("not ready");
  } finally {
    socket.on("error", () => {}).destroy();
  }
}
