import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import type { Document } from "bson";
import type { Logger } from "@flow-rag/kernel";
import { adminCommands } from "./admin-commands.js";
import { Catalog } from "./catalog.js";
import { toCommand, type Handler, type Server } from "./command.js";
import { Cursors } from "./cursors.js";
import { readCommands } from "./read-commands.js";
import { ServerError } from "./server-error.js";
import { decodePlain, encode } from "./values.js";
import { encodeReply, MessageReader, parseRequest, type Request } from "./wire-protocol.js";
import { writeCommands } from "./write-commands.js";

export type EmbeddedMongo = { port: number; stop(): Promise<void> };

const handlers: Record<string, Handler> = { ...adminCommands, ...readCommands, ...writeCommands };
const housekeepingMs = 60_000;

/**
 * A server that speaks enough of MongoDB's protocol for the official driver, with its data in one log file under `dir`.
 * For trying out and tests: one process, all documents in memory, no users, no replication. Commands run one after the other.
 */
export async function startEmbeddedMongo(options: { dir: string; port?: number; log: Logger }): Promise<EmbeddedMongo> {
  const { dir, port = 0, log } = options;
  const state: Server = { catalog: Catalog.open(dir), cursors: new Cursors(), startedAt: new Date() };
  const sockets = new Set<Socket>();
  let connections = 0;
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => {}); // a client that went away: its close follows
    serve(socket, state, ++connections, log);
  });
  listener.listen(port, "127.0.0.1");
  await once(listener, "listening");
  const housekeeping = setInterval(() => {
    state.cursors.forgetIdle(Date.now());
    state.catalog.expire(Date.now());
  }, housekeepingMs);
  housekeeping.unref();
  let stopping: Promise<void> | undefined;
  const close = async () => {
    clearInterval(housekeeping);
    const closed = once(listener, "close");
    listener.close();
    for (const socket of sockets) socket.destroy();
    await closed;
    state.catalog.close();
  };
  return { port: (listener.address() as AddressInfo).port, stop: () => (stopping ??= close()) };
}

function serve(socket: Socket, state: Server, connectionId: number, log: Logger): void {
  const reader = new MessageReader();
  socket.on("data", (chunk: Buffer) => {
    try {
      for (const message of reader.push(chunk)) {
        const request = parseRequest(message);
        const reply = run(request, state, connectionId, log);
        if (request.wantsReply) socket.write(encodeReply(request.id, reply, request.legacy));
      }
    } catch (error) {
      log.warn({ err: error, connectionId }, "connection closed: not a message of the MongoDB protocol");
      socket.destroy();
    }
  });
}

/** A change is in the log file before it is answered, also when a later item of the same command failed. */
function run(request: Request, state: Server, connectionId: number, log: Logger): Uint8Array {
  let name = "";
  try {
    const command = toCommand(request, decodePlain(request.body), connectionId);
    name = command.name;
    const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
    if (!handler) throw new ServerError(59, `no such command: '${name}'`);
    const reply = handler(command, state);
    return reply instanceof Uint8Array ? reply : encode({ ...reply, ok: 1 });
  } catch (error) {
    if (!(error instanceof ServerError)) log.error({ err: error, command: name }, "embedded MongoDB command failed");
    return encode(errorReply(error));
  } finally {
    state.catalog.commit();
  }
}

function errorReply(error: unknown): Document {
  const known = error instanceof ServerError ? error : new ServerError(1, (error as Error).message);
  return { ok: 0, errmsg: known.message, code: known.code, codeName: known.codeName, ...known.details };
}
