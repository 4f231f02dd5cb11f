import { createHarness, type Harness } from "@flow-rag/testing";
import { createAsking, run } from "./asking.js";

let harness: Harness;
beforeEach(async () => (harness = await createHarness()));
afterEach(async () => expect(await harness.lifecycle.close()).toBe(true));

const failed = { status: "failed", error: "code 137", signature: "b" } as const;
const rows = [
  run(1, failed),
  run(2, { ...failed, tech: "dbt", pipeline: "mart_finance", environment: "dev" }),
  run(3, { ...failed, ts: new Date("2026-05-04T02:00:00Z") }),
  run(4, {}),
];

test.each([
  [{ techs: ["spark"] }, "échecs hier ?", 1, 2],
  [{ environments: ["dev"] }, "échecs hier ?", 1, 1],
  [{ techs: ["dbt"] }, "échecs de Spark hier ?", 0, 0],
  [{ statuses: ["success" as const] }, "échecs hier ?", 0, 1],
  [{ pipelines: ["orders-daily", "mart_finance"] }, "échecs hier ?", 2, 3],
  [{ from: "2026-05-04T00:00:00+02:00", to: "2026-05-05T00:00:00+02:00" }, "combien d'échecs ?", 1, 1],
  [{ from: "2026-05-05T03:00:00+02:00" }, "combien d'échecs hier ?", 2, 3],
  [{ from: "2026-05-05T05:00:00+02:00" }, "combien d'échecs hier ?", 0, 0],
])("answerQuestion, filters %j with %j, count what both leave", async (filters, query, matching, runs) => {
  const { ask, store } = createAsking(harness);
  await store(rows);
  const { facts } = await ask(query, { filters });
  expect([facts?.matching, facts?.runs]).toEqual([matching, runs]);
});

test("answerQuestion, a filter, is echoed as the data spell it", async () => {
  const { ask, store } = createAsking(harness);
  await store(rows);
  expect((await ask("échecs hier ?", { filters: { techs: ["SPARK"], pipelines: ["Mart_Finance"] } })).filters).toEqual({
    techs: ["Spark"],
    pipelines: ["mart_finance"],
  });
});

test.each([
  [{ pipelines: ["orders-dayly"] }, 'filters.pipelines.0: no such name in the data; close to it: "orders-daily"'],
  [{ from: "2026-04-01T00:00:00Z", to: "2026-04-02T00:00:00Z" }, "filters: from and to leave nothing of the period"],
])("answerQuestion, filters %j that cannot be applied, are refused with their field and what to do", async (filters, message) => {
  const { ask, store } = createAsking(harness);
  await store(rows);
  await expect(ask("échecs hier ?", { filters })).rejects.toMatchObject({
    kind: "invalid_input",
    message: expect.stringContaining(message) as string,
  });
});

test("answerQuestion, a language that was asked for, is spoken whatever the question's", async () => {
  const { ask, store } = createAsking(harness);
  await store(rows);
  expect((await ask("échecs hier ?", { language: "en" })).answer).toMatch(/^Yesterday \(Tue 5 May\): 2 failures out of 3 runs/);
});

test("answerQuestion, records waiting to be indexed, are in the coverage and the text", async () => {
  const { ask, store } = createAsking(harness, { pending: async () => 12 });
  await store([...rows, run(5, { ts: new Date("2026-05-06T05:55:00Z") })]);
  const { coverage, answer } = await ask("échecs aujourd'hui ?");
  expect(coverage).toEqual({
    dataUntil: "2026-05-06T05:55:00.000Z",
    complete: false,
    pending: 12,
    setAside: 0,
    doubts: [
      { kind: "data_until", at: "2026-05-06T05:55:00.000Z" },
      { kind: "pending", records: 12 },
    ],
  });
  expect(answer).toContain("Données jusqu’à mer. 6 mai 07:55. 12 exécutions en attente d’indexation.");
});

test("answerQuestion, a text that only older runs have, is sought over all the data and says so", async () => {
  const { ask, store } = createAsking(harness);
  await store([run(1, { ...failed, error: "disk full", ts: new Date("2026-03-02T02:00:00Z") }), run(2, {})]);
  const { facts, answer, plan } = await ask('combien d\'erreurs "disk full" ?');
  expect([facts?.matching, plan.window]).toEqual([1, null]);
  expect(answer).toMatch(/toutes les données \(rien .*7 derniers jours/);
  expect((await ask('combien d\'erreurs "disk full" hier ?')).facts?.matching).toBe(0);
});
