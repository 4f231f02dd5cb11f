import type { Context, RunStatus } from "@flow-rag/contracts";
import { AppError, createLogger } from "@flow-rag/kernel";
import type { RunFilter, RunGroup } from "@flow-rag/stores";
import { answerQuestion, type AnswerDeps } from "./answer-question.js";

const signal = new AbortController().signal;
const now = new Date("2026-05-06T06:00:00Z");
const group = (tech: string, pipeline: string, count: number, error: string | null = null): RunGroup => ({
  tech,
  pipeline,
  signature: error && `sig-${error.length}`,
  count,
  first: new Date("2026-05-05T02:10:00Z"),
  last: new Date("2026-05-05T09:00:00Z"),
  sample: { id: `flows:${pipeline}`, error },
});
const context = (id: string, content: string): Context => ({
  content,
  score: 0.9,
  meta: {
    id,
    source: "flows",
    pipeline: "p",
    tech: "t",
    status: "failed",
    ts: now.toISOString(),
    durationMs: null,
    signature: null,
    environment: null,
  },
});
type World = { byStatus?: Partial<Record<RunStatus, number>>; groups?: RunGroup[]; contexts?: Context[]; latest?: Date | undefined };

function world({ byStatus = {}, groups = [], contexts = [], latest = now }: World) {
  const filters: RunFilter[] = [];
  const deps: AnswerDeps = {
    runs: {
      catalogue: async () => ({ techs: ["Spark", "Talend"], pipelines: ["orders-daily"] }),
      countByStatus: async (filter) => (filters.push(filter), byStatus),
      group: async () => groups,
      latest: async () => latest,
    },
    deadLetters: { count: async () => 0 },
    evidence: { search: async () => contexts },
    source: "flows",
    zone: "Europe/Paris",
    now: () => now,
    log: createLogger("test", "silent"),
  };
  return { deps, filters, ask: (query: string) => answerQuestion(deps, { query, top_k: 8 }, signal) };
}
const failures = {
  byStatus: { failed: 12, success: 3_400 },
  groups: [
    group("Spark", "orders-daily", 5, "ExecutorLostFailure: code 137"),
    group("Talend", "crm-export", 4, "ORA-12541"),
    group("Spark", "stock-agg", 3),
  ],
};

test("answerQuestion, failures by techno, are counted, listed and quoted in French typography", async () => {
  const { answer } = await world(failures).ask("Quelles technos ont échoué hier ?");
  expect(answer.split("\n")).toEqual([
    "Hier (mar. 5 mai)\u202F: 12 échecs sur 3\u202F412 exécutions (0,4\u202F%), dans 2 technos.",
    "• Spark\u202F: 8 échecs, orders-daily (5), stock-agg (3). Surtout «\u202FExecutorLostFailure: code 137\u202F» (5 fois).",
    "• Talend\u202F: 4 échecs, crm-export (4). Surtout «\u202FORA-12541\u202F» (4 fois).",
    "Fenêtre\u202F: du 5 mai 00:00 au 6 mai 00:00, Europe/Paris.",
  ]);
});

test("answerQuestion, the same in English, is worded in English", async () => {
  const { answer, language } = await world(failures).ask("Which technos failed yesterday?");
  expect([language, answer.split("\n")[0]]).toEqual(["en", "Yesterday (Tue 5 May): 12 failures out of 3,412 runs (0.4%), in 2 technos."]);
});

test("answerQuestion, one failure of one run, uses the singular", async () => {
  const { answer } = await world({ byStatus: { failed: 1 }, groups: [group("Spark", "orders-daily", 1)] }).ask("échecs hier");
  expect(answer.split("\n")[0]).toBe("Hier (mar. 5 mai)\u202F: 1 échec sur 1 exécution (100\u202F%), sur 1 pipeline.");
});

test("answerQuestion, no failure, says 0 and out of how many", async () => {
  const { answer, facts } = await world({ byStatus: { success: 3_398 } }).ask("échecs hier ?");
  expect(answer.split("\n")[0]).toBe("Hier (mar. 5 mai)\u202F: 0 échec sur 3\u202F398 exécutions (0\u202F%).");
  expect(facts).toMatchObject({ runs: 3_398, matching: 0 });
});

test("answerQuestion, no run at all in the window, is not told as 0 failures", async () => {
  const { answer } = await world({ latest: new Date("2026-05-04T21:58:00Z") }).ask("échecs hier ?");
  expect(answer).toMatch(/^Aucune exécution enregistrée hier \(mar\. 5 mai\)\. Dernière donnée reçue.*lun\. 4 mai 23:58/);
});

test("answerQuestion, an empty index, says how to fill it", async () => {
  const { deps } = world({});
  deps.runs.latest = async () => undefined;
  const { answer } = await answerQuestion(deps, { query: "échecs hier ?", top_k: 8 }, signal);
  expect(answer).toContain("flow-rag ingest");
});

test("answerQuestion, more pipelines than fit, counts the others", async () => {
  const groups = Array.from({ length: 11 }, (_, index) => group("Spark", `pipeline-${index}`, 20 - index));
  const { answer } = await world({ byStatus: { failed: 165 }, groups }).ask("échecs hier");
  expect(answer).toContain("• et 3 autres\n");
});

test("answerQuestion, a named techno, restricts the facts to it", async () => {
  const { filters, ask } = world(failures);
  await ask("échecs spark hier");
  expect(filters).toEqual([
    { from: new Date("2026-05-04T22:00:00Z"), to: new Date("2026-05-05T22:00:00Z"), techs: ["Spark"], pipelines: [] },
  ]);
});

test("answerQuestion, a time it cannot read, says so and counts nothing", async () => {
  const { filters, ask } = world(failures);
  const { answer, facts, contexts } = await ask("échecs depuis lundi");
  expect([answer.includes("lundi"), facts, contexts, filters]).toEqual([true, null, [], []]);
});

test("answerQuestion, no count is asked for, shows the nearest runs", async () => {
  const { answer, facts } = await world({
    contexts: [context("flows:1", "orders-daily · Spark\nsecond line"), context("flows:2", "crm")],
  }).ask("connexion refusée");
  expect([answer.split("\n"), facts]).toEqual([
    ["Les 2 exécutions les plus proches de la question\u202F:", "• [1] orders-daily · Spark", "• [2] crm"],
    null,
  ]);
});

test("answerQuestion, the vector store is down, gives the facts all the same and says so", async () => {
  const { deps, ask } = world(failures);
  deps.evidence.search = async () => {
    throw new AppError("upstream_unavailable", "Chroma did not answer");
  };
  const { answer, degraded, contexts } = await ask("échecs hier");
  expect([answer.startsWith("Hier (mar. 5 mai)\u202F: 12 échecs"), degraded, contexts]).toEqual([true, true, []]);
});

test("answerQuestion, the runs cannot be read, fails instead of guessing", async () => {
  const { deps, ask } = world(failures);
  deps.runs.countByStatus = async () => {
    throw new AppError("upstream_unavailable", "MongoDB did not answer");
  };
  await expect(ask("échecs hier")).rejects.toMatchObject({ kind: "upstream_unavailable" });
});
