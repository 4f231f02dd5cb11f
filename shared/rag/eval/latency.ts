import type { Run } from "@flow-rag/contracts";
import { createRunStore, type MongoConnection } from "@flow-rag/stores";
import { answerQuestion, type AnswerDeps } from "../src/index.js";

const days = 30;
const pipelines = 300;
const techs = ["Spark", "Talend", "dbt", "Airflow", "SQL", "Python"];
const end = Date.parse("2026-05-06T06:00:00Z");

/** Questions about one day, one of each operation, in turn. */
const questions = [
  "Quelles technos ont échoué hier ?",
  "combien d'échecs hier ?",
  "taux d'échec de Spark hier",
  "top 5 des erreurs hier",
  "compare hier et avant-hier",
  "évolution des échecs par heure hier",
  "dernier échec hier",
  "premier échec hier ?",
  "durée médiane par techno hier",
  "les 5 exécutions les plus longues hier",
  "quels pipelines n'ont pas tourné hier ?",
  "bilan d'hier",
  "pourquoi des échecs hier ?",
  "statut de flow-7 ?",
  "how many failures on flow-12 yesterday?",
];

/** The runs of 30 days until the morning of 6 May 2026. */
export async function storeRuns(db: ReturnType<MongoConnection["db"]>, count: number): Promise<void> {
  const store = createRunStore(db);
  await store.ensureIndexes();
  for (let start = 0; start < count; start += 2_000)
    await store.upsert(Array.from({ length: Math.min(2_000, count - start) }, (_, index) => makeRun(start + index, count)));
}

/** Milliseconds of the plan and facts of questions about a day, sorted. */
export async function measureLatency(deps: AnswerDeps): Promise<{ operation: string; ms: number }[]> {
  const measured: { operation: string; ms: number }[] = [];
  const signal = AbortSignal.timeout(600_000);
  for (let round = -1; round < 12; round += 1) {
    for (const query of questions) {
      const { timings, plan, facts } = await answerQuestion(deps, { query, top_k: 8 }, signal);
      if (facts === null) throw new Error(`not understood: ${query}`);
      if (round >= 0) measured.push({ operation: plan.operation, ms: timings.plan + timings.facts }); // the first round warms up
    }
  }
  return measured.sort((a, b) => a.ms - b.ms);
}

function makeRun(index: number, count: number): Run {
  const pipeline = index % pipelines;
  const failed = (index * 7919) % 100 < 4;
  const kind = (index * 31) % 40;
  return {
    source: "flows",
    recordId: String(index),
    pipeline: `flow-${pipeline}`,
    tech: techs[pipeline % techs.length] ?? "SQL",
    status: failed ? "failed" : "success",
    rawStatus: failed ? "KO" : "OK",
    ts: new Date(end - Math.floor((index / count) * days * 86_400_000)),
    durationMs: 1_000 + ((index * 104_729) % 600_000),
    error: failed ? `Error of kind ${kind}: code ${kind}` : null,
    environment: pipeline % 3 === 0 ? "dev" : "prod",
    owner: null,
    runRef: null,
    recordsProcessed: null,
    signature: failed ? `kind-${kind}` : null,
    contentHash: "",
    fingerprint: "",
    indexedAt: new Date(end),
  };
}
