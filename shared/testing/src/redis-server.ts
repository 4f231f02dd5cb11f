import { freePort } from "@flow-rag/kernel";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitFor } from "./wait-for.js";

/** A redis-server of a test's own, to be broken in ways that others must not notice. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** An inline command, as an administrator types it; the first line of its answer. */
  command(line: string): Promise<string>;
  signal(name: "SIGSTOP" | "SIGCONT" | "SIGKILL"): void;
  /** Ends it, if it still runs, and takes its files away. */
  close(): Promise<void>;
}

/** Another 10,000 above it is a cluster node's bus: redis-server does not start where there is none. */
async function lowPort(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (port <= 55_535) return port;
  }
}

/** `lines`: of its configuration file; `asSentinel` makes it one. Rejects when it does not answer. */
export async function startRedisServer({
  lines = [],
  asSentinel = false,
  port,
}: { lines?: readonly string[]; asSentinel?: boolean; port?: number } = {}): Promise<RedisServer> {
  const own = port ?? (await lowPort());
  const dir = await mkdtemp(join(tmpdir(), "flow-rag-redis-"));
  const file = join(dir, "redis.conf");
  const usual = asSentinel ? [] : ['save ""', "appendonly no", "maxmemory-policy noeviction"];
  await writeFile(file, [`port ${own}`, "bind 127.0.0.1", `dir ${dir}`, ...usual, ...lines, ""].join("\n"));
  const server = spawn("redis-server", [file, ...(asSentinel ? ["--sentinel"] : [])], { stdio: "ignore" });
  const command = async (line: string): Promise<string> => {
    const socket = connect({ host: "127.0.0.1", port: own });
    socket.setTimeout(2_000, () => socket.destroy(new Error("no answer")));
    try {
      await once(socket, "connect");
      socket.write(`${line}\r\n`);
      const [answer] = (await once(socket, "data")) as [Buffer];
      return answer.toString("latin1").split("\r\n", 1)[0] ?? "";
    } finally {
      socket.on("error", () => {}).destroy();
    }
  };
  await waitFor(async () => ((await command("PING").catch(() => "")) === "" ? undefined : true), "redis-server");
  return {
    port: own,
    url: `redis://127.0.0.1:${own}`,
    command,
    signal: (name) => void server.kill(name),
    async close() {
      server.kill("SIGCONT");
      if (server.exitCode === null && server.signalCode === null) {
        const ended = once(server, "exit");
        server.kill("SIGKILL");
        await ended;
      }
      await rm(dir, { recursive: true, force: true });
    },
  };
}
