import type { Runtime } from "@flow-rag/kernel";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Config } from "./config.js";
import { createApp, type ApiDeps } from "./entry/http.js";

/** Resolves with the port in use (port 0 asks for a free one) once requests are accepted. */
export async function serve({ config, lifecycle, log }: Runtime<Pick<Config, "http">>, deps: ApiDeps): Promise<number> {
  const server = createApp(deps, log).listen(config.http.port, config.http.host);
  await once(server, "listening"); // rejects with the "error" that came instead, such as a port in use
  lifecycle.own("http", server, () => {
    const closed = new Promise((resolve) => server.close(resolve)); // finishes requests in progress
    server.closeIdleConnections();
    return closed;
  });
  const { port } = server.address() as AddressInfo;
  log.info({ url: `http://${config.http.host}:${port}` }, "listening");
  return port;
}
