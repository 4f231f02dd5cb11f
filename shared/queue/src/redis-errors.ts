import { AppError, type ErrorKind } from "@flow-rag/kernel";

/**
 * What a failed command says of Redis. `lasting`: asking again at once meets the same answer, and Redis answers that very quickly. All of
 * them are healed from outside, so a job that meets one is tried again and never given up for it.
 */
export type RedisTrouble = { readonly name: string; readonly reason: string; readonly lasting: boolean; readonly cost: ErrorKind };

type Row = {
  readonly name: string;
  readonly test: RegExp;
  readonly says: string | ((message: string) => string);
  /** The connection failed, rather than Redis refusing: its client already waits between two attempts. */
  readonly passing?: true;
  readonly cost?: ErrorKind;
};

const quoted = (message: string): string => /['`"]([a-z]{1,30}(?:\|[a-z]{1,30})?)['`"]/i.exec(message)?.[1]?.toUpperCase() ?? "a command";

/**
 * In this order: a script repeats the error of the command it ran, with words of its own before it.
 * Source: redis/src/server.c `createSharedObjects`, acl.c, cluster.c, script.c of Redis 6.2 to 7.4; ioredis 5 for those of the client.
 */
const rows: readonly Row[] = [
  {
    name: "cluster",
    test: /\b(?:CROSSSLOT|MOVED|ASK|TRYAGAIN|CLUSTERDOWN)\b|non local key in a cluster node/,
    says: "Redis is a node of a cluster, which the queues cannot use: REDIS_URL must be one server",
  },
  {
    name: "replica",
    test: /\b(?:READONLY|MASTERDOWN|UNBLOCKED)\b/,
    says: "Redis is a replica: it takes no writes until it is the master again, or REDIS_URL names the master",
  },
  {
    name: "rights",
    test: /\bNOPERM\b|can't run this command or subcommand|can't access at least one of the keys|ACL failure in script/i,
    says: (message) =>
      /keys?\b/i.test(message) && !/command/i.test(message)
        ? "the Redis user may not touch the queues' keys: grant ~<QUEUE_PREFIX>:*"
        : `the Redis user may not run ${quoted(message)}: grant it, or +@all on the queues' keys`,
  },
  {
    name: "login",
    test: /\b(?:NOAUTH|WRONGPASS)\b|invalid password|AUTH .*called without/i,
    says: "Redis refuses the login: check REDIS_URL",
  },
  { name: "full", test: /\bOOM\b/, says: "Redis is full: raise its maxmemory, or take jobs away" },
  { name: "disk", test: /\bMISCONF\b/, says: "Redis cannot save to its disk and takes no writes: look at its disk and log" },
  { name: "loading", test: /\bLOADING\b/, says: "Redis is still loading its data" },
  { name: "busy", test: /\bBUSY\b/, says: "Redis is held up by a script that does not end" },
  { name: "replicas missing", test: /\bNOREPLICAS\b/, says: "Redis has too few replicas to take writes (min-replicas-to-write)" },
  { name: "clients", test: /max number of clients/, says: "Redis has no connection left (maxclients)" },
  {
    name: "command",
    test: /unknown (?:redis )?(?:sub)?command|command .{0,60}disabled/i,
    says: (message) => `Redis does not know ${quoted(message)}: it is disabled there, or this is no Redis that queues can use`,
  },
  { name: "no redis", test: /Protocol error|ParserError/i, says: "what answers at REDIS_URL does not speak as Redis does" },
  { name: "name", test: /\b(?:ENOTFOUND|EAI_AGAIN|EAI_FAIL)\b/, says: "the name in REDIS_URL is not known", passing: true },
  {
    name: "late",
    test: /Command timed out|Socket timeout|TimeoutError|the time for it is over/,
    says: "Redis does not answer in time",
    passing: true,
  },
  {
    name: "away",
    test: /Connection is closed|ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|isn't writeable|MaxRetriesPerRequest|not connected/,
    says: "Redis does not answer",
    passing: true,
  },
];

/** Which of the known troubles it is; any other error is Redis refusing what we ask, and lasts as well. */
export function readRedisTrouble(thrown: unknown): RedisTrouble {
  const {
    name = "",
    message = "",
    code = "",
  } = (typeof thrown === "object" && thrown !== null ? thrown : {}) as {
    name?: string;
    message?: string;
    code?: unknown;
  };
  const text = `${name} ${String(code)} ${message}`.slice(0, 2_000);
  const row = rows.find(({ test }) => test.test(text));
  if (!row) return { name: "refused", reason: "Redis refused a command of the queues", lasting: true, cost: "unexpected" };
  const reason = typeof row.says === "string" ? row.says : row.says(message);
  return { name: row.name, reason, lasting: row.passing !== true, cost: row.cost ?? "upstream_unavailable" };
}

/** A client's error becomes a kind; what already has one keeps it. */
export function toRedisError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const { reason, cost } = readRedisTrouble(thrown);
  return new AppError(cost, reason, { cause: thrown });
}
