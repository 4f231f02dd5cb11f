import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@flow-rag/kernel";
import { formatLogLine } from "../domain/format-log-line.js";
import { serviceProgram } from "./service-program.js";

export type ServiceName = "producer" | "worker" | "reporter" | "api";
export interface ServiceProcess {
  readonly name: ServiceName;
  /** SIGTERM, then SIGKILL once the deadline has passed. True when it ended cleanly. */
  stop(deadlineMs: number): Promise<boolean>;
}
type Options = { env: NodeJS.ProcessEnv; say: (line: string) => void; signal: AbortSignal };

const maxRestarts = 5;
const readyWithinMs = 120_000;

/**
 * Starts one of flow-rag's services as a child process and resolves once it is ready. A service that is killed or crashes later is
 * started again, at most five times. The child ends by itself when this process dies, whatever way.
 * @throws AppError `unexpected` when it cannot start; its own words have been shown by then.
 */
export async function startServiceProcess(name: ServiceName, { env, say, signal }: Options): Promise<ServiceProcess> {
  let child: ChildProcess;
  let stopping = false;
  let restarts = 0;

  const launch = async (): Promise<void> => {
    const started = spawn(process.execPath, serviceProgram(name), { env, stdio: ["ignore", "pipe", "pipe", "ipc"] });
    child = started;
    for (const stream of [started.stdout, started.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", (line) => say(`[${name}] ${formatLogLine(line)}`));
    }
    const waiting = new AbortController();
    const limits = AbortSignal.any([waiting.signal, signal, AbortSignal.timeout(readyWithinMs)]);
    const ready = once(started, "message", { signal: limits }).then(() => true);
    const ended = once(started, "exit", { signal: limits }).then(() => false);
    const isReady = await Promise.race([ready, ended]).finally(() => waiting.abort());
    await Promise.allSettled([ready, ended]);
    if (!isReady) throw new AppError("unexpected", `the ${name} did not start`);
    started.once("exit", (code, reason) => void revive(code ?? reason));
  };
  const revive = async (reason: unknown): Promise<void> => {
    if (stopping || signal.aborted) return; // Ctrl-C reaches the whole process group: the child may be faster than we are
    if (++restarts > maxRestarts) return say(`[${name}] ended again (${String(reason)}): not started any more`);
    say(`[${name}] ended (${String(reason)}): starting it again`);
    await sleep(restarts * 500);
    if (!stopping) await launch().catch((error: unknown) => say(`[${name}] ${AppError.from(error).message}`));
  };

  await launch();
  return {
    name,
    async stop(deadlineMs) {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode === 0;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), deadlineMs);
      await ended.finally(() => clearTimeout(timer));
      return child.exitCode === 0;
    },
  };
}
