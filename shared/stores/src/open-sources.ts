import type { SourceConfig } from "@flow-rag/contracts";
import type { Db } from "mongodb";
import { openMongo, type MongoConnection } from "./mongo.js";

export type OpenedSources = { db: (source: Pick<SourceConfig, "uri" | "db">) => Db; close: () => Promise<void> };

/** Connections to the servers that hold the sources, one a server. Rejects when one of them does not answer. */
export async function openSources(sources: readonly SourceConfig[]): Promise<OpenedSources> {
  const connections = new Map<string, MongoConnection>();
  const close = async () => void (await Promise.all([...connections.values()].map((connection) => connection.close())));
  try {
    for (const { uri } of sources) if (!connections.has(uri)) connections.set(uri, await openMongo(uri, "MONGO_URI"));
  } catch (error) {
    await close();
    throw error;
  }
  return { db: ({ uri, db }) => (connections.get(uri) as MongoConnection).db(db), close };
}
