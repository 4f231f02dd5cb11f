import { once } from "node:events";
import { createServer } from "node:net";
import { freePort } from "./index.js";

test("freePort, a port that is free, gives that one; one that is taken, gives another", async () => {
  const port = await freePort();
  expect(await freePort(port)).toBe(port);
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  const other = await freePort(port);
  expect(other).not.toBe(port);
  expect(other).toBeGreaterThan(0);
  server.close();
  await once(server, "close");
});
