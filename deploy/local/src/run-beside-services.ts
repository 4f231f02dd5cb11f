import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError, createLogger } from "@flow-rag/kernel";
import { acquireLocalServices } from "./acquire.js";
import type { ServiceName } from "./service.js";

const variables = { redis: "TEST_REDIS_URL", mongo: "TEST_MONGO_URI", chroma: "TEST_CHROMA_URL" } as const;
const sharedTools = fileURLToPath(new URL("../../../.flow-rag/tools", import.meta.url));
const usage = "usage: flow-rag-local [--dir DIR] -- <command …>";

/**
 * Runs a command with the addresses of local services in its environment and gives its exit code (128 + signal number when a
 * signal ended it). Data goes to a temporary folder that is deleted afterwards, unless --dir names one.
 */
export async function runBesideServices(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { dir, command } = readArguments(argv);
  if (!command[0]) {
    console.error(usage);
    return 2;
  }
  const home = dir ?? (await mkdtemp(join(tmpdir(), "flow-rag-local-")));
  try {
    return await runIn(home, command, env);
  } catch (error) {
    console.error(AppError.from(error).message);
    return 1;
  } finally {
    if (dir === undefined) await rm(home, { recursive: true, force: true });
  }
}

function readArguments(argv: readonly string[]): { dir?: string; command: readonly string[] } {
  const separator = argv.indexOf("--");
  const options = separator < 0 ? [] : argv.slice(0, separator);
  const command = separator < 0 ? [] : argv.slice(separator + 1);
  if (options.length === 0) return { command };
  const [name, dir] = options;
  return name === "--dir" && dir && options.length === 2 ? { dir, command } : { command: [] };
}

async function runIn(dir: string, command: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const names = (Object.keys(variables) as ServiceName[]).filter((name) => !env[variables[name]]);
  const log = createLogger("flow-rag-local", "info");
  // Registered before anything starts: a signal ends the command, and then us in order.
  const signals = forwardSignals();
  const held = names.length === 0 ? undefined : await acquireLocalServices({ dir, log, services: names, toolsDir: sharedTools });
  try {
    if (signals.received()) return 128 + constants.signals[signals.received() ?? "SIGTERM"];
    const addresses = { redis: held?.redisUrl, mongo: held?.mongoUri, chroma: held?.chromaUrl };
    const added = Object.fromEntries(names.map((name) => [variables[name], addresses[name]]));
    const [program = "", ...args] = command;
    const child = spawn(program, args, { stdio: "inherit", env: { ...env, ...added } });
    signals.forwardTo((signal) => child.kill(signal));
    return await new Promise<number>((resolve, reject) => {
      child.on("error", (error) => reject(new AppError("misconfigured", `cannot run ${program}: ${error.message}`, { cause: error })));
      child.on("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? "SIGTERM"]));
    });
  } finally {
    await held?.release();
  }
}

function forwardSignals(): { received(): NodeJS.Signals | undefined; forwardTo(target: (signal: NodeJS.Signals) => void): void } {
  let first: NodeJS.Signals | undefined;
  let target: ((signal: NodeJS.Signals) => void) | undefined;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      first ??= signal;
      // Ctrl+C in a terminal reaches the whole process group: sent again, the command would take it for a second one.
      if (signal !== "SIGINT" || !process.stdin.isTTY) target?.(signal);
    });
  }
  return { received: () => first, forwardTo: (next) => void (target = next) };
}
