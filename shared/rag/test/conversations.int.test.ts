import { createHarness, type Harness } from "@flow-rag/testing";
import { deleteConversation, listConversations, readConversation } from "../src/index.js";
import { createAsking, morning, run, signal } from "./asking.js";

let harness: Harness;
beforeEach(async () => (harness = await createHarness()));
afterEach(async () => expect(await harness.lifecycle.close()).toBe(true));

const alice = { owner: "alice" };
const bob = { owner: "bob" };
const failed = { status: "failed", error: "code 137", signature: "b" } as const;
const rows = [
  run(1, failed),
  run(2, { ...failed, tech: "dbt", pipeline: "mart_finance" }),
  run(3, { ...failed, ts: new Date("2026-05-04T02:00:00Z") }),
  run(4, {}),
];

test("answerQuestion, follow-ups of one conversation, take over what they do not say and say so in words", async () => {
  const { ask, store } = createAsking(harness);
  await store(rows);
  const first = await ask("Quelles technos ont échoué hier ?", { asker: alice });
  const inIt = { asker: alice, conversation_id: first.conversation_id };
  expect([first.continued, first.facts?.matching]).toEqual([false, 2]);

  const dayBefore = await ask("et avant-hier ?", inIt);
  expect(dayBefore.answer.split("\n").slice(0, 2)).toEqual([
    "Question comprise\u202F: Échecs par techno, avant-hier (lun. 4 mai).",
    "Avant-hier (lun. 4 mai)\u202F: 1 échec sur 1 exécution (100\u202F%), dans 1 techno.",
  ]);
  expect((await ask("et hier ?", inIt)).facts?.matching).toBe(2);
  const narrowed = await ask("seulement Spark", inIt);
  expect([narrowed.plan.filters.techs, narrowed.facts?.matching, narrowed.facts?.runs]).toEqual([["Spark"], 1, 2]);
  const why = await ask("pourquoi ?", inIt);
  expect([why.plan.operation, why.plan.filters.techs, why.facts?.matching]).toEqual(["explain", ["Spark"], 1]);
  expect(why.resolved).toBe("Causes (échecs), `Spark`, hier (mar. 5 mai)");
});

test("answerQuestion, a place of the list before, is answered for that name, and another place of the same list after it", async () => {
  const { ask, store } = createAsking(harness);
  await store([...rows, run(5, { ...failed, ts: new Date("2026-05-05T03:00:00Z") })]);
  const first = await ask("top des pipelines en échec hier", { asker: alice });
  const inIt = { asker: alice, conversation_id: first.conversation_id };
  const [mostFailed, second] = first.facts?.groups.map(({ key }) => key) ?? [];
  expect([mostFailed, second]).toEqual(["orders-daily", "mart_finance"]);
  const picked = await ask("et le deuxième ?", inIt);
  expect([picked.continued, picked.plan.filters.pipelines, picked.facts?.matching]).toEqual([true, ["mart_finance"], 1]);
  const other = await ask("pourquoi le premier ?", inIt);
  expect([other.plan.operation, other.plan.filters.pipelines, other.facts?.matching]).toEqual(["explain", ["orders-daily"], 2]);
  expect((await ask("le cinquième ?", inIt)).answer).toContain("Non pris en compte\u202F: «\u202Fle cinquième\u202F».");
});

test("answerQuestion, a question that is not understood in between, leaves the conversation where it stood", async () => {
  const { ask, store } = createAsking(harness);
  await store(rows);
  const inIt = { asker: alice, conversation_id: "c1" };
  await ask("échecs hier ?", inIt);
  expect((await ask("échecs le 31 février ?", inIt)).facts).toBeNull();
  expect((await ask("et avant-hier ?", inIt)).facts?.matching).toBe(1);
});

test("answerQuestion, the conversation of somebody else under the same id, is not met", async () => {
  const { ask, store, conversations, deps } = createAsking(harness);
  await store(rows);
  await ask("échecs hier ?", { asker: alice, conversation_id: "c1" });
  const other = await ask("et avant-hier ?", { asker: bob, conversation_id: "c1" });
  expect(other.continued).toBe(false);
  const reading = { conversations, now: deps.now };
  expect((await readConversation(reading, "c1", alice, signal)).history).toHaveLength(1);
  await deleteConversation(reading, "c1", bob);
  await expect(readConversation(reading, "c1", bob, signal)).rejects.toMatchObject({ kind: "not_found" });
  expect((await listConversations(reading, {}, alice, signal)).map(({ id, title }) => [id, title])).toEqual([["c1", "échecs hier ?"]]);
});

test("answerQuestion, turns of one conversation at once, keeps them all", async () => {
  const { ask, store, conversations, deps } = createAsking(harness);
  await store(rows);
  await Promise.all(Array.from({ length: 12 }, (_, turn) => ask(`échecs hier ? ${turn + 1}`, { asker: alice, conversation_id: "c1" })));
  const { history, turns } = await readConversation({ conversations, now: deps.now }, "c1", alice, signal);
  expect([turns, new Set(history.map(({ question }) => question)).size]).toEqual([12, 12]);
});

test("answerQuestion, a conversation that has expired, begins anew", async () => {
  let now = morning;
  const { ask, store, conversations } = createAsking(harness, { now: () => now });
  await store(rows);
  await ask("échecs hier ?", { asker: alice, conversation_id: "c1" });
  now = new Date(morning.getTime() + 31 * 86_400_000);
  const reading = { conversations, now: () => now };
  expect(await listConversations(reading, {}, alice, signal)).toEqual([]);
  expect((await ask("et avant-hier ?", { asker: alice, conversation_id: "c1" })).continued).toBe(false);
  expect((await readConversation(reading, "c1", alice, signal)).turns).toBe(1);
});

test("answerQuestion, a secret in a question, is in neither the conversation nor the query log", async () => {
  const { ask, store, conversations, deps, queryLog } = createAsking(harness);
  await store(rows);
  const secret = "hunter2-Zx81kQp"; // not a secret of anybody
  await ask(`a-t-on déjà vu "password=${secret}" hier ?`, { asker: alice, conversation_id: "c1" });
  const kept = JSON.stringify([
    await readConversation({ conversations, now: deps.now }, "c1", alice, signal),
    await conversations.lastPlan("alice", "c1", morning, signal),
    await queryLog.latest({ limit: 10, now: morning }, signal),
  ]);
  expect(kept).not.toContain(secret);
  expect(kept).toContain("password=");
});

test("answerQuestion, the query log, holds what was asked, counted and how long it took", async () => {
  const { ask, store, queryLog } = createAsking(harness);
  await store(rows);
  await ask("combien d'échecs hier ?", { asker: alice });
  const [entry] = await queryLog.latest({ limit: 10, now: morning }, signal);
  expect(entry).toMatchObject({
    owner: "alice",
    operation: "count",
    language: "fr",
    counts: { runs: 3, matching: 2 },
    wording: "template",
  });
  expect(await queryLog.latest({ limit: 10, now: new Date(morning.getTime() + 31 * 86_400_000) }, signal)).toEqual([]);
});
