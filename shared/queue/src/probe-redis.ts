import type { Redis } from "ioredis";
import { createHash } from "node:crypto";
import { toRedisError } from "./redis-errors.js";

const keptForMs = 60_000;

/** Writes two keys of the queues at once, as each of their scripts does: a PING is answered by a server that takes no job. */
const writeTwo = `
redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[2])
redis.call("HSET", KEYS[2], "at", ARGV[1])
redis.call("PEXPIRE", KEYS[2], ARGV[2])
return redis.call("GET", KEYS[1])`;

/**
 * Whether two keys of the queues can be written.
 * @throws AppError that says why not.
 */
export async function probeRedis(redis: Redis, prefix: string): Promise<void> {
  if (redis.status !== "ready") throw toRedisError(new Error("not connected"));
  try {
    await run(redis, writeTwo, [`${prefix}:probe:a`, `${prefix}:probe:b`], [String(Date.now()), String(keptForMs)]);
  } catch (thrown) {
    throw toRedisError(thrown);
  }
}

/** By its digest, and in full only where that is not known: as the queues' own scripts are run. */
async function run(redis: Redis, script: string, keys: readonly string[], values: readonly string[]): Promise<unknown> {
  const digest = createHash("sha1").update(script).digest("hex");
  return await redis.evalsha(digest, keys.length, ...keys, ...values).catch(async (error: Error) => {
    if (!error.message.startsWith("NOSCRIPT")) throw error;
    return await redis.eval(script, keys.length, ...keys, ...values);
  });
}

/**
 * Whether jobs can be added and taken, with every command that it needs.
 * @throws AppError that says why not.
 */
export async function probeQueueCommands(redis: Redis, prefix: string): Promise<void> {
  await probeRedis(redis, prefix);
  try {
    const [first] = await listRefusedCommands(redis, prefix);
    if (first) throw new Error(`${first.error.message} '${first.command}'`);
  } catch (thrown) {
    throw toRedisError(thrown);
  }
}

/**
 * Every command that the queues use, on keys of its own, in one script: what the user's rights or the server's settings forbid is told by
 * name before the first job, instead of by the first job that needs it. Each is harmless on a key that is not there.
 * Source: the scripts of BullMQ 6.7 (bullmq/dist/esm/scripts).
 */
const tryAll = `
local key, other, denied = KEYS[1], KEYS[2], {}
local tried = {
  {"HSET", key, "f", "1"}, {"HMSET", key, "f", "1"}, {"HGET", key, "f"}, {"HMGET", key, "f"}, {"HGETALL", key}, {"HEXISTS", key, "f"},
  {"HLEN", key}, {"HINCRBY", key, "f", "1"}, {"HDEL", key, "f"}, {"DEL", key},
  {"ZADD", key, "1", "m"}, {"ZCARD", key}, {"ZCOUNT", key, "0", "1"}, {"ZRANGE", key, "0", "0"}, {"ZRANGEBYSCORE", key, "0", "1"},
  {"ZREVRANGE", key, "0", "0"}, {"ZREVRANGEBYSCORE", key, "1", "0"}, {"ZSCORE", key, "m"}, {"ZPOPMIN", key}, {"ZREM", key, "m"},
  {"ZREMRANGEBYSCORE", key, "0", "1"}, {"ZREMRANGEBYRANK", key, "0", "1"}, {"DEL", key},
  {"LPUSH", key, "v"}, {"RPUSH", key, "v"}, {"LLEN", key}, {"LINDEX", key, "0"}, {"LRANGE", key, "0", "0"}, {"LPOS", key, "v"},
  {"RPOPLPUSH", key, key}, {"LTRIM", key, "0", "0"}, {"LREM", key, "0", "v"}, {"RPOP", key}, {"LPOP", key}, {"DEL", key},
  {"SADD", key, "m"}, {"SCARD", key}, {"SISMEMBER", key, "m"}, {"SMEMBERS", key}, {"SREM", key, "m"}, {"UNLINK", key},
  {"XADD", key, "*", "f", "v"}, {"XLEN", key}, {"XRANGE", key, "-", "+", "COUNT", "1"}, {"XTRIM", key, "MAXLEN", "0"}, {"DEL", key},
  {"INCR", key}, {"INCRBY", key, "1"}, {"GET", key}, {"SET", key, "1"}, {"PEXPIRE", key, "1000"}, {"PTTL", key}, {"TYPE", key},
  {"RENAME", key, other}, {"EXISTS", other}, {"DEL", other}, {"TIME"},
}
for _, command in ipairs(tried) do
  local reply = redis.pcall(unpack(command))
  if type(reply) == "table" and reply["err"] then table.insert(denied, command[1] .. " " .. reply["err"]) end
end
return denied`;

/**
 * The commands that are refused, with the server's words; none when all is well. Blocking for a job is tried as well: it is no part of a script.
 * @throws whatever Redis throws when the script itself is refused.
 */
export async function listRefusedCommands(redis: Redis, prefix: string): Promise<{ command: string; error: Error }[]> {
  const key = `${prefix}:probe:rights`;
  const refused = (await run(redis, tryAll, [key, `${key}:2`], [])) as string[];
  const blocking = await redis.bzpopmin(key, 0.01).then(
    () => [],
    (error: Error) => [{ command: "BZPOPMIN", error }],
  );
  const named = refused.map((text) => {
    const [command = ""] = text.split(" ", 1);
    return { command, error: new Error(text.slice(command.length + 1)) };
  });
  return [...new Map([...named, ...blocking].map((one) => [one.command, one])).values()];
}
