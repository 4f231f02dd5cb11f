import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Harness } from "@flow-rag/testing";
import type { MailServer } from "./mail-server.js";
import type { SlackServer } from "./slack-server.js";

const processes = {
  /** Sends a report whose content is given. */
  given: fileURLToPath(new URL("./reporter-process.ts", import.meta.url)),
  /** The service as it is. */
  real: fileURLToPath(new URL("../src/main.ts", import.meta.url)),
};
const loader = new URL("../../../deploy/local/bin/source.mjs", import.meta.url).href;
const running = new Set<ChildProcess>();

/** The environment of a reporter in a test's world, that writes what it is asked to and nothing by the clock. */
export const reporterEnv = (world: Harness & { readonly slack: SlackServer; readonly mail: MailServer }): NodeJS.ProcessEnv => ({
  PATH: process.env["PATH"],
  LOG_LEVEL: "silent",
  REDIS_URL: world.redisUrl,
  QUEUE_PREFIX: world.queuePrefix,
  QUEUE_LOCK: "2s",
  MONGO_URI: world.mongoUri,
  STATE_DB: world.stateDb,
  REPORT_CRON: "off",
  DIGEST_CRON: "off",
  SLACK_API_URL: world.slack.apiUrl,
  SLACK_HOSTS: "127.0.0.1",
  SMTP_URL: world.mail.url,
  MAIL_FROM: "flow-rag <report@example.org>",
  DELIVERY_TIMEOUT: "600ms",
});

/** Starts a reporter as a process of its own and resolves once it is ready. */
export async function startReporter(env: NodeJS.ProcessEnv, content: keyof typeof processes = "given"): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["--import", loader, processes[content]], { env, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  running.add(child);
  child.once("exit", () => running.delete(child));
  await Promise.race([
    once(child, "message"),
    once(child, "exit").then(([code, signal]) => {
      throw new Error(`the reporter did not start: ${String(code ?? signal)}`);
    }),
  ]);
  return child;
}

/** Ends a reporter by SIGTERM; what it ended with. */
export async function stopReporter(child: ChildProcess): Promise<[code: number | null, signal: string | null]> {
  const ended = once(child, "exit") as Promise<[number | null, string | null]>;
  child.kill("SIGTERM");
  return await ended;
}

/** Ends whatever a test that failed left behind. */
export function killReporters(): void {
  for (const child of running) child.kill("SIGKILL");
}
