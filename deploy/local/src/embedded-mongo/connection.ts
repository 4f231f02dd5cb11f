import { once } from "node:events";
import type { Socket } from "node:net";
import type { Logger } from "@flow-rag/kernel";
import { ServerError } from "./server-error.js";
import { encode } from "./values.js";
import { concatReply, encodeReply, MessageReader, parseRequest, requestIdOf, type Reply, type Request } from "./wire-protocol.js";

/** What may wait to be read by a client before nothing more is done for it. */
const maxUnreadBytes = 256 * 1024;

/**
 * Answers the requests of one connection, one after the other. A client that does not read its answers is not read from either: what waits
 * for it stays within one answer.
 */
export async function serveConnection(socket: Socket, run: (request: Request) => Promise<Reply>, log: Logger): Promise<void> {
  const reader = new MessageReader();
  try {
    for await (const chunk of socket) {
      for (const message of reader.push(chunk as Buffer)) await answer(socket, message, run);
    }
  } catch (error) {
    if (socket.destroyed) return; // the client went away
    log.warn({ err: error }, "connection closed: not a message of the MongoDB protocol");
    socket.destroy();
  }
}

async function answer(socket: Socket, message: Buffer, run: (request: Request) => Promise<Reply>): Promise<void> {
  let request: Request;
  try {
    request = parseRequest(message);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    const { code, codeName, message: errmsg } = error;
    return await send(socket, encodeReply(requestIdOf(message), concatReply([encode({ ok: 0, errmsg, code, codeName })]), false));
  }
  const reply = await run(request);
  if (request.wantsReply) await send(socket, encodeReply(request.id, reply, request.legacy));
}

async function send(socket: Socket, parts: readonly Uint8Array[]): Promise<void> {
  if (parts.reduce((sum, part) => sum + part.length, 0) <= maxUnreadBytes) socket.write(Buffer.concat(parts));
  else for (const part of parts) await sendLarge(socket, part);
  await untilRead(socket);
}

async function sendLarge(socket: Socket, part: Uint8Array): Promise<void> {
  for (let at = 0; at < part.length; at += maxUnreadBytes) {
    socket.write(part.subarray(at, at + maxUnreadBytes));
    await untilRead(socket);
  }
}

async function untilRead(socket: Socket): Promise<void> {
  if (socket.writableLength < maxUnreadBytes || socket.destroyed) return;
  const gone = new AbortController();
  const close = () => gone.abort();
  socket.once("close", close);
  try {
    await once(socket, "drain", { signal: gone.signal });
  } catch {
    throw new Error("the client went away");
  } finally {
    socket.off("close", close);
  }
}
