import { recordsEmbed, type RecordsEmbedResult } from "@flow-rag/contracts";
import { Lifecycle } from "@flow-rag/kernel";
import { startRedisServer, waitFor, type RedisServer } from "@flow-rag/testing";
import { Redis } from "ioredis";
import { pino } from "pino";
import { closeRedis, createProducer, createQueueReader, openRedis, startConsumer, watchConsumer } from "../src/index.js";
import { probeQueueCommands } from "../src/probe-redis.js";

const prefix = "jobs";
const result: RecordsEmbedResult = { indexed: 1, unchanged: 0, removed: 0, setAside: 0 };
const payload = (id: string) => ({ source: "s", records: [{ recordId: id, contentHash: "h" }] });

type Line = { level: number; msg: string; reason?: string };
const servers: RedisServer[] = [];
const lifecycles: Lifecycle[] = [];
const silent = pino({ level: "silent" });

async function serverWith(lines: readonly string[] = [], asSentinel = false): Promise<RedisServer> {
  const server = await startRedisServer({ lines, asSentinel });
  servers.push(server);
  return server;
}
/** A consumer on a server, with all that it logs. */
async function consume(server: RedisServer, url = server.url) {
  const lines: Line[] = [];
  const log = pino({}, { write: (line) => void lines.push(JSON.parse(line) as Line) });
  const lifecycle = new Lifecycle(log, 10_000);
  lifecycles.push(lifecycle);
  const redis = lifecycle.own("redis", await openRedis({ url, whenDown: "wait", log, prefix }), closeRedis);
  const reader = lifecycle.own("reader", createQueueReader({ redis, prefix, log }), (resource) => resource.close());
  const taken: string[] = [];
  const handle = async ({ records }: { records: readonly { recordId: string }[] }) => {
    taken.push(records[0]?.recordId ?? "");
    return result;
  };
  const consumer = startConsumer(recordsEmbed, handle, { redis, prefix, concurrency: 2, lockMs: 5_000, log });
  lifecycle.own("consumer", consumer, (resource) => resource.close());
  await consumer.ready();
  const health = () => watchConsumer(consumer, reader, { graceMs: 60_000 })(AbortSignal.timeout(3_000));
  const waitForHealth = (status: string) =>
    waitFor(async () => ((await health()).status === status ? await health() : undefined), `health ${status}`, 15_000);
  return { lines, redis, taken, waitForHealth };
}
/** Adds a job past everything that is broken. */
async function add(server: RedisServer, id: string): Promise<void> {
  const redis = await openRedis({ url: server.url, whenDown: "fail", log: silent });
  const producer = createProducer({ redis, prefix, log: silent });
  await producer.send(recordsEmbed, payload(id)).finally(async () => {
    await producer.close();
    await closeRedis(redis);
  });
}
afterEach(async () => {
  for (const lifecycle of lifecycles.splice(0)) expect(await lifecycle.close()).toBe(true);
  for (const server of servers.splice(0)) await server.close();
});

const jobsUser = "user jobs on >pw ~jobs:* &* +@all";
type Break = { lines?: readonly string[]; login?: string; on: string; off: string; reason: RegExp };
const breaks: readonly (readonly [string, Break])[] = [
  ["is full", { on: "CONFIG SET maxmemory 1", off: "CONFIG SET maxmemory 0", reason: /is full/ }],
  ["became a replica", { on: "REPLICAOF 127.0.0.1 1", off: "REPLICAOF NO ONE", reason: /is a replica/ }],
  [
    "no longer grants a command",
    {
      lines: [jobsUser],
      login: "jobs:pw@",
      on: "ACL SETUSER jobs -bzpopmin -zadd",
      off: "ACL SETUSER jobs +bzpopmin +zadd",
      reason: /may not run (?:BZPOPMIN|ZADD|a command)/, // of a command inside a script Redis tells no name
    },
  ],
  [
    "no longer grants the keys",
    {
      lines: [jobsUser],
      login: "jobs:pw@",
      on: "ACL SETUSER jobs resetkeys ~x:*",
      off: "ACL SETUSER jobs resetkeys ~jobs:*",
      reason: /keys/,
    },
  ],
  [
    "wants enough replicas",
    { on: "CONFIG SET min-replicas-to-write 1", off: "CONFIG SET min-replicas-to-write 0", reason: /too few replicas/ },
  ],
];

