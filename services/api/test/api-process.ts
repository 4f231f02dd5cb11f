import { freePort } from "@flow-rag/kernel";
import type { Harness } from "@flow-rag/testing";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const loader = new URL("../../../deploy/local/bin/source.mjs", import.meta.url).href;
const program = fileURLToPath(new URL("../src/main.ts", import.meta.url));

export type ApiProcess = {
  readonly port: number;
  /** As an orchestrator ends it. Resolves to the exit code. */
  stop(): Promise<number | null>;
  start(): Promise<void>;
  /** The last it said. */
  words(): string;
};
const started = new Set<ChildProcess>();

/** The API as a process of its own, on the world's stores and one port for all its lives. */
export async function startApiProcess(world: Harness, env: NodeJS.ProcessEnv): Promise<ApiProcess> {
  const port = await freePort();
  const { NODE_OPTIONS: _ours, ...inherited } = process.env;
  const all = {
    ...inherited,
    MONGO_URI: world.mongoUri,
    REDIS_URL: world.redisUrl,
    CHROMA_URL: world.chromaUrl,
    STATE_DB: world.stateDb,
    MONGO_DB: world.sourceDb,
    QUEUE_PREFIX: world.queuePrefix,
    EMBEDDER: "lexical",
    LOG_LEVEL: "warn",
    API_PORT: String(port),
    ...env,
  };
  let child: ChildProcess;
  let said = "";
  const start = async (): Promise<void> => {
    child = spawn(process.execPath, ["--import", loader, program], { env: all, stdio: ["ignore", "pipe", "pipe", "ipc"] });
    started.add(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (chunk: string) => (said = (said + chunk).slice(-4_000)));
    }
    const ended = once(child, "exit").then(() => {
      throw new Error(`the API did not start: ${said}`);
    });
    await Promise.race([once(child, "message"), ended]);
    ended.catch(() => undefined);
  };
  await start();
  return {
    port,
    start,
    words: () => said,
    async stop() {
      const exit = once(child, "exit") as Promise<[number | null]>;
      child.kill("SIGTERM");
      return (await exit)[0];
    },
  };
}

export function killApiProcesses(): void {
  for (const child of started) child.kill("SIGKILL");
  started.clear();
}
