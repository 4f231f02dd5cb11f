import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { AppError } from "./errors.js";

/**
 * A loopback port that nobody listens on at the moment: `preferred` if it is one. Another program may take it before the caller does.
 * @throws AppError `upstream_unavailable` when no port is free.
 */
export async function freePort(preferred = 0): Promise<number> {
  for (const wanted of new Set([preferred, 0])) {
    const server = createServer().listen(wanted, "127.0.0.1");
    const listening = await once(server, "listening").then(
      () => true,
      () => false, // it rejects with the server's error
    );
    if (!listening) continue;
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    return port;
  }
  throw new AppError("upstream_unavailable", "no port is free");
}
