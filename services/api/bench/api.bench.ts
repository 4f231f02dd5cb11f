import type { Run } from "@flow-rag/contracts";
import { freePort } from "@flow-rag/kernel";
import { createKeyStore, createRunStore } from "@flow-rag/stores";
import { createHarness, waitFor, type Evaluate, type Harness } from "@flow-rag/testing";
import autocannon from "autocannon";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { env, execPath } from "node:process";
import { fileURLToPath } from "node:url";

export const needsServices = true;

const root = new URL("../../../", import.meta.url);
const connections = 20;
const seconds = 10;
/** Until the code is compiled and the heap has its size. */
const warmSeconds = 8;
/** Node's flags of deploy/docker/Dockerfile. */
const asInTheImage = ["--max-semi-space-size=64"];
const goal = { requestsPerSecond: 300, p99Ms: 100 };
const questions = ["Quelles technos ont échoué hier ?", "combien d'échecs hier ?", "How many failures in the last 7 days?"];

/**
 * POST /query by template over 100,000 runs (or as many as the first argument says), 20 connections, beside a bare Express route with the same
 * answer and the API's own way of a request without any store. Answers are not cached.
 */
export const bench: Evaluate = async ([count = "100000"]) => {
  const harness = await createHarness();
  const children: ChildProcess[] = [];
  try {
    await loadRuns(harness, Number(count));
    const { secret } = await createKeyStore(harness.state).create(
      { name: "bench", scopes: ["query", "metrics"], sources: null, expiresAt: null },
      new Date(),
    );
    const api = await startApi(harness);
    children.push(api.child);
    const ask = async () => {
      const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
      const response = await fetch(`${api.url}/query`, { method: "POST", headers, body: JSON.stringify({ query: questions[0] }) });
      return response.ok ? await response.text() : undefined;
    };
    const sample = await waitFor(ask, "an answer", 60_000);
    const inMemory = async () => {
      const response = await fetch(`${api.url}/metrics`, { headers: { authorization: `Bearer ${secret}` } });
      return (await response.text()).includes(`\nflowrag_runs_in_memory ${count}`) || undefined;
    };
    await waitFor(inMemory, "the runs in memory", 60_000);

    const bare = await startServer("bare", secret, sample);
    const path = await startServer("path", secret, sample);
    children.push(bare.child, path.child);
    const table = [
      { what: "bare Express route", ...(await load(bare.url, secret)) },
      { what: "the API's way without a store", ...(await load(path.url, secret)) },
      { what: `POST /query, ${count} runs`, ...(await load(api.url, secret)) },
    ];
    const whole = table[2]!;
    const passed = whole["req/s"] >= goal.requestsPerSecond && whole["p99 ms"] < goal.p99Ms && table.every((row) => row.errors === 0);
    return { table, summary: { runs: Number(count), connections, goal, ...whole, answerBytes: sample.length }, passed };
  } finally {
    for (const child of children) child.kill("SIGKILL");
    await harness.lifecycle.close();
  }
};

/** Runs of the last 30 days: 200 pipelines, one failure in twenty. */
async function loadRuns({ state }: Harness, count: number): Promise<void> {
  const store = createRunStore(state);
  await store.ensureIndexes();
  const techs = ["Spark", "Talend", "dbt", "Airflow", "Kafka Connect", "SQL"];
  const from = Date.now() - 30 * 86_400_000;
  const indexedAt = new Date();
  for (let start = 0; start < count; start += 1_000) {
    const runs = Array.from({ length: Math.min(1_000, count - start) }, (_, offset): Run => {
      const id = start + offset;
      const failed = id % 20 === 0;
      return {
        source: "flows",
        recordId: `~n:${id}`,
        pipeline: `pipeline-${id % 200}`,
        tech: techs[(id % 200) % techs.length] ?? "SQL",
        status: failed ? "failed" : "success",
        rawStatus: failed ? "KO" : "OK",
        ts: new Date(from + Math.floor((id / count) * 30 * 86_400_000)),
        durationMs: 1_000 + (id % 977) * 60,
        error: failed ? `ORA-0155${id % 7}: snapshot too old` : null,
        signature: failed ? `sig-${id % 7}` : null,
        environment: id % 3 === 0 ? "preprod" : "prod",
        owner: null,
        contentHash: "h",
        fingerprint: "f",
        indexedAt,
      } as Run;
    });
    await store.upsert(runs);
  }
}

async function load(url: string, key: string): Promise<{ "req/s": number; "p50 ms": number; "p99 ms": number; errors: number }> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const requests = questions.map((query) => ({ method: "POST" as const, path: "/query", headers, body: JSON.stringify({ query }) }));
  await autocannon({ url, connections, duration: warmSeconds, requests });
  const { requests: done, latency, errors, non2xx, timeouts } = await autocannon({ url, connections, duration: seconds, requests });
  return { "req/s": Math.round(done.average), "p50 ms": latency.p50, "p99 ms": latency.p99, errors: errors + non2xx + timeouts };
}

type Start = { readonly args?: readonly string[]; readonly flags?: readonly string[]; readonly environment: NodeJS.ProcessEnv };

const start = (file: string, { args = [], flags = [], environment }: Start): ChildProcess => {
  const loader = new URL("deploy/local/bin/source.mjs", root).href;
  const entry = fileURLToPath(new URL(file, root));
  return spawn(execPath, [...flags, "--import", loader, entry, ...args], {
    env: environment,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
};

async function startServer(kind: "bare" | "path", key: string, answer: string): Promise<{ child: ChildProcess; url: string }> {
  const child = start("services/api/bench/server.ts", { args: [kind, key, answer], environment: { PATH: env["PATH"] } });
  const [port] = (await once(child, "message")) as [number];
  return { child, url: `http://127.0.0.1:${port}` };
}

async function startApi(harness: Harness): Promise<{ child: ChildProcess; url: string }> {
  const port = await freePort();
  const environment = {
    PATH: env["PATH"],
    LOG_LEVEL: "warn",
    EMBEDDER: "lexical",
    API_PORT: String(port),
    RATE_LIMIT_QUESTIONS: "1000000",
    REDIS_URL: harness.redisUrl,
    MONGO_URI: harness.mongoUri,
    CHROMA_URL: harness.chromaUrl,
    MONGO_DB: harness.sourceDb,
    STATE_DB: harness.stateDb,
    INDEX_PREFIX: harness.indexPrefix,
    QUEUE_PREFIX: harness.queuePrefix,
  };
  const child = start("services/api/src/main.ts", { flags: asInTheImage, environment });
  await once(child, "message");
  return { child, url: `http://127.0.0.1:${port}` };
}
