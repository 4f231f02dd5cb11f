import { createLogger } from "@flow-rag/kernel";
import { ensureRedisServer } from "./redis-install.js";

const log = createLogger("test", "silent");

test("ensureRedisServer, nothing on the path and nothing to install it with, says what to type", async () => {
  const missing = ensureRedisServer(log, { install: async () => {}, isOnPath: async () => false });
  await expect(missing).rejects.toMatchObject({ kind: "misconfigured" });
  await expect(missing).rejects.toThrow(/apt-get install[^]*brew install[^]*docker run[^]*REDIS_URL/);
});

test("ensureRedisServer, an install that works, is all it takes", async () => {
  let installed = false;
  const install = async () => void (installed = true);
  await ensureRedisServer(log, { install, isOnPath: async () => installed });
  expect(installed).toBe(true);
});
