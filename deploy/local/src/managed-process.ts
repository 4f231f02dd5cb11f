import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError, freePort, type Logger } from "@flow-rag/kernel";
import { endLeftover, readPidFile, signal, writePidFile } from "./process-identity.js";
import type { ServiceName } from "./service.js";

export type ManagedProcess = { pid: number; stop(): Promise<void> };

type Program = {
  name: ServiceName;
  /** Pid file and output of the process are kept here. */
  dataDir: string;
  command: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  /** The process is a guard, which writes the pid file of what it guards. */
  guarded?: boolean;
  /** Resolves once the service answers; rejects while it does not. */
  probe: () => Promise<void>;
  log: Logger;
  onExit?: (() => void) | undefined;
};

const readyTimeoutMs = 60_000;
const probeTimeoutMs = 2_000;
const stopTimeoutMs = 10_000;

export const pidFileOf = (dataDir: string, name: ServiceName): string => join(dataDir, `${name}.pid`);

/**
 * Starts a program that ends when its stdin closes, so that it outlives neither `stop` nor this process.
 * @throws AppError `upstream_unavailable` with the last lines of its output when it ends or does not answer within a minute.
 */
export async function startManaged(program: Program): Promise<ManagedProcess> {
  const { name, dataDir, log } = program;
  const pidFile = pidFileOf(dataDir, name);
  const output = join(dataDir, `${name}.log`);
  await mkdir(dataDir, { recursive: true });
  await endLeftover(pidFile);
  const child = await spawnDetached(program, output);
  if (!program.guarded) await writePidFile(pidFile, child.pid ?? 0);

  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= end(child, pidFile));
  try {
    await untilReady(program.probe, child);
  } catch (error) {
    await stop();
    const tail = (await readFile(output, "utf8").catch(() => "")).trimEnd().split("\n").slice(-8).join("\n");
    throw new AppError("upstream_unavailable", `${name} did not start: ${AppError.from(error).message}\n${tail}`, { cause: error });
  }
  child.once("exit", (code, by) => {
    if (stopping) return;
    log.error({ service: name, code, signal: by }, "local service ended by itself");
    program.onExit?.();
  });
  const pid = (await readPidFile(pidFile))?.pid ?? child.pid ?? 0;
  return { pid, stop };
}

/** Another program may take a free port before the service does: then another one is tried, unless the caller chose it. */
export async function onFreePort<T>(port: number | undefined, start: (port: number) => Promise<T>, attempts = 3): Promise<T> {
  if (port) return await start(port);
  return await start(await freePort()).catch((error: unknown) => {
    if (attempts > 1 && /in use|not available/i.test(AppError.from(error).message)) return onFreePort(port, start, attempts - 1);
    throw error;
  });
}

async function spawnDetached({ command, args, env }: Program, output: string): Promise<ChildProcess> {
  const log = await open(output, "w");
  // Its own process group: Ctrl+C in the terminal must reach the owner only, which then stops its services in order.
  const child = spawn(command, args, { detached: true, stdio: ["pipe", log.fd, log.fd], ...(env && { env }) });
  child.stdin?.on("error", () => {}); // the child may be gone when we close it
  child.on("error", () => {}); // seen by untilReady as an exit
  await log.close();
  return child;
}

async function untilReady(probe: () => Promise<void>, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs;
  for (;;) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) throw new Error("it ended");
    // A server that dies while it is asked may leave the question open for ever.
    const late = new AbortController();
    const answered = await Promise.race([
      probe().then(
        () => true,
        () => false,
      ),
      sleep(probeTimeoutMs, false, { signal: late.signal }).catch(() => false),
    ]).finally(() => late.abort());
    if (answered) return;
    if (Date.now() > deadline) throw new Error(`no answer within ${readyTimeoutMs} ms`);
    await sleep(15);
  }
}

async function end(child: ChildProcess, pidFile: string): Promise<void> {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const exited = once(child, "exit");
    child.stdin?.end();
    const timer = setTimeout(() => signal(-(child.pid ?? 0), "SIGKILL"), stopTimeoutMs); // the whole group, guard and guarded
    await exited;
    clearTimeout(timer);
  }
  await rm(pidFile, { force: true });
}
