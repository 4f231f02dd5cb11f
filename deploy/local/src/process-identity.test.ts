import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endLeftover, identify, isRunning, readPidFile, writePidFile } from "./process-identity.js";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "flow-rag-pid-"));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

const forever = () => spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);

test("endLeftover, the process the file names, is ended and the file removed", async () => {
  const child = forever();
  const path = join(dir, "p.pid");
  await writePidFile(path, child.pid ?? 0);
  await Promise.all([once(child, "exit"), endLeftover(path)]);
  expect(await readPidFile(path)).toBeUndefined();
});

test("endLeftover, the pid belongs to another process by now, leaves it alone", async () => {
  const child = forever();
  const path = join(dir, "p.pid");
  await writeFile(path, JSON.stringify({ pid: child.pid, startedAt: "long ago" }));
  await endLeftover(path);
  const identity = await identify(child.pid ?? 0);
  expect(identity && (await isRunning(identity))).toBe(true);
  child.kill("SIGKILL");
  await once(child, "exit");
});

test.each([["{"], [""], ['{"pid":"x"}']])("readPidFile, %j, is undefined", async (text) => {
  await writeFile(join(dir, "p.pid"), text);
  expect(await readPidFile(join(dir, "p.pid"))).toBeUndefined();
});
