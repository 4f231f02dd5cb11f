import { freePort } from "@flow-rag/kernel";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

const readyWithinMs = 60_000;
const drainWithinMs = 30_000;

/**
 * Starts a service from a production install, waits until it says that it is ready, and ends it as a container engine would.
 * Resolves to the time it took to drain, in milliseconds.
 * @throws Error with the service's last words when it does not start, does not become ready, or does not end cleanly in time.
 */
export async function startAndDrain(
  entry: string,
  { cwd, env, paths }: { cwd: string; env: NodeJS.ProcessEnv; paths: { port: string; ready: string } },
): Promise<number> {
  const port = await freePort();
  const child = spawn(process.execPath, [entry], { cwd, env: { ...env, [paths.port]: String(port) }, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => (said = (said + chunk).slice(-4_000)));
  const ended = once(child, "exit").then(([code, signal]) => (code ?? signal) as number | string);
  try {
    const deadline = Date.now() + readyWithinMs;
    while (!(await answers(`http://127.0.0.1:${port}${paths.ready}`))) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${entry} did not become ready:\n${said}`);
      await sleep(200);
    }
    const began = performance.now();
    child.kill("SIGTERM");
    const late = sleep(drainWithinMs, "late", { ref: false });
    const code = await Promise.race([ended, late]);
    if (code !== 0) throw new Error(`${entry} ended with ${code}:\n${said}`);
    return Math.round(performance.now() - began);
  } finally {
    child.kill("SIGKILL");
  }
}

const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false,
  );
