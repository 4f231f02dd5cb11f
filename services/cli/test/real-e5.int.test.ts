import { createLogger } from "@flow-rag/kernel";
import { createEvidenceIndex, searchRuns } from "@flow-rag/rag";
import { createIndexStateStore, createRunFacts, createSignatureJoins } from "@flow-rag/stores";
import { nodeArgs } from "../../../shared/models/test/node-args.js";
import { realModel, realModelDir, withRealE5 } from "../../../shared/models/test/real-e5.js";
import { killRunning } from "./command-line.js";
import { openReindexing, signal, type Reindexing } from "./reindexing.js";

jest.setTimeout(600_000);

let here: Reindexing;
beforeAll(() => process.execArgv.push(...nodeArgs)); // the embedder of this process starts children
beforeEach(async () => {
  here = await openReindexing();
  here.env = { ...here.env, EMBEDDER: "e5", MODEL_DIR: realModelDir };
});
afterEach(async () => {
  killRunning();
  await here.close();
});

const errors = [
  ["mart-build", "java.io.IOException: No space left on device"],
  ["crm-export", "org.apache.hadoop.security.AccessControlException: Permission denied: user=etl, access=WRITE"],
  ["stock-sync", "Container killed by YARN for exceeding memory limits. Exit code 137"],
  ["site-check", "SSLHandshakeException: the certificate has expired"],
  ["orders-daily", "Failed to connect to the database: Connection refused"],
  ["orders-daily", "Deadlock found when trying to get lock; try restarting transaction"],
  ["feed-import", "Error tokenizing data. Expected 12 fields in line 40, saw 13"],
  ["geo-load", "Quota exceeded for quota metric 'Queries'"],
  ["hr-sync", "530 Login incorrect"],
  ["bi-refresh", "ORA-01555: snapshot too old"],
] as const;
const now = ["--now", "2026-05-02T12:00:00Z"];

/** Three runs of each failure and a success of each pipeline. */
async function fill(): Promise<number> {
  const rows = errors.flatMap(([pipeline_name, error_message], kind) =>
    [0, 1, 2, 3].map((turn) => ({
      _id: kind * 10 + turn,
      pipeline_name,
      tech: "Spark",
      status: turn === 3 ? "OK" : "KO",
      error_message: turn === 3 ? null : error_message,
      timestamp: new Date(Date.UTC(2026, 4, 1, kind, turn)),
    })),
  );
  await here.world.source.collection<(typeof rows)[number]>("flow_monitoring").insertMany(rows);
  return rows.length;
}

type Answer = { readonly degraded: boolean; readonly contexts: readonly { readonly meta: { readonly pipeline: string } }[] };
/** Pipelines of the first two contexts. */
const shownFor = async (question: string): Promise<string[]> => {
  const { stdout, stderr } = await here.run("query", question, ...now, "--json");
  const { degraded, contexts } = JSON.parse(stdout) as Answer;
  expect([degraded, stderr]).toEqual([false, ""]);
  return contexts.slice(0, 2).map(({ meta }) => meta.pipeline);
};
async function foundFor(query: string): Promise<string[]> {
  const { world } = here;
  const log = createLogger("test", "silent");
  const evidence = createEvidenceIndex({
    states: createIndexStateStore(world.state),
    joins: createSignatureJoins(world.state),
    chromaUrl: world.chromaUrl,
    embedder: { kind: "auto", model: realModel, modelDir: realModelDir, dtype: "q8", offline: true, hubUrl: "http://127.0.0.1:9" },
    log,
  });
  try {
    const deps = { runs: createRunFacts(world.state), evidence, now: () => new Date("2026-05-02T12:00:00Z"), log };
    const { hits, degraded } = await searchRuns(deps, { query, limit: 2 }, signal);
    expect(degraded).toBe(false);
    return hits.map(({ meta }) => meta.pipeline);
  } finally {
    await evidence.close();
  }
}

withRealE5(
  "flow-rag with the real weights, ingested, asked, searched and indexed anew lexically and back, finds what is meant",
  async () => {
    const count = await fill();
    await here.startServices();
    expect((await here.run("ingest")).code).toBe(0);
    expect(await here.pointer()).toMatchObject({ embedder: { kind: "e5", dimensions: 384 } });
    await here.inParity(count);
    const findAll = async (): Promise<void> => {
      expect(await shownFor("a-t-on déjà vu un disque saturé ?")).toContain("mart-build");
      expect(await shownFor("have we ever seen a full disk?")).toContain("mart-build");
      expect(await foundFor("le compte de service n'a pas les droits")).toContain("crm-export");
      expect(await foundFor("ORA-01555")).toContain("bi-refresh");
    };
    await findAll();

    expect(await here.json("reindex", "--embedder", "lexical")).toMatchObject({
      outcome: "switched",
      parity: { runs: count, inSync: true },
    });
    await findAll(); // by the glossary
    await here.inParity(count);
    expect(await here.json("reindex", "--embedder", "e5")).toMatchObject({ outcome: "switched", parity: { runs: count, inSync: true } });
    await findAll();
  },
);
