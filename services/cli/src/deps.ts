import type { Lifecycle, Logger } from "@flow-rag/kernel";
import { acquireLocalServices } from "@flow-rag/local";
import { fileURLToPath } from "node:url";
import type { Terminal } from "./adapters/terminal.js";
import type { Config } from "./config.js";

/** What every command is given. `env` is the environment for child processes; `signal` aborts on Ctrl-C. */
export type CommandContext = {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
  readonly lifecycle: Lifecycle;
  readonly log: Logger;
  readonly signal: AbortSignal;
};
export type Addresses = {
  readonly redisUrl: string;
  /** Of the default source. */
  readonly mongoUri: string;
  /** Of the source that the command is about. */
  readonly sourceUri: string;
  readonly stateUri: string;
  readonly chromaUrl: string;
};
type LocalName = "redis" | "mongo" | "chroma";

const defaultDir = fileURLToPath(new URL("../../../.flow-rag", import.meta.url));

/**
 * Addresses of what the command needs: the given ones, else services started here and stopped with the last command that uses them.
 * `announced`: what there is to know about them is told.
 */
export async function openAddresses(
  { config, lifecycle, terminal }: CommandContext,
  needs: readonly LocalName[],
  { announced = false }: { announced?: boolean } = {},
): Promise<Addresses> {
  const given = { redis: config.queue.url, mongo: config.sources[0].uri, chroma: config.index.url };
  const missing = needs.filter((name) => given[name] === undefined);
  const local =
    missing.length > 0
      ? await acquireLocalServices({
          dir: config.local.dir ?? defaultDir,
          log: terminal.createLog(announced ? "info" : "warn"),
          services: missing,
        })
      : undefined;
  if (local) lifecycle.own("local services", local, (services) => services.release());
  const mongoUri = given.mongo ?? local?.mongoUri ?? "";
  return {
    redisUrl: given.redis ?? local?.redisUrl ?? "",
    mongoUri,
    sourceUri: config.source.uri ?? mongoUri,
    stateUri: config.state.uri ?? mongoUri,
    chromaUrl: given.chroma ?? local?.chromaUrl ?? "",
  };
}

/** The environment of a child process that shall use these addresses, wherever they came from. */
export function envWith(env: NodeJS.ProcessEnv, { redisUrl, mongoUri, stateUri, chromaUrl }: Addresses): NodeJS.ProcessEnv {
  const addresses = { REDIS_URL: redisUrl, MONGO_URI: mongoUri, STATE_MONGO_URI: stateUri, CHROMA_URL: chromaUrl };
  const files = Object.fromEntries(Object.keys(addresses).map((name) => [`${name}_FILE`, undefined])); // one way to set a variable
  return { ...env, ...files, ...addresses };
}
