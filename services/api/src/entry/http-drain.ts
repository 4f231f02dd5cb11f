import type { Server, ServerResponse } from "node:http";
import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";

export type HttpDrain = {
  /** From the first moment of the end on: readiness says no, and each answer ends its connection. */
  readonly begun: () => boolean;
  /**
   * Leaves without failing anybody: for `delayMs` requests are still answered, so that balancers can see what readiness says and take their
   * kept connections elsewhere; then no connection is taken any more, and running answers have `runningMs` to end. Cut short by `hurry`.
   */
  leave(times: { delayMs: number; runningMs: number }, hurry: AbortSignal): Promise<void>;
  /** Takes no connection any more; resolves when the last one is closed. May be called again. */
  close(): Promise<void>;
};

/** Must be made before the server takes its first request. */
export function createHttpDrain(server: Server): HttpDrain {
  const running = new Set<ServerResponse>();
  let begun = false;
  let closed: Promise<void> | undefined;
  const endConnection = (res: ServerResponse): void => {
    if (!res.headersSent) res.setHeader("connection", "close");
  };
  server.prependListener("request", (_req, res: ServerResponse) => {
    if (begun) endConnection(res);
    running.add(res);
    res.once("close", () => {
      running.delete(res);
      // Its headers may have promised to keep the connection, long before the end began. Node marks it idle after this event.
      if (closed) setImmediate(() => server.closeIdleConnections());
    });
  });
  const close = (): Promise<void> => (closed ??= new Promise((resolve) => server.close(() => resolve())));
  return {
    begun: () => begun,
    close,
    async leave({ delayMs, runningMs }, hurry) {
      begun = true;
      running.forEach(endConnection);
      const wait = (ms: number) => sleep(ms, undefined, { signal: hurry }).catch(() => undefined);
      await wait(delayMs);
      await turn(); // right behind the loop's look at the socket: nobody whose connection the kernel has accepted is sent away
      const patience = new AbortController();
      const late = sleep(runningMs, undefined, { signal: AbortSignal.any([hurry, patience.signal]) }).catch(() => undefined);
      await Promise.race([close(), late]).finally(() => patience.abort());
    },
  };
}
