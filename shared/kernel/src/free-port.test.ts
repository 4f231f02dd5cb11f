import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { freePort } from "./index.js";

test("freePort, a port that is taken, gives another", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const other = await freePort(port);
  expect(other).not.toBe(port);
  expect(other).toBeGreaterThan(0);
  server.close();
  await once(server, "close");
});

test("freePort, ports that are free, gives those unless another program is faster", async () => {
  const ports = [await freePort(), await freePort(), await freePort(), await freePort()];
  const given = await Promise.all(ports.map((port) => freePort(port)));
  expect(given.filter((port, index) => port === ports[index])).not.toEqual([]);
});
