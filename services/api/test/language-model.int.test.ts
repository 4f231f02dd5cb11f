import { draftOf, startChatServer, waitFor, type ChatReply, type ChatServer } from "@flow-rag/testing";
import OpenAI from "openai";
import { chatMarkdown } from "../src/domain/chat-markdown.js";
import { someRuns, startLiveApi, type LiveApi } from "./live-api.js";

let server: ChatServer;
const started: LiveApi[] = [];
beforeEach(async () => {
  server = await startChatServer();
});
afterEach(async () => {
  for (const { world } of started.splice(0)) expect(await world.lifecycle.close()).toBe(true);
  await server.close();
});
const start = async (env: Record<string, string> = {}): Promise<LiveApi> => {
  const api = await startLiveApi({
    LITELLM_API_BASE: server.baseUrl,
    LITELLM_API_KEY: "sk-key-of-the-model",
    LLM_FIRST_TOKEN_TIMEOUT: "300ms",
    ...env,
  });
  started.push(api);
  await api.store(someRuns());
  return api;
};

const question = "Quelles technos ont échoué le 5 mai 2026 ?";
const lie = "Le 5 mai, 4242 échecs sur 4243 exécutions, tous sur Talend [1].";
type Wording = { by: string; reason: string; tokens: object | null };
const wordingOf = (body: Record<string, unknown>) => body["wording"] as Wording;
const truthful = () => server.reply(({ messages }) => ({ text: draftOf(messages) }));
/** What the templates say, of the same runs. */
const templateAnswer = async (): Promise<string> => {
  const alone = await startLiveApi();
  started.push(alone);
  await alone.store(someRuns());
  return String((await alone.send("POST", "/query", { body: { query: question } })).body["answer"]);
};
/** The text of an event stream, as a reader puts it together. */
const textOf = (events: string): string =>
  [...events.matchAll(/^event: token\ndata: (.*)$/gm)].map(([, data = ""]) => (JSON.parse(data) as { text: string }).text).join("");

test("POST /query, a model that tells the truth, is worded by it and its tokens are the key's", async () => {
  const api = await start();
  truthful();
  const key = await api.newKey(["query"]);
  const { status, body } = await api.send("POST", "/query", { key, body: { query: question } });
  expect([status, wordingOf(body)]).toMatchObject([
    200,
    { by: "llm", reason: "verified", attempts: 1, model: "stub", tokens: { prompt: 11, answer: 7 } },
  ]);
  const streamed = await api.send("POST", "/query", { key, body: { query: question }, headers: { accept: "text/event-stream" } });
  expect(textOf(streamed.text)).toBe(body["answer"]);
  const completion = await new OpenAI({ baseURL: `${api.base}/v1`, apiKey: key, maxRetries: 0 }).chat.completions.create({
    model: "flow-rag",
    messages: [{ role: "user", content: question }],
  });
  expect(completion.choices[0]?.message.content?.split("\n\n**Preuves**")[0]).toBe(chatMarkdown(String(body["answer"])));
  expect(server.requests).toHaveLength(3);
  expect((await api.send("GET", "/usage", { key })).body["usage"]).toMatchObject([
    { questions: 3, promptTokens: 33, completionTokens: 21 },
  ]);
  const metrics = (await api.send("GET", "/metrics")).text;
  expect(metrics).toContain('flowrag_llm_tokens_total{kind="prompt"} 33');
});

const bad: readonly (readonly [string, ChatReply, string])[] = [
  ["lies", { text: lie }, "rejected"],
  ["says nothing", { hang: "before headers" }, "timeout"],
  ["stops after its first words", { hang: "in mid-stream" }, "timeout"],
  ["answers 500", { status: 500 }, "unavailable"],
  ["breaks off behind a proxy that calls it done", { cut: "Le 5 mai 2026, ", finish: "stop" }, "rejected"],
];
test.each(bad)("POST /query and /v1/chat/completions, a model that %s, give the template's text alone", async (_how, reply, reason) => {
  const api = await start();
  server.reply(() => reply);
  const wanted = await templateAnswer();
  const { status, body } = await api.send("POST", "/query", { body: { query: question } });
  expect([status, body["answer"], wordingOf(body)]).toEqual([200, wanted, expect.objectContaining({ by: "template", reason })]);
  const streamed = await api.send("POST", "/query", { body: { query: question }, headers: { accept: "text/event-stream" } });
  expect(textOf(streamed.text)).toBe(wanted);
  const chat = { model: "flow-rag", messages: [{ role: "user", content: question }] };
  const whole = await api.send("POST", "/v1/chat/completions", { body: chat });
  const pieces = await api.send("POST", "/v1/chat/completions", { body: { ...chat, stream: true } });
  expect((whole.body["choices"] as { message: { content: string } }[])[0]?.message.content.split("\n\n**Preuves**")[0]).toBe(
    chatMarkdown(wanted),
  );
  expect(pieces.text.trimEnd()).toMatch(/data: \[DONE\]$/);
  for (const { text } of [streamed, whole, pieces]) {
    expect(text).not.toMatch(/4242|4243|Hier,|sk-key/);
    expect(text).not.toContain("refused:"); // what the server said
  }
  expect(api.lines.join("\n")).not.toMatch(/\b4242\b|sk-key/);
});

