import type { Context, Run } from "@flow-rag/contracts";
import { errorViews } from "@flow-rag/insights";
import { createLexicalEmbedder } from "@flow-rag/models";
import { createHarness, type Harness } from "@flow-rag/testing";
import { searchRuns } from "../src/index.js";
import { createAsking, run, signal } from "./asking.js";

let harness: Harness;
beforeEach(async () => (harness = await createHarness()));
afterEach(async () => expect(await harness.lifecycle.close()).toBe(true));

const failure = (id: number, pipeline: string, signature: string, error: string): Run =>
  run(id, { pipeline, status: "failed", signature, error, ts: new Date(Date.UTC(2026, 4, 5, 1, id)) });
const rows: Run[] = [
  failure(1, "crm-export", "rights", "org.apache.hadoop.security.AccessControlException: Permission denied: user=etl"),
  failure(2, "stock-sync", "rights", "org.apache.hadoop.security.AccessControlException: Permission denied: user=etl"),
  failure(3, "mart-build", "full", "java.io.IOException: No space left on device"),
  ...Array.from({ length: 20 }, (_, index) => failure(10 + index, "orders-daily", "refused", `Connection to db0${index} was lost`)),
];
const document = ({ recordId, pipeline, tech, status, ts, error, signature }: Run, score: number): Context => ({
  content: `${pipeline} · ${tech} · ${status} · ${error}`,
  meta: { id: `flows:${recordId}`, source: "flows", pipeline, tech, status, ts: ts.toISOString(), durationMs: null, signature, environment: null },
  score,
}); // prettier-ignore

/** The built-in embedder over the errors; the runs it finds are always the burst of the day. */
async function createEvidence() {
  const embedder = createLexicalEmbedder();
  const kinds = new Map(rows.map(({ signature, error }) => [signature ?? "", errorViews(error ?? "")]));
  const vectors = new Map(
    await Promise.all([...kinds].map(async ([id, views]) => [id, await embedder.embedPassages(views, signal)] as const)),
  );
  return {
    search: async () => rows.filter(({ signature }) => signature === "refused").map((each, index) => document(each, 0.4 - index / 100)),
    nearSignatures: async (text: string, ids: readonly string[]) => {
      const query = await embedder.embedQuery(text, signal);
      const cosine = (vector: readonly number[]) => vector.reduce((sum, value, axis) => sum + value * (query[axis] ?? 0), 0);
      return { views: new Map(ids.map((id) => [id, (vectors.get(id) ?? []).map(cosine)])), mixture: embedder.mixtures.errors };
    },
  };
}
const asking = async () => {
  const { deps, store, ask } = createAsking(harness, { evidence: await createEvidence() });
  await store(rows);
  return { deps, ask };
};
const pipelinesOf = (contexts: readonly Context[]) => contexts.map(({ meta }) => meta.pipeline);

test.each([
  ["les erreurs de droits", ["stock-sync", "crm-export"]],
  ["problèmes de disque plein", ["mart-build"]],
  ["a-t-on déjà eu des soucis d'habilitation ?", ["stock-sync", "crm-export"]],
])("answerQuestion, %j, which no error says so, shows the runs that it is about and what the answer names", async (question, wanted) => {
  const { ask } = await asking();
  const { contexts, facts, citations } = await ask(question);
  expect(pipelinesOf(contexts).slice(0, wanted.length).toSorted()).toEqual(wanted.toSorted());
  const named = new Set((facts?.nearest ?? []).map(({ signature }) => signature));
  expect(contexts.every(({ meta }) => meta.signature !== null && named.has(meta.signature))).toBe(true);
  expect(contexts.map(({ meta }) => meta.id)).toEqual(expect.arrayContaining(citations.map(({ id }) => id)));
});

test("answerQuestion, a text that errors hold, shows the runs that are counted and no others", async () => {
  const { ask } = await asking();
  const { contexts, facts } = await ask("what permission problems did we have?");
  expect([facts?.matching, pipelinesOf(contexts).toSorted()]).toEqual([2, ["crm-export", "stock-sync"]]);
});

test("answerQuestion, a burst of one failure among others, shows it as often as it is cited and the others once each", async () => {
  const { ask } = await asking();
  const { contexts, citations } = await ask("Quels pipelines ont échoué hier ?");
  const cited = new Set(citations.map(({ id }) => id));
  const others = contexts.filter(({ meta }) => !cited.has(meta.id)).map(({ meta }) => `${meta.signature} ${meta.pipeline}`);
  expect(new Set(others).size).toBe(others.length);
  expect(new Set(pipelinesOf(contexts))).toEqual(new Set(["crm-export", "stock-sync", "mart-build", "orders-daily"]));
});

test.each([
  ["les erreurs de droits", ["crm-export", "stock-sync"]],
  ["no more room on the disk: No space left", ["mart-build"]],
])("searchRuns, %j, finds what it is about before the burst of the day, and that once", async (query, wanted) => {
  const { deps } = await asking();
  const { hits } = await searchRuns(deps, { query, limit: 5 }, signal);
  expect(pipelinesOf(hits).slice(0, wanted.length).toSorted()).toEqual(wanted);
  expect(pipelinesOf(hits).filter((pipeline) => pipeline === "orders-daily").length).toBeLessThanOrEqual(1);
  expect(hits.map(({ score }) => score >= -1 && score <= 1)).not.toContain(false);
});
