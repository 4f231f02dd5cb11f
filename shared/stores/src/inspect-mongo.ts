import type { Db } from "mongodb";
import { randomUUID } from "node:crypto";
import { toStoreError } from "./mongo-errors.js";

export type MongoInspection = {
  readonly clock: Date | null;
  /** Whether the user's rights allow it; null when the server does not say, as without access control. */
  readonly mayWrite: boolean | null;
  /** What the data take on disk, where the server is the embedded one of `deploy/local`. */
  readonly embeddedBytes?: number | undefined;
};

const writes = new Set(["insert", "update", "remove"]);

/** What a server says of itself and of our rights in this database. */
export async function inspectMongo(db: Db, signal: AbortSignal): Promise<MongoInspection> {
  const hello = (await db.command({ hello: 1 }, { signal }).catch(toStoreError)) as {
    localTime?: unknown;
    flowRagEmbedded?: { logBytes?: unknown };
  };
  const status = (await db.command({ connectionStatus: 1, showPrivileges: true }, { signal }).catch(() => ({}))) as {
    authInfo?: { authenticatedUsers?: unknown[]; authenticatedUserPrivileges?: { resource?: { db?: string }; actions?: string[] }[] };
  };
  const { authenticatedUsers: users = [], authenticatedUserPrivileges: privileges = [] } = status.authInfo ?? {};
  const applies = (resource: { db?: string } = {}) => resource.db === "" || resource.db === undefined || resource.db === db.databaseName;
  const mayWrite = privileges.some(({ resource, actions = [] }) => applies(resource) && actions.some((action) => writes.has(action)));
  const bytes = hello.flowRagEmbedded?.logBytes;
  return {
    clock: hello.localTime instanceof Date ? hello.localTime : null,
    mayWrite: users.length > 0 ? mayWrite : null,
    ...(typeof bytes === "number" && { embeddedBytes: bytes }),
  };
}

/** Writes a row, reads it and takes it away again. */
export async function tryWriting(db: Db, signal: AbortSignal): Promise<void> {
  const rows = db.collection<{ _id: string }>("selftest_writes");
  const row = { _id: randomUUID() };
  try {
    await rows.insertOne(row);
    const found = await rows.findOne(row, { signal });
    if (!found) throw new Error("what was written cannot be read");
  } catch (error) {
    toStoreError(error);
  } finally {
    await rows.deleteOne(row).catch(() => undefined);
    if ((await rows.countDocuments({}).catch(() => 1)) === 0) await rows.drop().catch(() => undefined);
  }
}