test("POST /query, the day's tokens are spent, is worded by the template, on every replica, and said everywhere", async () => {
  const env = { LLM_DAILY_TOKENS: "2500" };
  const api = await start(env);
  const replica = await start({ ...env, STATE_DB: api.world.stateDb });
  truthful();
  const ask = async (live: LiveApi, key = api.admin) =>
    wordingOf((await live.send("POST", "/query", { key, body: { query: question } })).body);
  expect(await ask(api)).toMatchObject({ by: "llm" });
  const today = async () => (await api.send("GET", "/usage")).body["tokens"] as { used: number; refused: number };
  expect(await today()).toMatchObject({ limit: 2_500, used: 18, refused: 0, day: expect.stringMatching(/^\d{4}-/) as string });
  await api.world.state.collection<{ _id: string }>("llm_budget").updateOne({}, { $set: { used: 2_490 } });
  const [here, there] = [await ask(api), await ask(replica)];
  for (const wording of [here, there]) expect(wording).toMatchObject({ by: "template", reason: "budget_spent", tokens: null });
  expect(server.requests).toHaveLength(1);
  expect(await today()).toMatchObject({ used: 2_490, refused: 2 });
  expect((await api.send("GET", "/status")).body["model"]).toMatchObject({ tokens: { limit: 2_500, used: 2_490, refused: 2 } });
  expect((await api.send("GET", "/status", { headers: { accept: "text/html" } })).text).toMatch(/2\s490 sur 2\s500/);
  const metrics = (await api.send("GET", "/metrics")).text;
  for (const line of [
    'flowrag_llm_daily_tokens{state="used"} 2490',
    'state="limit"} 2500',
    'flowrag_llm_errors_total{class="budget_spent"} 1',
  ])
    expect(metrics).toContain(line);
  const selftest = (await api.send("POST", "/admin/selftest")).body["checks"] as { name: string; status: string }[];
  expect(selftest.find(({ name }) => name === "language model")?.status).toBe("warn");
});

test("POST /query, the caller leaves while the model writes, ends the call, keeps what it cost and is no error", async () => {
  const api = await start({ LLM_DAILY_TOKENS: "100000", LLM_FIRST_TOKEN_TIMEOUT: "8s" });
  server.reply(() => ({ hang: "in mid-stream" }));
  const leaving = new AbortController();
  const asked = fetch(`${api.base}/query`, {
    method: "POST",
    headers: { authorization: `Bearer ${api.admin}`, "content-type": "application/json" },
    body: JSON.stringify({ query: question }),
    signal: leaving.signal,
  });
  asked.catch(() => undefined);
  await waitFor(async () => (server.requests.length > 0 ? true : undefined), "the model to be asked");
  leaving.abort();
  await expect(asked).rejects.toMatchObject({ name: "AbortError" });
  const told = await waitFor(async () => api.lines.find((line) => line.includes("the caller left")), "the end of the request");
  expect(JSON.parse(told)).toMatchObject({ level: 30, route: "/query" });
  expect(api.lines.filter((line) => (JSON.parse(line) as { level: number }).level >= 50)).toEqual([]);
  const used = await waitFor(async () => {
    const row = await api.world.state.collection("llm_budget").findOne();
    return typeof row?.["used"] === "number" && row["used"] < 2_000 ? row["used"] : undefined;
  }, "the budget to be settled");
  expect(used).toBeGreaterThan(300); // the prompt
});
