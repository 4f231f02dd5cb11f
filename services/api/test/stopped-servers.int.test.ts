import { createLogger } from "@flow-rag/kernel";
import { startChroma, startMongo, startRedis, type LocalService } from "@flow-rag/local";
import { openEmbedder } from "@flow-rag/models";
import { createIndexStateStore } from "@flow-rag/stores";
import { waitFor } from "@flow-rag/testing";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { someRuns, startLiveApi, type LiveApi } from "./live-api.js";

jest.setTimeout(150_000);

const log = createLogger("test", "silent");
const toolsDir = fileURLToPath(new URL("../../../.flow-rag/tools", import.meta.url));
const starts = { redis: startRedis, mongodb: startMongo, chroma: startChroma } as const;
const addressOf = { redis: "redisUrl", mongodb: "mongoUri", chroma: "chromaUrl" } as const;
/** What a caller waits for an answer at most. */
const patienceMs = 5_000;
const questions = ["Combien d’échecs le 5 mai 2026 ?", "Avons-nous déjà vu « plus de place » ?"];
const soak = process.env["FLOW_RAG_SOAK"] === "true";
const askers = soak ? 20 : 6;
const rounds = soak ? 40 : 3;

let dir: string;
let server: LocalService;
let api: LiveApi;
let isStopped = false;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "flow-rag-stopped-"));
});
afterEach(async () => {
  if (isStopped) signalServer("SIGCONT"); // a test that failed in between
  expect(await api.world.lifecycle.close()).toBe(true);
  await server.stop();
  await rm(dir, { recursive: true });
});

/** An API with an index and one of its servers for itself. */
async function startWithOwn(dependency: keyof typeof starts): Promise<void> {
  server = await starts[dependency]({ dir, log, toolsDir });
  api = await startLiveApi({ RATE_LIMIT_QUESTIONS: "0", RATE_LIMIT_READS: "0" }, { [addressOf[dependency]]: server.url });
  await api.store(someRuns());
  const { embedder } = await openEmbedder(api.config.embedder, { log });
  const { fingerprint, dimensions } = embedder;
  await createIndexStateStore(api.world.state).readOrCreate(
    {
      collection: `${api.world.indexPrefix}flows-1`,
      fingerprint,
      embedder: { kind: "lexical", fingerprint, dimensions },
      createdAt: new Date(),
    },
    AbortSignal.timeout(patienceMs),
  );
  await embedder.close();
}
const signalServer = (name: "SIGSTOP" | "SIGCONT" | "SIGKILL"): void => {
  process.kill(server.pid as number, name);
  isStopped = name === "SIGSTOP";
};

type Answer = { readonly status: number; readonly body: Record<string, unknown> };
/** Rejects when nothing has come by the end of a caller's patience. */
async function send(path: string, query?: string): Promise<Answer> {
  const headers = { authorization: `Bearer ${api.admin}`, "content-type": "application/json" };
  const asked = query !== undefined && { method: "POST", headers, body: JSON.stringify({ query }) };
  const response = await fetch(`${api.base}${path}`, { ...asked, signal: AbortSignal.timeout(patienceMs) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
/** All askers at once, each one question after another, while somebody looks whether the process lives. */
async function askUnderLoad(path: "/query" | "/search"): Promise<Answer[]> {
  const asker = async (_: unknown, one: number): Promise<Answer[]> => {
    const answers: Answer[] = [];
    for (let round = 0; round < rounds; round += 1) answers.push(await send(path, questions[(one + round) % questions.length]));
    return answers;
  };
  const look = async () => Promise.all(Array.from({ length: askers }, () => send("/health?of=process")));
  const [lives, ...answers] = await Promise.all([look(), ...Array.from({ length: askers }, asker)]);
  expect(new Set(lives.map(({ status }) => status))).toEqual(new Set([200]));
  return answers.flat();
}
const untilReady = (when: string) =>
  waitFor(async () => ((await send("/ready")).status === 200 ? true : undefined), `readiness ${when}`, 20_000);
const untilWhole = (when: string) =>
  waitFor(
    async () => {
      const { status, body } = await send("/query", questions[1]);
      return status === 200 && body["degraded"] === false ? true : undefined;
    },
    `a whole answer ${when}`,
    20_000,
  );

/** What every answer is while the server is away: with its figures, or refused by the name of who is missing. */
const away = {
  redis: ({ status }: Answer) => status === 200,
  mongodb: ({ status, body }: Answer) => status === 503 && /MongoDB/.test(String(body["detail"])),
  chroma: ({ status, body }: Answer) => status === 200 && (body["degraded"] === false || /index des preuves/.test(String(body["answer"]))),
};
/** The same for a search, which finds nothing without the index and says why. */
const searching = {
  redis: away.redis,
  mongodb: away.mongodb,
  chroma: ({ status, body }: Answer) => status === 200 && body["degraded"] === true && /^Chroma /.test(String(body["reason"])),
};

test.each(["redis", "mongodb", "chroma"] as const)(
  "API under load, a real %s is stopped, goes on, is killed and started anew, answers or says why within a caller's patience",
  async (dependency) => {
    await startWithOwn(dependency);
    await untilReady("before");
    await untilWhole("before");

    signalServer("SIGSTOP");
    expect((await askUnderLoad("/query")).filter((answer) => !away[dependency](answer))).toEqual([]);
    expect((await askUnderLoad("/search")).filter((answer) => !searching[dependency](answer))).toEqual([]);
    signalServer("SIGCONT");
    await untilReady("after SIGCONT");
    await untilWhole("after SIGCONT");

    signalServer("SIGKILL");
    await server.stop();
    expect((await askUnderLoad("/query")).filter((answer) => !away[dependency](answer))).toEqual([]);
    server = await starts[dependency]({ dir, port: server.port, log, toolsDir });
    await untilReady("after the restart");
    await untilWhole("after the restart");
  },
);
