import { AppError, type Logger } from "@flow-rag/kernel";
import type { Redis } from "ioredis";
import { listRefusedCommands, probeRedis } from "./probe-redis.js";
import { readRedisTrouble } from "./redis-errors.js";

const field = (info: string, name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1];

/**
 * Refuses a server that can never hold the queues, before the first job: a Sentinel, a node of a cluster, a replica, a user without the
 * rights. What only passes (a full or loading server) is told, and waited for. A queue whose keys may be evicted loses jobs in silence: named.
 * @throws AppError `misconfigured` with what to change; `upstream_unavailable` for a replica, which may become the master again.
 */
export async function admitRedis(redis: Redis, { prefix, log }: { prefix: string; log: Logger }): Promise<void> {
  const info = await redis.info().catch(() => ""); // may be forbidden: the writes below tell enough
  if (field(info, "redis_mode") === "sentinel")
    throw new AppError("misconfigured", "REDIS_URL names a Sentinel: name the master that it watches, or a proxy in front of it");
  if (field(info, "cluster_enabled") === "1") throw new AppError("misconfigured", readRedisTrouble(new Error("CROSSSLOT")).reason);
  if (field(info, "role") === "slave")
    throw new AppError("upstream_unavailable", `${readRedisTrouble(new Error("READONLY")).reason} (master_host in its INFO says which)`);
  await nameRights(redis, prefix, log);
  await nameEviction(redis, info, log);
}

async function nameRights(redis: Redis, prefix: string, log: Logger): Promise<void> {
  try {
    await probeRedis(redis, prefix);
    const refused = await listRefusedCommands(redis, prefix);
    const missing = refused.filter(({ error }) => ["rights", "command"].includes(readRedisTrouble(error).name));
    if (missing.length === 0) return;
    const commands = missing.map(({ command }) => command).join(" ");
    throw new AppError("misconfigured", `Redis refuses commands that the queues need: ${commands}: grant them to the user of REDIS_URL`);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.kind === "misconfigured") throw thrown;
    const cause = thrown instanceof AppError ? (thrown.cause ?? thrown) : thrown;
    const { name, reason } = readRedisTrouble(cause);
    if (["cluster", "rights", "command", "no redis"].includes(name)) throw new AppError("misconfigured", reason, { cause });
    log.warn({ reason }, "redis takes no jobs now"); // it may pass: readiness says so until it does
  }
}

/** Managed services often forbid CONFIG; INFO says the same. */
async function nameEviction(redis: Redis, info: string, log: Logger): Promise<void> {
  const reply = await redis.config("GET", "maxmemory-policy").catch(() => undefined);
  const policy = Array.isArray(reply) && reply.length > 1 ? String(reply[1]) : field(info, "maxmemory_policy");
  if (policy !== undefined && policy !== "noeviction") log.warn({ policy }, "redis may evict jobs: set maxmemory-policy to noeviction");
}
