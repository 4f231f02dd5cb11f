import { AppError, untilAborted } from "@flow-rag/kernel";
import type { Redis } from "ioredis";

/** Undefined where the server does not say, as managed ones often do not. `clock`: its own time. */
export type RedisInspection = {
  readonly version: string | undefined;
  readonly policy: string | undefined;
  readonly appendOnly: boolean | undefined;
  readonly appendOnlyWorks: boolean | undefined;
  readonly snapshots: boolean | undefined;
  readonly clock: Date;
};

/** What decides whether a queue may be entrusted to this Redis. */
export async function inspectRedis(redis: Redis, signal: AbortSignal): Promise<RedisInspection> {
  if (redis.status !== "ready") throw new AppError("upstream_unavailable", "Redis does not answer");
  const setting = async (name: string): Promise<string | undefined> => {
    const reply = await redis.config("GET", name).catch(() => undefined);
    return Array.isArray(reply) && reply.length > 1 ? String(reply[1]) : undefined;
  };
  return await untilAborted(
    signal,
    (async () => {
      const [[seconds = 0, micros = 0], info, policy, save] = await Promise.all([
        redis.time(),
        redis.info(),
        setting("maxmemory-policy"),
        setting("save"),
      ]);
      const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1];
      const flag = (value: string | undefined, yes: string) => (value === undefined ? undefined : value === yes);
      return {
        version: field("redis_version"),
        policy: policy ?? field("maxmemory_policy"),
        appendOnly: flag(field("aof_enabled"), "1"),
        appendOnlyWorks: flag(field("aof_last_write_status"), "ok"),
        snapshots: save === undefined ? undefined : save !== "",
        clock: new Date(Number(seconds) * 1_000 + Number(micros) / 1_000),
      };
    })(),
  );
}
