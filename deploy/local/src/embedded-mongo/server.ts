import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import type { Logger } from "@flow-rag/kernel";
import { adminCommands } from "./admin-commands.js";
import { Catalog, type CatalogOptions } from "./catalog.js";
import type { Server } from "./command.js";
import { serveConnection } from "./connection.js";
import { Cursors } from "./cursors.js";
import { expireDocuments } from "./expiry.js";
import { Operation } from "./operation.js";
import { readCommands } from "./read-commands.js";
import { createRunner } from "./run-command.js";
import { writeCommands } from "./write-commands.js";

export type EmbeddedMongo = {
  port: number;
  /** What the server does once a minute by itself: expired documents, idle cursors. Resolves when it is done. */
  tidy(): Promise<void>;
  stop(): Promise<void>;
};

export type EmbeddedMongoOptions = CatalogOptions & { dir: string; port?: number };

const housekeepingMs = 60_000;
const compactionCheckMs = 1_000;
const stopMs = 5_000;

/**
 * A server that speaks enough of MongoDB's protocol for the official driver, with its data in one log file under `dir`.
 * For one machine, trial and small use: one process, no users, no replication. Changes run one after the other, reads beside them.
 */
export async function startEmbeddedMongo(options: EmbeddedMongoOptions): Promise<EmbeddedMongo> {
  const { dir, port = 0, log } = options;
  const catalog = await Catalog.open(dir, options);
  const state: Server = { catalog, cursors: new Cursors(), operations: new Map(), startedAt: new Date() };
  const run = createRunner({ ...adminCommands, ...readCommands, ...writeCommands }, state, log);
  const sockets = new Set<Socket>();
  let connections = 0;
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => {}); // a client that went away: its close follows
    const connectionId = ++connections;
    void serveConnection(socket, (request) => run(request, connectionId), log);
  });
  listener.listen(port, "127.0.0.1");
  await once(listener, "listening");
  const timers = [
    setInterval(() => void tidy(state, log), housekeepingMs).unref(),
    setInterval(() => void catalog.tidy(), compactionCheckMs).unref(),
  ];
  let stopping: Promise<void> | undefined;
  const close = async () => {
    for (const timer of timers) clearInterval(timer);
    const closed = once(listener, "close");
    listener.close();
    for (const operation of state.operations.values()) operation.kill();
    for (const socket of sockets) socket.destroy();
    await closed;
    await untilIdle(state);
    state.cursors.close();
    await catalog.close();
  };
  return { port: (listener.address() as AddressInfo).port, tidy: () => tidy(state, log), stop: () => (stopping ??= close()) };
}

async function tidy(state: Server, log: Logger): Promise<void> {
  const { catalog, cursors } = state;
  cursors.forgetIdle(Date.now());
  const operation = new Operation(0, "expire", "", 0);
  try {
    await catalog.exclusive(async () => {
      try {
        await expireDocuments(catalog, operation, Date.now());
      } finally {
        catalog.commit();
      }
    });
  } catch (error) {
    log.warn({ err: error }, "expired documents could not be deleted; this is tried again");
  }
}

/** Operations that were told to end do so at their next pause. */
async function untilIdle({ operations }: Server): Promise<void> {
  const deadline = Date.now() + stopMs;
  while (operations.size > 0 && Date.now() < deadline) await new Promise((resolve) => setImmediate(resolve));
}
