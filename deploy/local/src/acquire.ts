import { spawn } from "node:child_process";
import { once } from "node:events";
import { link, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { createConnection, type Socket } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError, type Logger } from "@flow-rag/kernel";
import { onJsonLine, sendJson } from "./json-lines.js";
import { identify, isGoneWithin, isRunning, readPidFile } from "./process-identity.js";
import { serviceNames, type ServiceName } from "./service.js";
import { sourceChild } from "./source-child.js";
import { lockFileOf, logFileOf, readState, type ServerMessage, type SupervisorState } from "./supervisor-state.js";

/** The addresses of services that were not asked for are empty strings. `release` may be called twice. */
export type LocalServices = { redisUrl: string; mongoUri: string; chromaUrl: string; release(): Promise<void> };

export type AcquireOptions = {
  /** Where data, logs and `local.json` live; callers with the same folder share the services. */
  dir: string;
  log: Logger;
  /** Default: all. What is not running yet is started. */
  services?: readonly ServiceName[];
  /** Where programs that are installed on demand are kept. Default `<dir>/tools`. */
  toolsDir?: string;
};

const acquireTimeoutMs = 180_000; // the first start may install Redis and Chroma
const spawnTimeoutMs = 30_000;
const staleLockMs = 60_000;
const stopTimeoutMs = 15_000;

/**
 * Local services for as long as the caller holds them: the first caller for a folder starts a supervisor process, the last release
 * stops everything. A holder that dies, even by kill -9, counts as a release.
 * @throws AppError `misconfigured`, with what to do, when a service cannot run here; `upstream_unavailable` when one does not start.
 */
export async function acquireLocalServices(options: AcquireOptions): Promise<LocalServices> {
  const dir = resolve(options.dir);
  const toolsDir = resolve(options.toolsDir ?? join(dir, "tools"));
  await mkdir(dir, { recursive: true });
  const deadline = Date.now() + acquireTimeoutMs;
  while (Date.now() < deadline) {
    const supervisor = await runningSupervisor(dir);
    if (!supervisor) await startSupervisor(dir, toolsDir);
    else {
      const lease = await takeLease(supervisor, options, deadline);
      if (lease) return lease;
    }
    await sleep(25);
  }
  throw new AppError("upstream_unavailable", `local services in ${dir} did not become available; see ${logFileOf(dir)}`);
}

async function runningSupervisor(dir: string): Promise<SupervisorState | undefined> {
  const state = await readState(dir);
  return state && (await isRunning(state)) ? state : undefined;
}

/** Returns without having started one when another process is about to. */
async function startSupervisor(dir: string, toolsDir: string): Promise<void> {
  const unlock = await lock(lockFileOf(dir));
  if (!unlock) return;
  try {
    if (await runningSupervisor(dir)) return; // another process was faster, between our look and our lock
    const output = await open(logFileOf(dir), "a", 0o600);
    const { command, args } = sourceChild("supervisor", [dir, toolsDir]);
    const child = spawn(command, args, { detached: true, cwd: dir, stdio: ["ignore", output.fd, output.fd] });
    child.on("error", () => {}); // seen below as a pid that never was
    await output.close();
    child.unref();
    const deadline = Date.now() + spawnTimeoutMs;
    while ((await readState(dir))?.pid !== child.pid) {
      const ended = child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
      if (ended || Date.now() > deadline) {
        throw new AppError("unexpected", `the local services did not start:\n${await lastLines(logFileOf(dir))}`);
      }
      await sleep(10);
    }
  } finally {
    await unlock();
  }
}

/** A file that exists while its owner starts a supervisor. Undefined when somebody else, alive and recent, has it. */
async function lock(path: string): Promise<(() => Promise<void>) | undefined> {
  try {
    const file = await open(path, "wx", 0o600);
    await file.writeFile(JSON.stringify(await identify(process.pid)));
    await file.close();
    return () => rm(path, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  if (await isStale(path)) {
    // Moved away before it is deleted: of two callers that saw the same stale lock, the slower one must not take the faster one's new lock.
    const aside = `${path}.${process.pid}`;
    await rename(path, aside).catch(() => {});
    if (!(await isStale(aside))) await link(aside, path).catch(() => {});
    await rm(aside, { force: true });
  }
  return undefined;
}

async function isStale(path: string): Promise<boolean> {
  const [owner, ageMs] = [await readPidFile(path), await ageOf(path)];
  // A file without a readable owner is being written at this moment, unless it stays that way.
  return owner ? !(await isRunning(owner)) || ageMs > staleLockMs : ageMs > 2000;
}

const ageOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );

/** Undefined when the supervisor is on its way out: it refuses, or hangs up before it has answered. */
async function takeLease(
  supervisor: SupervisorState,
  { services = serviceNames, log }: AcquireOptions,
  deadline: number,
): Promise<LocalServices | undefined> {
  const socket = createConnection({ host: "127.0.0.1", port: supervisor.port });
  socket.on("error", () => {}); // its close follows
  const answers = receive(socket);
  sendJson(socket, { token: supervisor.token, services });
  const answer = await withDeadline(answers.next(), deadline);
  if (!answer) socket.destroy();
  if (!answer || !("urls" in answer || "error" in answer)) return undefined;
  let released: Promise<void> | undefined;
  const release = () => (released ??= giveBack(socket, answers, supervisor));
  if ("error" in answer) {
    await release();
    throw new AppError(answer.error.kind, answer.error.message);
  }
  socket.unref(); // a lease alone does not keep a process alive
  for (const notice of answer.notices) log.info(notice);
  const { redis = "", mongo = "", chroma = "" } = answer.urls;
  return { redisUrl: redis, mongoUri: mongo, chromaUrl: chroma, release };
}

async function giveBack(socket: Socket, answers: Answers, supervisor: SupervisorState): Promise<void> {
  socket.ref();
  sendJson(socket, { release: true });
  const answer = await withDeadline(answers.next(), Date.now() + stopTimeoutMs);
  socket.destroy();
  // No answer: we were the last, and the supervisor has stopped the services and hung up by ending.
  if (!answer) await isGoneWithin(supervisor, stopTimeoutMs);
}

type Answers = { next(): Promise<ServerMessage | undefined> };

/** The messages of the other side in order; undefined once it has hung up. */
function receive(socket: Socket): Answers {
  const queue: ServerMessage[] = [];
  onJsonLine(socket, (message) => {
    queue.push(message as ServerMessage);
    socket.emit("message");
  });
  const next = async (): Promise<ServerMessage | undefined> => {
    const done = new AbortController();
    const { signal } = done;
    while (queue.length === 0 && !socket.closed) {
      await Promise.race([once(socket, "message", { signal }), once(socket, "close", { signal })]).catch(() => {});
    }
    done.abort();
    return queue.shift();
  };
  return { next };
}

async function withDeadline<T>(work: Promise<T>, deadline: number): Promise<T | undefined> {
  const timer = new AbortController();
  const late = sleep(deadline - Date.now(), undefined, { signal: timer.signal }).catch(() => undefined);
  return await Promise.race([work, late]).finally(() => timer.abort());
}

const lastLines = async (path: string): Promise<string> => (await readFile(path, "utf8")).trimEnd().split("\n").slice(-8).join("\n");
