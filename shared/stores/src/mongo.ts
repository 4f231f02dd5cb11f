import { answered, AppError } from "@flow-rag/kernel";
import { MongoClient, type Db } from "mongodb";
import { setMaxListeners } from "node:events";
import { toStoreError } from "./mongo-errors.js";
import { watchHeartbeat } from "./mongo-heartbeat.js";

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
  const endWatch = watchHeartbeat(client);
  const connection: MongoConnection = {
    db: (name) => client.db(name),
    close: async () => {
      endWatch();
      await client.close();
    },
  };
  if (lazily) return connection;
  await client.connect().catch(async (cause: unknown) => {
    await connection.close();
    throw toStartError(cause, variable);
  });
  return connection;
}

/** A wrong login is told as one: it would not get better by starting the server. */
function toStartError(cause: unknown, variable: string): AppError {
  try {
    return toStoreError(cause);
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (error.kind === "misconfigured") return new AppError("misconfigured", `${error.message} (${variable})`, { cause });
    return new AppError("upstream_unavailable", `MongoDB does not answer: check ${variable} and that the server runs`, { cause });
  }
}

/** Reads take the signal; the driver's writes do not, so they are bounded by the socket's time-out. */
export function readOptions(signal: AbortSignal): { signal: AbortSignal; maxTimeMS: number } {
  setMaxListeners(0, signal); // each read under way listens to it, and one question makes a dozen
  return { signal, maxTimeMS: 30_000 };
}

const soonMs = 3_000;
export const mongoLate = "MongoDB does not answer in time";

/** A write that somebody waits for: the driver's own are bounded by the socket's time-out alone. It may still go through. */
export const soon = <T>(work: Promise<T>): Promise<T> => answered(soonMs, mongoLate, () => work.catch(toStoreError));
