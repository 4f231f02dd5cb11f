import { createHarness, type Harness } from "@flow-rag/testing";
import { createVectorStore, openCollection, type VectorDocument } from "@flow-rag/stores";
import { searchRuns } from "../src/index.js";
import { createAsking, run, signal } from "./asking.js";

let harness: Harness;
beforeEach(async () => (harness = await createHarness()));
afterEach(async () => expect(await harness.lifecycle.close()).toBe(true));

const mine = { owner: "a", sources: ["flows"] };
const failed = { status: "failed", error: "code 137", signature: "b" } as const;
const secret = { source: "payroll", tech: "Cobol", pipeline: "secret-salaries", environment: "vault", error: "salary of the chief" };
const rows = [
  run(1, failed),
  run(2, {}),
  run(3, { ...failed, ...secret }),
  run(4, { ...failed, ...secret, ts: new Date("2026-05-05T21:00:00Z") }),
  run(5, { ...secret, ts: new Date("2026-04-28T02:00:00Z") }),
];
const hidden = /Cobol|secret-salaries|vault|chief|payroll/;

test.each([
  "échecs hier ?",
  "Quels pipelines ont échoué hier ?",
  "Quelles technos ont échoué hier ?",
  "échecs par environnement hier",
  "taux d'échec hier ?",
  "top 5 des erreurs hier",
  "compare hier et avant-hier",
  "évolution des échecs cette semaine",
  "dernier échec ?",
  "premier échec ?",
  "durée médiane par techno hier",
  "les 5 exécutions les plus longues hier",
  "quels pipelines n'ont pas tourné hier ?",
  "bilan hier",
  "pourquoi des échecs hier ?",
  'a-t-on déjà vu "salary" ?',
  "échecs de secret-salaries hier ?",
  "échecs de secret-salarie hier ?",
  "échecs sur Cobolt hier ?",
  "échecs dans l'environnement vaults hier ?",
])("answerQuestion, an asker limited to a source, %j, learns nothing of another", async (query) => {
  const { ask, store } = createAsking(harness, { sources: ["flows", "payroll"] });
  await store(rows);
  const { answer, facts, contexts, coverage, plan } = await ask(query, { asker: mine, debug: true });
  const asked = [query, ...plan.unresolved.map(({ text }) => text)];
  const told = asked.reduce((text, said) => text.replaceAll(said, ""), JSON.stringify([answer, facts, contexts, plan]));
  expect(told.replaceAll(/secret-salaries?|Cobolt|vaults/g, "")).not.toMatch(hidden);
  expect(coverage.dataUntil === null || coverage.dataUntil === "2026-05-05T02:00:00.000Z").toBe(true);
  if (facts) expect(facts.runs).toBeLessThanOrEqual(2);
});

test("answerQuestion, a name of another source, is as unknown as one that nobody has", async () => {
  const { ask, store } = createAsking(harness);
  await store(rows);
  const known = (await ask("échecs de secret-salaries hier ?", { asker: mine })).answer;
  const nobodys = (await ask("échecs de hidden-salaries hier ?", { asker: mine })).answer;
  expect(known.replaceAll("secret", "hidden")).toBe(nobodys);
  await expect(ask("échecs", { asker: mine, filters: { techs: ["Cobol"] } })).rejects.toThrow(
    "invalid request: filters.techs.0: no such name in the data; leave it out, or take one that occurs",
  );
});

test("answerQuestion, an asker with no source at all, is told of no run", async () => {
  const { ask, store } = createAsking(harness);
  await store(rows);
  const { facts, contexts } = await ask("échecs hier ?", { asker: { owner: "a", sources: [] } });
  expect([facts?.runs, facts?.dataUntil, contexts]).toEqual([0, null, []]);
});

test("searchRuns, an asker limited to a source, finds documents of it only", async () => {
  const collection = await openCollection(harness.chromaUrl, `${harness.indexPrefix}flows-1`, "f", signal);
  const vectors = createVectorStore(collection);
  const document = (source: string, id: number): VectorDocument => ({
    id: `${source}:${id}`,
    values: [1, id / 100],
    document: `${source} ${id}`,
    metadata: {
      source,
      pipeline: "p",
      tech: "t",
      status: "failed",
      ts: 0,
      durationMs: -1,
      signature: "",
      environment: "",
      contentHash: "",
    },
  });
  await vectors.upsert([document("flows", 1), document("payroll", 2), document("flows", 3)], signal);
  const { deps, store } = createAsking(harness, {
    evidence: { search: async (_text, query) => await vectors.search([1, 0], query, signal), nearSignatures: async () => undefined },
  });
  await store(rows);
  const hits = async (sources?: string[]) =>
    (await searchRuns(deps, { query: "x", limit: 10 }, signal, { owner: "a", sources })).hits.map(({ meta }) => meta.id);
  expect([await hits(["flows"]), await hits([]), await hits()]).toEqual([["flows:1", "flows:3"], [], ["flows:1", "payroll:2", "flows:3"]]);
});
