import { AppError, untilAborted, type Logger } from "@flow-rag/kernel";
import type { Response } from "express";
import { once } from "node:events";
import { problemOf } from "./problem.js";
import type { Caller, Reply, ServerEvent } from "./route.js";
import type { StreamSlots } from "./stream-slots.js";

type SendOptions = {
  readonly caller: Caller;
  readonly signal: AbortSignal;
  readonly slots: StreamSlots;
  readonly requestId: string;
  readonly log: Logger;
  /** How long a reader may take nothing, before its connection is ended and its place given to others. */
  readonly idleMs: number;
};
/** Proxies close what is silent for a minute. */
const heartbeatMs = 15_000;

export async function sendReply(res: Response, reply: Reply, options: SendOptions): Promise<void> {
  res.setTimeout(options.idleMs, () => res.destroy()); // of the socket: whatever moves on it begins the time anew
  switch (reply.kind) {
    case "json":
      res
        .status(reply.status ?? 200)
        .set(reply.headers ?? {})
        .json(reply.body);
      return;
    case "text":
      res
        .status(reply.status ?? 200)
        .set(reply.headers ?? {})
        .type(reply.contentType)
        .send(reply.body);
      return;
    case "stream":
      res.status(200).set(reply.headers ?? {});
      return await sendStream(res, reply, options);
    case "events":
      return await sendEvents(res, reply, options);
  }
}

async function sendStream(
  res: Response,
  { contentType, chunks }: Extract<Reply, { kind: "stream" }>,
  { caller, signal, slots }: SendOptions,
): Promise<void> {
  const release = slots.take(caller.keyId);
  try {
    let begun = false;
    for await (const chunk of chunks) {
      if (!begun) res.type(contentType); // an error before the first line is still a problem of its own
      begun = true;
      await write(res, chunk, signal);
    }
    if (!begun) res.type(contentType);
    res.end();
  } catch (thrown) {
    if (!res.headersSent) throw thrown;
    res.destroy(); // a cut body is the only way left to say that it is not whole
    if (!signal.aborted) throw thrown;
  } finally {
    release();
  }
}

async function sendEvents(
  res: Response,
  { events, failure }: Extract<Reply, { kind: "events" }>,
  { caller, signal, slots, requestId, log }: SendOptions,
): Promise<void> {
  const release = slots.take(caller.keyId);
  res.status(200).set({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no", // nginx would hold the events back
  });
  res.flushHeaders();
  // Not for a reader that has stopped reading: it would look alive.
  const heartbeat = setInterval(() => res.writableNeedDrain || res.write(": heartbeat\n\n"), heartbeatMs);
  try {
    for await (const event of events) await write(res, toText(event), signal);
  } catch (thrown) {
    if (!res.destroyed) {
      const error = AppError.from(thrown);
      log[error.policy.status >= 500 ? "error" : "info"]({ err: error, requestId }, "stream failed");
      for (const event of failure(problemOf(error, requestId))) res.write(toText(event));
    }
  } finally {
    clearInterval(heartbeat);
    release();
    res.end();
  }
}

/** JSON has no line breaks of its own, so one `data:` line is enough. */
function toText({ event, data }: ServerEvent): string {
  return `${event === undefined ? "" : `event: ${event}\n`}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
}

/** Waits for a slow reader instead of keeping what it has not read. */
async function write(res: Response, text: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (!res.write(text)) await untilAborted(signal, once(res, "drain"));
}
