import { AppError } from "@flow-rag/kernel";
import { MongoClient, type Db } from "mongodb";
import { setMaxListeners } from "node:events";

export type MongoConnection = { db: (name: string) => Db; close: () => Promise<void> };

/**
 * A connected client; close it with `close()`. With `lazily` it connects when it is used: then each use waits and fails by itself.
 * @throws AppError `upstream_unavailable` when no server can be selected within 10 s.
 */
export async function openMongo(
  uri: string,
  variable: "MONGO_URI" | "STATE_MONGO_URI",
  { lazily = false }: { lazily?: boolean } = {},
): Promise<MongoConnection> {
  const client = new MongoClient(uri, {
    serverSelectionTimeoutMS: 10_000,
    connectTimeoutMS: 10_000,
    socketTimeoutMS: 120_000,
    appName: "flow-rag",
  });
  if (lazily) return { db: (name) => client.db(name), close: () => client.close() };
  await client.connect().catch(async (cause: unknown) => {
    await client.close();
    throw new AppError("upstream_unavailable", `MongoDB does not answer: check ${variable} and that the server runs`, { cause });
  });
  return { db: (name) => client.db(name), close: () => client.close() };
}

/** Reads take the signal; the driver's writes do not, so they are bounded by the socket's time-out. */
export function readOptions(signal: AbortSignal): { signal: AbortSignal; maxTimeMS: number } {
  setMaxListeners(0, signal); // each read under way listens to it, and one question makes a dozen
  return { signal, maxTimeMS: 30_000 };
}

/** A driver's error becomes a kind: all of them may pass by waiting, but for a command the server understood and refused. */
export function toStoreError(cause: unknown): never {
  if (cause instanceof AppError) throw cause;
  const { name, message, code } = (typeof cause === "object" && cause !== null ? cause : {}) as Partial<Error & { code: number }>;
  if (name === "AbortError" || name === "TimeoutError") throw cause;
  if (code === 13 || code === 18) throw new AppError("misconfigured", "MongoDB refused: the user lacks the right", { cause });
  if (name === "MongoServerError") throw new AppError("unexpected", `MongoDB refused: ${message ?? "unknown reason"}`, { cause });
  throw new AppError("upstream_unavailable", "MongoDB did not answer", { cause });
}
