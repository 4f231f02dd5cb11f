import { createQueryLogStore } from "@flow-rag/stores";
import { someRuns, startLiveApi, type LiveApi } from "./live-api.js";

let api: LiveApi;
beforeEach(async () => {
  api = await startLiveApi();
  await api.store(someRuns());
});
afterEach(async () => expect(await api.world.lifecycle.close()).toBe(true));

const ask = async (query: string, key = api.admin) => expect((await api.send("POST", "/query", { key, body: { query } })).status).toBe(200);
type Asked = { question: string; notUnderstood: { text: string }[] } & Record<string, unknown>;
const questionsOf = async (key: string, query = "") => {
  const { status, body } = await api.send("GET", `/questions${query}`, { key });
  return { status, body, questions: body["questions"] as Asked[] };
};

test("GET /questions, after questions of several keys, counts them by text, asker and what became of them", async () => {
  const other = await api.newKey(["query"]);
  await ask("Combien d'échecs le 5 mai 2026 ?");
  await ask("combien d'ECHECS  le 5 mai 2026", other);
  await ask("échecs le 31 février ?");
  await ask("quelles technos ont échoué le 5 mai 2026 bleutées ?");
  await ask(`échecs ${"du pipeline orders ".repeat(60)}`);
  const { body, questions } = await questionsOf(api.admin);
  expect(body).toMatchObject({ asked: 5, different: 4, askers: 2, complete: true });
  expect(body["outcomes"]).toMatchObject({ too_long: 1, help: 0 });
  expect(questions[0]).toMatchObject({
    question: "combien d'ECHECS le 5 mai 2026",
    times: 2,
    askers: 2,
    outcomes: { answered: 2, refused: 0, help: 0, too_long: 0 },
    worded: { model: 0, rejected: 0, template: 2 },
    notUnderstood: [],
  });
  expect(questions.find(({ question }) => question.includes("31 février"))).toMatchObject({
    outcomes: { refused: 1 },
    notUnderstood: [expect.objectContaining({ kind: "time", times: 1 })],
  });
  expect(body["notUnderstood"]).toEqual(expect.arrayContaining([expect.objectContaining({ text: "bleutées", times: 1 })]));
  expect((await questionsOf(api.admin, "?limit=1")).questions).toHaveLength(1);
});

test("GET /questions, a secret in a question, is shown nowhere, also of rows that were kept with it", async () => {
  const secret = "hunter2-Zx81kQp"; // not a secret of anybody
  await ask(`a-t-on déjà vu "password=${secret}" en mai 2026 ?`);
  await createQueryLogStore(api.world.state, { retentionMs: 86_400_000 }).add({
    at: new Date(),
    owner: "x",
    conversationId: "c",
    question: `password=${secret}\u001b[2J`,
    operation: "count",
    language: "fr",
    window: null,
    filters: {},
    unresolved: [`word: password=${secret}`],
    counts: null,
    wording: "template",
    degraded: false,
    timings: {},
  });
  const { body } = await questionsOf(api.admin);
  expect(body["asked"]).toBe(2);
  expect(JSON.stringify(body)).toContain("password=");
  expect(JSON.stringify(body)).not.toContain(secret);
  expect(JSON.stringify(body)).not.toContain("\\u001b");
});

test("GET /questions, a key that is limited to sources, sees only what was asked by those who may know of no others", async () => {
  const [flows, others] = [await api.newKey(["query", "admin"], ["flows"]), await api.newKey(["query", "admin"], ["others"])];
  await ask("échecs le 5 mai 2026 ?");
  await ask("échecs sur Spark le 5 mai 2026 ?", flows);
  await ask("échecs de payroll-private en mai 2026 ?", others);
  const seen = async (key: string) => (await questionsOf(key)).questions.map(({ question }) => question).sort();
  expect(await seen(flows)).toEqual(["échecs sur Spark le 5 mai 2026 ?"]);
  expect(await seen(others)).toEqual(["échecs de payroll-private en mai 2026 ?"]);
  expect(await seen(api.admin)).toHaveLength(3);
});

test("GET /questions, without the scope or with days that are none, is refused", async () => {
  expect((await api.send("GET", "/questions", { key: await api.newKey(["query"]) })).status).toBe(403);
  for (const query of ["?days=0", "?days=x", "?limit=1001", "?other=1"])
    expect((await api.send("GET", `/questions${query}`)).status).toBe(400);
});

test("GET /questions, of days, leaves out what was asked before", async () => {
  await createQueryLogStore(api.world.state, { retentionMs: 90 * 86_400_000 }).add({
    at: new Date(Date.now() - 3 * 86_400_000),
    owner: "x",
    conversationId: "c",
    question: "échecs hier ?",
    operation: "count",
    language: "fr",
    window: null,
    filters: {},
    unresolved: [],
    counts: { runs: 3, matching: 1 },
    wording: "llm",
    wordingReason: "verified",
    sources: null,
    degraded: false,
    timings: {},
  });
  expect((await questionsOf(api.admin, "?days=2")).questions).toEqual([]);
  expect((await questionsOf(api.admin, "?days=4")).questions).toMatchObject([
    { worded: { model: 1, template: 0 }, outcomes: { answered: 1 } },
  ]);
});
