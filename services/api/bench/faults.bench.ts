import { createLogger } from "@flow-rag/kernel";
import { startChroma, startMongo, startRedis, type LocalService } from "@flow-rag/local";
import { openEmbedder } from "@flow-rag/models";
import { createIndexStateStore, createKeyStore, createRunStore } from "@flow-rag/stores";
import { createHarness, waitFor, type Evaluate } from "@flow-rag/testing";
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { killApiProcesses, startApiProcess } from "../test/api-process.js";
import { someRuns } from "../test/live-api.js";

const log = createLogger("bench", "silent");
const toolsDir = fileURLToPath(new URL("../../../.flow-rag/tools", import.meta.url));
const starts = { redis: startRedis, mongodb: startMongo, chroma: startChroma } as const;
const dependencies = ["redis", "mongodb", "chroma"] as const;
type Dependency = (typeof dependencies)[number];

const askers = 6;
const goal = { livenessMs: 1_000, answerMs: 5_000, recoveryMs: 10_000 };
const questions = ["Combien d’échecs le 5 mai 2026 ?", "Avons-nous déjà vu « plus de place » ?"];
const patienceMs = 30_000;

type Answer = { readonly ms: number; readonly status: number; readonly body: Record<string, unknown> };

/**
 * The API under load (six askers, one question after another) while each dependency's server is stopped by SIGSTOP for as many seconds as the
 * first argument says (15), and goes on by SIGCONT: how long the probe of liveness and a question take meanwhile, and how long it takes
 * afterwards until all is well. A question is answered with its figures, or refused by the name of who is missing; anything else is wrong.
 */
export const bench: Evaluate = async ([seconds = "15"]) => {
  const dir = await mkdtemp(join(tmpdir(), "flow-rag-faults-"));
  const servers = {} as Record<Dependency, LocalService>;
  for (const name of dependencies) servers[name] = await starts[name]({ dir, log, toolsDir });
  const world = await createHarness({ own: { redisUrl: servers.redis.url, mongoUri: servers.mongodb.url, chromaUrl: servers.chroma.url } });
  try {
    await createRunStore(world.state).upsert(someRuns());
    await nameIndex(world);
    const { secret } = await createKeyStore(world.state).create(
      { name: "bench", scopes: ["query"], sources: null, expiresAt: null },
      new Date(),
    );
    const quiet = { LOG_LEVEL: "silent", INDEX_PREFIX: world.indexPrefix, RATE_LIMIT_QUESTIONS: "0", RATE_LIMIT_READS: "0" };
    const api = await startApiProcess(world, quiet);
    const base = `http://127.0.0.1:${api.port}`;
    const send = async (path: string, query?: string): Promise<Answer> => {
      const from = performance.now();
      const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
      const asked = query !== undefined && { method: "POST", headers, body: JSON.stringify({ query }) };
      const response = await fetch(base + path, { ...asked, signal: AbortSignal.timeout(patienceMs) });
      const body = (await response.json()) as Record<string, unknown>;
      return { ms: performance.now() - from, status: response.status, body };
    };
    await waitFor(async () => (await isWell(send)) || undefined, "an API that is well", 60_000);
    const table = [];
    for (const name of dependencies) table.push(await stop(name, servers[name].pid as number, { send, ms: Number(seconds) * 1_000 }));
    const passed = table.every(
      (row) =>
        row["liveness max ms"] <= goal.livenessMs &&
        row["answer max ms"] <= goal.answerMs &&
        row["well after ms"] <= goal.recoveryMs &&
        row.wrong === 0,
    );
    const load = loadavg().map((value) => Math.round(value * 10) / 10);
    return { table, summary: { askers, stoppedSeconds: Number(seconds), goal, cpus: cpus().length, load, faults: table }, passed };
  } finally {
    for (const { pid } of Object.values(servers)) if (pid !== undefined) process.kill(pid, "SIGCONT");
    killApiProcesses();
    await world.lifecycle.close();
    for (const name of dependencies.toReversed()) await servers[name].stop();
    await rm(dir, { recursive: true });
  }
};

type Send = (path: string, query?: string) => Promise<Answer>;

/** Ready, and a question that wants evidence is answered in full. */
async function isWell(send: Send): Promise<boolean> {
  const [ready, { status, body }] = await Promise.all([send("/ready"), send("/query", questions[1])]);
  return ready.status === 200 && status === 200 && body["degraded"] === false;
}

/** What an answer is while a server is away. */
const rightly: Readonly<Record<Dependency, (answer: Answer) => boolean>> = {
  redis: ({ status }) => status === 200,
  mongodb: ({ status, body }) => status === 503 && /MongoDB/.test(String(body["detail"])),
  chroma: ({ status, body }) => status === 200 && (body["degraded"] === false || /index des preuves/.test(String(body["answer"]))),
};

async function stop(name: Dependency, pid: number, { send, ms }: { send: Send; ms: number }) {
  const lives: Answer[] = [];
  const answers: Answer[] = [];
  const until = performance.now() + ms;
  const isOver = (): boolean => performance.now() >= until;
  const ask = async (one: number): Promise<void> => {
    for (let round = one; !isOver(); round += 1) answers.push(await send("/query", questions[round % questions.length]));
  };
  const look = async (): Promise<void> => {
    for (; !isOver(); await sleep(100)) lives.push(await send("/health?of=process"));
  };
  process.kill(pid, "SIGSTOP");
  await Promise.all([look(), ...Array.from({ length: askers }, (_, one) => ask(one))]);
  process.kill(pid, "SIGCONT");
  const from = performance.now();
  while (!(await isWell(send))) await sleep(100);
  const longest = (all: readonly Answer[]): number => Math.round(Math.max(...all.map((one) => one.ms)));
  const refused = answers.filter(({ status }) => status !== 200).length;
  return {
    stopped: name,
    questions: answers.length,
    answered: answers.length - refused,
    "refused with reason": refused,
    wrong: answers.filter((answer) => !rightly[name](answer)).length + lives.filter(({ status }) => status !== 200).length,
    "liveness max ms": longest(lives),
    "answer p50 ms": Math.round(answers.map((one) => one.ms).sort((a, b) => a - b)[Math.floor(answers.length / 2)] ?? 0),
    "answer max ms": longest(answers),
    "well after ms": Math.round(performance.now() - from),
  };
}

/** The pointer to an index, without which nobody looks for evidence. */
async function nameIndex({ state, indexPrefix }: Awaited<ReturnType<typeof createHarness>>): Promise<void> {
  const { embedder } = await openEmbedder({ kind: "lexical" } as never, { log });
  const { fingerprint, dimensions } = embedder;
  await createIndexStateStore(state).readOrCreate(
    { collection: `${indexPrefix}flows-1`, fingerprint, embedder: { kind: "lexical", fingerprint, dimensions }, createdAt: new Date() },
    AbortSignal.timeout(5_000),
  );
  await embedder.close();
}
