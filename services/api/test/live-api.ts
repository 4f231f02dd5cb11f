import type { Run, Scope } from "@flow-rag/contracts";
import { createLogger, createMetrics } from "@flow-rag/kernel";
import { createKeyStore, createRunStore } from "@flow-rag/stores";
import { createHarness, sampleRun, type TestAddresses } from "@flow-rag/testing";
import { schema } from "../src/config.js";
import { openDeps } from "../src/deps.js";
import { serve } from "../src/serve.js";

export const signal = AbortSignal.timeout(600_000);

/** A whole API on real stores, with a world of its own; `lines` is all that it logs. `own`: as of the harness. */
export async function startLiveApi(env: Record<string, string> = {}, own: Partial<TestAddresses> = {}) {
  const lines: string[] = [];
  const log = createLogger("api", "debug", { write: (line) => void lines.push(line) });
  const world = await createHarness({ log, own });
  const given = {
    MONGO_URI: world.mongoUri,
    REDIS_URL: world.redisUrl,
    CHROMA_URL: world.chromaUrl,
    STATE_DB: world.stateDb,
    MONGO_DB: world.sourceDb,
    QUEUE_PREFIX: world.queuePrefix,
    SOURCES: '[{"name":"others"}]',
    EMBEDDER: "lexical",
    API_PORT: "0",
    INDEX_PREFIX: world.indexPrefix,
    ...env,
  };
  const config = schema.parse(given);
  const metrics = world.lifecycle.own("metrics", createMetrics({ log }), (resource) => resource.close());
  const runtime = { config, lifecycle: world.lifecycle, log, metrics, tracing: undefined };
  const store = createKeyStore(world.state);
  const newKey = async (scopes: Scope[], sources: string[] | null = null): Promise<string> =>
    (await store.create({ name: scopes.join("-"), scopes, sources, expiresAt: null }, new Date())).secret;
  const admin = await newKey(["query", "ingest", "admin", "metrics"]);
  const base = `http://127.0.0.1:${await serve(runtime, await openDeps(runtime))}`;
  return {
    world,
    /** What other processes of the same fleet are started with. */
    env: given as Record<string, string>,
    config,
    base,
    admin,
    newKey,
    keys: store,
    lines,
    /** JSON to and from the API. */
    async send(
      method: string,
      path: string,
      { body, key = admin, headers = {} }: { body?: unknown; key?: string; headers?: Record<string, string> } = {},
    ) {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { "content-type": "application/json" }), ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = /json/.test(response.headers.get("content-type") ?? "") && !/ndjson/.test(response.headers.get("content-type") ?? "");
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: (isJson ? JSON.parse(text) : undefined) as Record<string, unknown>,
      };
    },
    store: (runs: readonly Run[]) => createRunStore(world.state).upsert(runs),
  };
}
export type LiveApi = Awaited<ReturnType<typeof startLiveApi>>;

export const run = sampleRun;

/** 60 runs of two days: every sixth failed; one of another source. */
export const someRuns = (): Run[] => [
  ...Array.from({ length: 60 }, (_, index) =>
    run(String(index), {
      pipeline: ["orders-daily", "crm_export", "stock-agg"][index % 3] as string,
      tech: ["Spark", "Talend", "dbt"][index % 3] as string,
      ts: new Date(Date.UTC(2026, 4, 4, index)),
      durationMs: 1_000 * (index + 1),
      ...(index % 6 === 0 && { status: "failed", rawStatus: "KO", error: "=cmd|' /C calc'!A0 disk full", signature: "sig-disk" }),
    }),
  ),
  run("secret-tenant", {
    source: "others",
    pipeline: "payroll-private",
    tech: "Informatica",
    status: "failed",
    error: "other tenant",
    signature: "sig-other",
  }),
];
