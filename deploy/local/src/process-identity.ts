import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** A process that can be recognised later: pids are reused, a pid with its start time is not. */
export type ProcessIdentity = { pid: number; startedAt: string };

/** Undefined when no such process runs; a zombie does not run. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const startedAt = process.platform === "linux" ? await startTicks(pid) : await startClock(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** False once the pid is gone or belongs to another process. */
export async function isRunning({ pid, startedAt }: ProcessIdentity): Promise<boolean> {
  return (await identify(pid))?.startedAt === startedAt;
}

/** Waits until the process is gone. False when it still runs after `timeoutMs`. */
export async function isGoneWithin(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (await isRunning(identity)) {
    if (Date.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

export async function writePidFile(path: string, pid: number): Promise<void> {
  const identity = await identify(pid);
  if (identity) await writeFile(path, JSON.stringify(identity));
}

/** Undefined when the file is missing or torn. */
export async function readPidFile(path: string): Promise<ProcessIdentity | undefined> {
  const text = await readFile(path, "utf8").catch(() => "");
  try {
    const { pid, startedAt } = JSON.parse(text) as ProcessIdentity;
    return typeof pid === "number" && typeof startedAt === "string" ? { pid, startedAt } : undefined;
  } catch {
    return undefined;
  }
}

/** Ends the process that a pid file names, if it is still that process: what a kill -9 of its owner may leave behind. */
export async function endLeftover(pidFile: string): Promise<void> {
  const leftover = await readPidFile(pidFile);
  if (leftover && (await isRunning(leftover))) {
    signal(leftover.pid, "SIGTERM");
    if (!(await isGoneWithin(leftover, 5000))) signal(leftover.pid, "SIGKILL");
    await isGoneWithin(leftover, 5000);
  }
  await rm(pidFile, { force: true });
}

/** Signals a process that may have gone in the meantime. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone already
  }
}

/** Field 22 of /proc/<pid>/stat, in clock ticks since boot (proc(5)); the name in field 2 may hold spaces and brackets. */
async function startTicks(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
}

async function startClock(pid: number): Promise<string | undefined> {
  const ps = await promisify(execFile)("ps", ["-o", "state=,lstart=", "-p", String(pid)]).catch(() => undefined);
  const [state, ...started] = ps?.stdout.trim().split(/\s+/) ?? [];
  return !state || state.startsWith("Z") ? undefined : started.join(" ");
}
