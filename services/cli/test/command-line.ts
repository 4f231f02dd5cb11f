import type { Harness } from "@flow-rag/testing";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../bin/flow-rag.mjs", import.meta.url));
const loader = new URL("../../../deploy/local/bin/source.mjs", import.meta.url).href;

const running = new Set<ChildProcess>();
const own = (child: ChildProcess): ChildProcess => {
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
};

/** Ends whatever a test that failed left behind; it would keep the test runner waiting for ever. */
export function killRunning(): void {
  for (const child of running) child.kill("SIGKILL");
}

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** 29 February. */
const seldom = "0 0 29 2 *";

/** The environment that keeps a command and its services inside one test's world. */
export const environmentOf = (world: Harness): NodeJS.ProcessEnv => ({
  PATH: process.env["PATH"],
  REDIS_URL: world.redisUrl,
  MONGO_URI: world.mongoUri,
  CHROMA_URL: world.chromaUrl,
  MONGO_DB: world.sourceDb,
  STATE_DB: world.stateDb,
  INDEX_PREFIX: world.indexPrefix,
  QUEUE_PREFIX: world.queuePrefix,
  EMBEDDER: "lexical",
  QUEUE_LOCK: "20s",
  PULL_CRON: seldom, // a test that runs across a full five minutes would meet a pull of nobody's making
  RECONCILE_CRON: seldom,
});

/** Starts one command of flow-rag, from a folder that is not the project's. */
export const startFlowRag = (args: readonly string[], env: NodeJS.ProcessEnv, { cwd }: { cwd: string }): ChildProcess =>
  own(spawn(process.execPath, [bin, ...args], { env, cwd, stdio: ["ignore", "pipe", "pipe"] }));

/** Runs it to its end. */
export const flowRag = (args: readonly string[], env: NodeJS.ProcessEnv, from: { cwd: string }): Promise<Ended> =>
  endOf(startFlowRag(args, env, from));

/** Runs it to its end with something to read. */
export function flowRagReading(input: string, args: readonly string[], env: NodeJS.ProcessEnv, { cwd }: { cwd: string }): Promise<Ended> {
  const child = own(spawn(process.execPath, [bin, ...args], { env, cwd, stdio: ["pipe", "pipe", "pipe"] }));
  child.stdin?.end(input);
  return endOf(child);
}

/** Starts a service as a process of its own and resolves once it is ready. `heard` is given all that it says. */
export async function startServiceOf(
  name: "producer" | "worker" | "reporter" | "api",
  env: NodeJS.ProcessEnv,
  heard?: (said: string) => void,
): Promise<ChildProcess> {
  const main = fileURLToPath(new URL(`../../${name}/src/main.ts`, import.meta.url));
  const child = own(
    spawn(process.execPath, ["--import", loader, main], {
      env: { LOG_LEVEL: "warn", ...env },
      stdio: ["ignore", heard ? "pipe" : "ignore", heard ? "pipe" : "inherit", "ipc"],
    }),
  );
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (said: string) => heard?.(said));
  await Promise.race([
    once(child, "message"),
    once(child, "exit").then(() => {
      throw new Error(`the ${name} did not start`);
    }),
  ]);
  return child;
}

async function endOf(child: ChildProcess): Promise<Ended> {
  const out = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) child[stream]?.on("data", (chunk: Buffer) => (out[stream] += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...out };
}
