import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { AppError, type Logger } from "@flow-rag/kernel";

const run = promisify(execFile);

const manual = `redis-server was not found. Install it with one of
  sudo apt-get install -y redis-server        (Debian, Ubuntu)
  brew install redis                          (macOS)
  docker run -d -p 6379:6379 redis:7 redis-server --appendonly yes --maxmemory-policy noeviction
or set REDIS_URL to a Redis that runs already (for the docker command: redis://127.0.0.1:6379).`;

/**
 * Makes sure that redis-server is on the PATH; as root on Debian and Ubuntu that means installing it.
 * @throws AppError `misconfigured` with the commands to type otherwise.
 */
export async function ensureRedisServer(log: Logger, effects: Effects = { install: () => installWithApt(log), isOnPath }): Promise<void> {
  if (await effects.isOnPath("redis-server")) return;
  await effects.install();
  if (!(await effects.isOnPath("redis-server"))) throw new AppError("misconfigured", manual);
}

type Effects = { install(): Promise<void>; isOnPath(program: string): Promise<boolean> };

export const isOnPath = (program: string): Promise<boolean> =>
  run(program, ["--version"]).then(
    () => true,
    () => false,
  );

async function installWithApt(log: Logger): Promise<void> {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  log.info("redis-server is missing: installing it once with apt-get (some 5 MB)");
  // In runlevel 1 the package's post-install script does not start a daemon.
  const apt = ["RUNLEVEL=1", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"];
  try {
    await run("env", [...apt, "update"]);
    await run("env", [...apt, "install", "-y", "--no-install-recommends", "redis-server"]);
    if (existsSync("/run/systemd/system")) await run("systemctl", ["disable", "--now", "redis-server"]); // systemd knows no runlevel
  } catch (error) {
    throw new AppError("misconfigured", `${manual}\n(apt-get was tried: ${AppError.from(error).message.trim()})`, { cause: error });
  }
}
