import { existsSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@flow-rag/kernel";
import { Redis } from "ioredis";
import { acquireLocalServices } from "../src/index.js";
import { isOnPath } from "../src/redis-install.js";
import { isAlive, listens, startHolder, until } from "./processes.js";

jest.setTimeout(60_000);

const log = createLogger("test", "silent");
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "flow-rag-acquire-"));
});
afterEach(async () => {
  await until(() => !existsSync(join(dir, "local.json")));
  await rm(dir, { recursive: true, force: true });
});

const acquire = (...services: ("redis" | "mongo" | "chroma")[]) => acquireLocalServices({ dir, log, services });
const state = async () => JSON.parse(await readFile(join(dir, "local.json"), "utf8")) as { pid: number; port: number };

test("acquire, two holders of one folder, share services and the last one stops them", async () => {
  const mine = await acquire("redis", "mongo");
  const other = await startHolder(dir, "redis,mongo");
  expect(other.urls).toEqual({ redisUrl: mine.redisUrl, mongoUri: mine.mongoUri, chromaUrl: "" });
  expect((await stat(join(dir, "local.json"))).mode & 0o777).toBe(0o600);
  const { pid } = await state();
  await mine.release();
  await mine.release();
  expect([await listens(other.urls.redisUrl), isAlive(pid)]).toEqual([true, true]);
  await other.release();
  expect([await listens(mine.redisUrl), await listens(mine.mongoUri), existsSync(join(dir, "local.json"))]).toEqual([false, false, false]);
});

test("acquire, notices of what was started, are for the caller it was started for", async () => {
  const heard = (lines: string[]) => ({
    dir,
    services: ["mongo"] as const,
    log: createLogger("test", "info", { write: (line) => void lines.push(line) }),
  });
  const [first, later]: [string[], string[]] = [[], []];
  const one = await acquireLocalServices(heard(first));
  const two = await acquireLocalServices(heard(later));
  // A machine with a mongod of its own has nothing to say to either.
  expect(later).toEqual([]);
  expect(first.length).toBe((await isOnPath("mongod")) ? 0 : 1);
  await Promise.all([one.release(), two.release()]);
});

test("acquire, a later caller wants more, gets what runs and what is new", async () => {
  const first = await acquire("mongo");
  const second = await acquire("redis", "mongo");
  expect([second.mongoUri, first.redisUrl]).toEqual([first.mongoUri, ""]);
  expect(await listens(second.redisUrl)).toBe(true);
  await Promise.all([first.release(), second.release()]);
  expect(await listens(second.redisUrl)).toBe(false);
});

test("acquire, many callers at the same moment, start one supervisor", async () => {
  const held = await Promise.all(Array.from({ length: 6 }, () => acquire("mongo")));
  expect(new Set(held.map(({ mongoUri }) => mongoUri)).size).toBe(1);
  await Promise.all(held.map((services) => services.release()));
});

test("acquire, again right after the last release, starts anew with the same data", async () => {
  for (const round of [1, 2, 3]) {
    const held = await acquire("redis");
    const redis = new Redis(held.redisUrl);
    expect(await redis.incr("rounds")).toBe(round);
    redis.disconnect();
    await held.release();
  }
});

test("acquire, the only holder is killed with -9, stops everything", async () => {
  const other = await startHolder(dir, "redis,mongo");
  const { pid } = await state();
  await other.kill();
  await until(async () => !(await listens(other.urls.redisUrl)) && !(await listens(other.urls.mongoUri)));
  await until(() => !isAlive(pid));
});

test("acquire, the supervisor is killed with -9, leaves nothing that blocks the next start", async () => {
  const before = await acquire("redis", "mongo");
  const { pid } = await state();
  process.kill(pid, "SIGKILL");
  await until(() => !isAlive(pid));
  const after = await acquire("redis", "mongo");
  expect((await state()).pid).not.toBe(pid);
  expect(after.redisUrl).not.toBe(before.redisUrl);
  await until(async () => !(await listens(before.redisUrl)) && !(await listens(before.mongoUri)));
  expect([await listens(after.redisUrl), await listens(after.mongoUri)]).toEqual([true, true]);
  await before.release();
  expect(await listens(after.redisUrl)).toBe(true);
  await after.release();
});

test("acquire, supervisor and redis's guard are killed with -9, ends the redis-server that is left", async () => {
  const before = await acquire("redis");
  const { pid } = await state();
  const redis = JSON.parse(await readFile(join(dir, "redis", "redis.pid"), "utf8")) as { pid: number };
  const guard = Number((await readFile(`/proc/${redis.pid}/stat`, "utf8")).split(") ")[1]?.split(" ")[1]);
  process.kill(guard, "SIGKILL");
  process.kill(pid, "SIGKILL");
  await until(() => !isAlive(pid));
  const after = await acquire("redis");
  expect([isAlive(redis.pid) && (await listens(before.redisUrl)), await listens(after.redisUrl)]).toEqual([false, true]);
  await after.release();
  await before.release();
});

test("acquire, a service ended by itself, is started again for the next caller", async () => {
  const first = await acquire("mongo");
  const { pid } = JSON.parse(await readFile(join(dir, "mongo", "mongo.pid"), "utf8")) as { pid: number };
  process.kill(pid, "SIGKILL");
  await until(async () => (await readFile(join(dir, "local.log"), "utf8")).includes("ended by itself"));
  const second = await acquire("mongo");
  expect(await listens(second.mongoUri)).toBe(true);
  await Promise.all([first.release(), second.release()]);
});

test("acquire, files that a crash left behind, are no obstacle", async () => {
  await writeFile(join(dir, "local.lock"), JSON.stringify({ pid: 999_999_999, startedAt: "1" }));
  await writeFile(join(dir, "local.json"), JSON.stringify({ pid: process.pid, startedAt: "another process", port: 1, token: "x" }));
  const held = await acquire("mongo");
  expect(await listens(held.mongoUri)).toBe(true);
  await held.release();
});

test("supervisor, a caller without the token, is turned away", async () => {
  const held = await acquire("mongo");
  const socket = createConnection({ host: "127.0.0.1", port: (await state()).port });
  socket.write(`${JSON.stringify({ token: "guess", services: [] })}\n`);
  await once(socket, "close");
  expect(socket.bytesRead).toBe(0);
  await held.release();
});

test("acquire, a service cannot start, says why and leaves nothing running", async () => {
  await writeFile(join(dir, "mongo"), "a file where the data folder should be");
  await chmod(join(dir, "mongo"), 0o600);
  await expect(acquire("mongo")).rejects.toMatchObject({ name: "AppError" });
  await until(() => !existsSync(join(dir, "local.json")));
});

test("acquire, services that are killed again and again, come back with their data on the same addresses", async () => {
  const held = await acquire("redis", "mongo");
  const redis = new Redis(held.redisUrl, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  redis.on("error", () => undefined);
  await redis.set("k", "v");
  for (let round = 0; round < 2; round += 1) {
    for (const name of ["redis", "mongo"]) {
      const { pid } = JSON.parse(await readFile(join(dir, name, `${name}.pid`), "utf8")) as { pid: number };
      process.kill(pid, "SIGKILL");
      await until(() => !isAlive(pid));
    }
    await until(async () => (await listens(held.redisUrl)) && (await listens(held.mongoUri)));
    expect(await redis.get("k")).toBe("v");
  }
  redis.disconnect();
  await held.release();
});
