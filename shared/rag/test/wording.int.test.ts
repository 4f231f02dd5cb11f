import { createChatModel } from "@flow-rag/models";
import { createHarness, draftOf, startChatServer, type ChatReply, type ChatServer, type Harness } from "@flow-rag/testing";
import { lyingModels } from "../eval/lying-models.js";
import { createAsking, run } from "./asking.js";

let harness: Harness;
let server: ChatServer;
beforeEach(async () => {
  harness = await createHarness();
  server = await startChatServer();
});
afterEach(async () => {
  await server.close();
  expect(await harness.lifecycle.close()).toBe(true);
});
const openChat = () =>
  createChatModel({
    baseUrl: server.baseUrl,
    apiKey: "sk-secret",
    model: "stub",
    connectMs: 5_000,
    firstTokenMs: 200,
    totalMs: 10_000,
    promptTokens: 8_000,
    answerTokens: 4_000,
  });

async function openAsking() {
  const chat = openChat();
  harness.lifecycle.own("chat", chat, (model) => model.close());
  const asking = createAsking(harness, { chat });
  await asking.store([
    run(1, { status: "failed", error: "ORA-12541: TNS:no listener", signature: "a", tech: "Talend", pipeline: "crm-export" }),
    run(2, { status: "failed", error: "code 137", signature: "b" }),
    run(3, { status: "failed", error: "code 137", signature: "b" }),
    run(4, { ts: new Date("2026-05-06T05:59:00Z") }),
    run(5, {}),
  ]);
  return asking;
}
const questions = [
  "Quelles technos ont échoué hier ?",
  "which pipelines failed yesterday?",
  "combien d'échecs hier ?",
  "failure rate yesterday",
  "dernier échec hier",
  "durée médiane hier",
  "bilan hier",
  "compare hier à avant-hier",
];

test("answerQuestion, a model that words the facts well, is believed; the window stays ours", async () => {
  const { ask } = await openAsking();
  server.reply(() => ({
    text: "Hier, 3 exécutions sur 4 ont échoué, sur deux technos : Spark (2 échecs, « code 137 » [1]) et Talend (1 échec [2]).",
  }));
  const { answer, wording, citations } = await ask("Quelles technos ont échoué hier ?");
  expect(answer.split("\n")).toEqual([
    "Hier, 3 exécutions sur 4 ont échoué, sur deux technos\u202F: Spark (2 échecs, «\u202Fcode 137\u202F» [1]) et Talend (1 échec [2]).",
    "Fenêtre\u202F: du 5 mai 00:00 au 6 mai 00:00, Europe/Paris. Données complètes.",
  ]);
  expect(wording).toMatchObject({ by: "llm", reason: "verified", attempts: 1, model: "stub", tokens: { prompt: 11, answer: 7 } });
  expect(citations.map(({ id }) => id)).toEqual(["flows:3", "flows:1"]);
});

test("answerQuestion, a model that is wrong once, is told what was wrong and asked again", async () => {
  const { ask } = await openAsking();
  server.reply(({ messages }) => ({ text: messages.length > 2 ? draftOf(messages) : "Hier, 31 échecs sur 4 exécutions [1]." }));
  const { wording } = await ask("Quelles technos ont échoué hier ?");
  expect(wording).toMatchObject({ by: "llm", attempts: 2 });
  expect(server.requests[1]?.messages.at(-1)?.content).toContain("« 31 échecs");
});

test.each(lyingModels.map(({ name, lie }) => [name, lie] as const))(
  "answerQuestion, a model that lies (%s), is never shown",
  async (_name, lie) => {
    const { ask } = await openAsking();
    const { ask: askAlone } = createAsking(harness);
    let told = 0;
    for (const [turn, question] of questions.entries()) {
      let lied = false;
      server.reply(({ messages }) => {
        const draft = draftOf(messages);
        const said = lie(draft, turn);
        lied = said !== undefined && said !== draft;
        return { text: said ?? draft };
      });
      const { answer, wording } = await ask(question);
      if (!lied) continue;
      told += 1;
      expect([wording.by, wording.reason, wording.attempts]).toEqual(["template", "rejected", 2]);
      expect(answer).toBe((await askAlone(question)).answer);
    }
    expect(told).toBeGreaterThan(0);
  },
);

const broken: readonly (readonly [string, ChatReply, string])[] = [
  ["is down", { status: 500 }, "unavailable"],
  ["is rate limited", { status: 429, headers: { "retry-after": "3" } }, "rate_limited"],
  ["refuses the key", { status: 401 }, "misconfigured"],
  ["says nothing", { hang: "before headers" }, "timeout"],
  ["stops in mid-stream", { hang: "in mid-stream" }, "timeout"],
  ["is cut off", { cut: "Hier, 3 éch" }, "unavailable"],
  ["streams garbage", { raw: "data: garbage\n\n", type: "text/event-stream" }, "unavailable"],
  ["answers nothing", { text: "" }, "unavailable"],
  ["never ends", { endless: "encore ".repeat(500) }, "unavailable"],
];
test.each(broken)("answerQuestion, a model that %s, leaves the template's answer and says why", async (_situation, reply, reason) => {
  const { ask } = await openAsking();
  const { ask: askAlone } = createAsking(harness);
  server.reply(() => reply);
  const { answer, wording } = await ask("Quelles technos ont échoué hier ?");
  expect(answer).toBe((await askAlone("Quelles technos ont échoué hier ?")).answer);
  expect(wording).toMatchObject({ by: "template", reason });
  expect(JSON.stringify(wording)).not.toContain("sk-secret");
});

test("answerQuestion, without a model or without figures, says so", async () => {
  const { ask } = await openAsking();
  const { ask: askAlone } = createAsking(harness);
  expect((await askAlone("échecs hier ?")).wording).toMatchObject({ by: "template", reason: "no_llm", attempts: 0 });
  expect((await ask("bonjour")).wording).toMatchObject({ by: "template", reason: "nothing_to_word", attempts: 0 });
  expect(server.requests).toEqual([]);
});
