import { AppError, type Logger } from "@flow-rag/kernel";
import type { RequestHandler, Response } from "express";
import { ipKeyGenerator, MemoryStore, rateLimit, type ClientRateLimitInfo, type Options, type Store } from "express-rate-limit";
import { RedisStore, type RedisReply } from "rate-limit-redis";
import { stateOf } from "./request-state.js";
import type { LimitClass } from "./route.js";

export type RateLimitOptions = {
  /** Requests a minute for each caller; 0 is no limit. */
  readonly perMinute: Readonly<Record<Exclude<LimitClass, "probes">, number>>;
  /** Runs one Redis command; rejects soon while Redis is away or hung. */
  readonly redis: (args: readonly string[]) => Promise<unknown>;
  readonly prefix: string;
  readonly log: Logger;
};
const windowMs = 60_000;
const unlimited: RequestHandler = (_req, _res, next) => next();

/** One limiter a class: by key, or by address for callers without one. */
export function createRateLimits({ perMinute, redis, prefix, log }: RateLimitOptions): Readonly<Record<LimitClass, RequestHandler>> {
  const limiter = (limitClass: Exclude<LimitClass, "probes">): RequestHandler => {
    const limit = perMinute[limitClass];
    if (limit === 0) return unlimited;
    return rateLimit({
      windowMs,
      limit,
      standardHeaders: "draft-7",
      legacyHeaders: false,
      keyGenerator: (req, res) => callerKey(res, req.ip),
      store: createStore({ redis, prefix: `${prefix}:limits:${limitClass}:`, log }),
      // TRUST_PROXY decides: a header nobody asked for is ignored. The key is made by callerKey, which the check cannot see.
      validate: { xForwardedForHeader: false, forwardedHeader: false, keyGeneratorIpFallback: false },
      handler: (req) => {
        const reset = (req as { rateLimit?: { resetTime?: Date } }).rateLimit?.resetTime?.getTime() ?? Date.now() + windowMs;
        throw new AppError("rate_limited", `more than ${limit} requests a minute`, { retryAfterMs: Math.max(1_000, reset - Date.now()) });
      },
    });
  };
  return { questions: limiter("questions"), reads: limiter("reads"), jobs: limiter("jobs"), logins: limiter("logins"), probes: unlimited };
}

function callerKey(res: Response, ip: string | undefined): string {
  const { caller } = stateOf(res);
  return caller.by === "key" || caller.by === "session" ? `key:${caller.keyId}` : `ip:${ipKeyGenerator(ip ?? "unknown")}`;
}

/** Counts in Redis, so that all replicas count together; while Redis is away each counts for itself. */
function createStore({ redis, prefix, log }: Pick<RateLimitOptions, "redis" | "prefix" | "log">): Store {
  const memory = new MemoryStore();
  const shared = new RedisStore({ sendCommand: (...args) => redis(args) as Promise<RedisReply>, prefix });
  let away = false;
  let started: Promise<void> | undefined;
  let settings: Options;
  const start = async (): Promise<void> => {
    started ??= shared.init(settings).catch((error: unknown) => {
      started = undefined;
      throw error;
    });
    await started;
  };
  const or = async <T>(work: () => Promise<T>, fallback: () => Promise<T>): Promise<T> => {
    try {
      await start();
      const result = await work();
      away = false;
      return result;
    } catch (error) {
      if (!away) log.warn({ reason: AppError.from(error).message }, "rate limits are counted in this process");
      away = true;
      return await fallback();
    }
  };
  return {
    localKeys: false,
    prefix,
    init: (options) => {
      settings = options;
      memory.init(options);
    },
    increment: (key): Promise<ClientRateLimitInfo> =>
      or(
        () => shared.increment(key),
        () => memory.increment(key),
      ),
    decrement: (key) =>
      or(
        () => shared.decrement(key),
        () => memory.decrement(key),
      ),
    resetKey: (key) =>
      or(
        () => shared.resetKey(key),
        () => memory.resetKey(key),
      ),
    shutdown: () => memory.shutdown(),
  };
}