test.each(breaks)("consumer, Redis %s for a while, holds with the reason, says little and goes on by itself", async (_how, broken) => {
  const server = await serverWith(broken.lines);
  const { lines, redis, taken, waitForHealth } = await consume(server, server.url.replace("://", `://${broken.login ?? ""}`));
  await add(server, "before");
  await waitFor(async () => (taken.includes("before") ? true : undefined), "the first job");
  await server.command(broken.on);
  const health = await waitForHealth("waiting");
  expect(health.reason).toMatch(broken.reason);
  await expect(probeQueueCommands(redis, prefix)).rejects.toMatchObject({ kind: "upstream_unavailable" });
  // A client that asks again without a pause asks thousands of times while this one counts to a hundred.
  const witness = new Redis(server.url);
  const asked = async () => Number(/total_commands_processed:(\d+)/.exec(await witness.info("stats"))?.[1]);
  const before = await asked();
  for (let round = 0; round < 100; round += 1) await witness.ping();
  expect((await asked()) - before).toBeLessThan(200);
  witness.disconnect();
  await server.command(broken.off);
  await waitForHealth("ok");
  await add(server, "after");
  await waitFor(async () => (taken.includes("after") ? true : undefined), "the job after it", 15_000);
  const told = lines.filter(({ level }) => level >= 40);
  expect(new Set(told.map(({ reason }) => reason)).size).toBe(told.length); // a line a kind
  expect(told.length).toBeLessThanOrEqual(4);
});

test.each([
  ["a Sentinel", [], true, "", "misconfigured", /names a Sentinel/],
  ["a node of a cluster", ["cluster-enabled yes"], false, "", "misconfigured", /node of a cluster/],
  ["a replica", ["replicaof 127.0.0.1 1"], false, "", "upstream_unavailable", /is a replica/],
  ["without a command", ["rename-command EVALSHA gone", "rename-command EVAL gone2"], false, "", "misconfigured", /does not know EVAL/],
  ["a user without streams", [`${jobsUser} -xadd -bzpopmin`], false, "jobs:pw@", "misconfigured", /need: XADD BZPOPMIN/],
  ["a user of other keys", ["user jobs on >pw ~other:* &* +@all"], false, "jobs:pw@", "misconfigured", /keys/],
  ["a wrong password", ["user jobs on >other ~* &* +@all"], false, "jobs:pw@", "misconfigured", /refuses the login/],
] as const)("openRedis, %s, refuses and says what to change", async (_what, lines, asSentinel, login, kind, message) => {
  const server = await serverWith(lines, asSentinel);
  const opening = openRedis({ url: server.url.replace("://", `://${login}`), whenDown: "wait", log: silent, prefix });
  await expect(opening).rejects.toMatchObject({ kind, message: expect.stringMatching(message) as string });
});

test("openRedis, a full server that evicts, is opened and both are named", async () => {
  const server = await serverWith(["maxmemory 1", "maxmemory-policy volatile-lru"]);
  const said: Line[] = [];
  const log = pino({}, { write: (line) => void said.push(JSON.parse(line) as Line) });
  const redis = await openRedis({ url: server.url, whenDown: "wait", log, prefix });
  expect(said.map(({ msg }) => msg)).toEqual([expect.stringContaining("takes no jobs"), expect.stringContaining("may evict")]);
  await closeRedis(redis);
});

test("openRedis, a hung server, gives up", async () => {
  const server = await serverWith();
  server.signal("SIGSTOP");
  const opening = openRedis({ url: server.url, whenDown: "wait", log: silent, prefix, startWithinMs: 200 });
  await expect(opening).rejects.toMatchObject({ kind: "upstream_unavailable" });
  server.signal("SIGCONT");
});
