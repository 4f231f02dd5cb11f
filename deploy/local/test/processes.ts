import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createConnection } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { LocalServices } from "../src/index.js";

const loader = new URL("../bin/source.mjs", import.meta.url).href;
const holder = fileURLToPath(new URL("./holder.ts", import.meta.url));

export type Holder = { urls: Omit<LocalServices, "release">; child: ChildProcess; release(): Promise<void>; kill(): Promise<void> };

/** Another process that holds a lease, started from another working directory. */
export async function startHolder(dir: string, services: string): Promise<Holder> {
  const child = spawn(process.execPath, ["--import", loader, holder, dir, services], { cwd: "/", stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([once(lines, "line"), once(child, "exit").then(() => ["null"])])) as [string];
  const urls = JSON.parse(line) as LocalServices | null;
  if (!urls) throw new Error("the holder ended");
  const exited = once(child, "exit");
  const release = async () => {
    child.stdin.end();
    await exited;
  };
  const kill = async () => {
    child.kill("SIGKILL");
    await exited;
  };
  return { urls, child, release, kill };
}

export const listens = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = createConnection({ host: hostname, port: Number(port) });
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });

/** Waits until the condition holds. @throws Error after 20 s. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${String(condition)}`);
    await sleep(20);
  }
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
