import { freePort } from "@flow-rag/kernel";
import { startChatServer, waitFor, type ChatReply, type ChatServer } from "@flow-rag/testing";
import { createChatModel, type ChatConfig, type ChatModel } from "../src/index.js";

const { signal } = new AbortController();
const secret = "sk-proxy-9f8e7d6c5b4a";
const messages = [{ role: "user", content: "Bonjour" }] as const;
let server: ChatServer;
let model: ChatModel;
beforeEach(async () => {
  server = await startChatServer();
  model = open();
});
afterEach(async () => {
  await model.close();
  await server.close();
});
const open = (config: Partial<ChatConfig> = {}) =>
  createChatModel({
    baseUrl: server.baseUrl,
    apiKey: secret,
    model: "stub",
    connectMs: 2_000,
    firstTokenMs: 5_000,
    totalMs: 10_000,
    promptTokens: 4_000,
    answerTokens: 400,
    ...config,
  });
const json = (content: unknown, finish: unknown = "stop") => JSON.stringify({ choices: [{ message: { content }, finish_reason: finish }] });

test("chat model, a whole stream, is one text with its usage, asked for once with the key", async () => {
  server.reply(() => ({ text: "12 échecs hier, sur 3 technos." }));
  const answer = await model.complete(messages, { maxTokens: 50 }, signal);
  expect(answer).toEqual({ text: "12 échecs hier, sur 3 technos.", usage: { promptTokens: 11, answerTokens: 7 }, model: "stub" });
  expect(server.requests).toHaveLength(1);
  expect(server.requests[0]).toMatchObject({ messages, stream: true, headers: { authorization: `Bearer ${secret}` } });
});

test("chat model, a stream, gives its pieces as they come", async () => {
  server.reply(() => ({ text: "un deux trois quatre cinq six" }));
  const pieces: string[] = [];
  for await (const piece of model.stream(messages, {}, signal)) pieces.push(piece);
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.join("")).toBe("un deux trois quatre cinq six");
});

test("chat model, a server that cannot stream, is understood all the same", async () => {
  server.reply(() => ({ raw: json("RAS."), type: "application/json; charset=utf-8" }));
  await expect(model.complete(messages, {}, signal)).resolves.toMatchObject({ text: "RAS.", usage: null });
});

const bad: readonly (readonly [string, ChatReply, string])[] = [
  ["a 500", { status: 500 }, "upstream_unavailable"],
  ["a 503", { status: 503 }, "upstream_unavailable"],
  ["a 401 that repeats the key", { status: 401 }, "misconfigured"],
  ["a 404", { status: 404 }, "misconfigured"],
  ["a redirect", { status: 302, headers: { location: "http://127.0.0.1:9/" } }, "upstream_unavailable"],
  ["no JSON", { raw: "<html>busy</html>", type: "application/json" }, "upstream_unavailable"],
  ["a page instead of a stream", { raw: "<html>busy</html>", type: "text/html" }, "upstream_unavailable"],
  ["garbage in the stream", { raw: "data: {\n\ndata: \u0000\u0001garbage\n\n", type: "text/event-stream" }, "upstream_unavailable"],
  [
    "an error inside the stream",
    { raw: 'data: {"error":{"message":"overloaded"}}\n\n', type: "text/event-stream" },
    "upstream_unavailable",
  ],
  ["another shape", { raw: 'data: {"choices":[{"delta":{"content":7}}]}\n\n', type: "text/event-stream" }, "upstream_unavailable"],
  ["no choice", { raw: '{"choices":[]}', type: "application/json" }, "upstream_unavailable"],
  ["an empty text", { text: "" }, "upstream_unavailable"],
  ["an empty body", { raw: "", type: "text/event-stream" }, "upstream_unavailable"],
  ["a stream that ends early", { cut: "Hier, 12 éch" }, "upstream_unavailable"],
  ["a text that was cut by its length", { raw: json("Hier", "length"), type: "application/json" }, "upstream_unavailable"],
  ["words without end", { endless: "encore ".repeat(200) }, "upstream_unavailable"],
];
test.each(bad)("chat model, %s, is an error that names no key", async (_situation, reply, kind) => {
  server.reply(() => reply);
  const failure = (await model.complete(messages, {}, signal).catch((thrown: unknown) => thrown)) as Error;
  expect(failure).toMatchObject({ name: "AppError", kind });
  for (let error: unknown = failure; error instanceof Error; error = error.cause) expect(error.message).not.toContain(secret);
  expect(server.requests).toHaveLength(1);
});

test("chat model, 429, says how long to wait and is left alone until then", async () => {
  server.reply(() => ({ status: 429, headers: { "retry-after": "7" } }));
  for (let call = 0; call < 2; call += 1)
    await expect(model.complete(messages, {}, signal)).rejects.toMatchObject({ kind: "rate_limited", retryAfterMs: 7_000 });
  expect(server.requests).toHaveLength(1);
});

test.each([
  ["answers 500", { status: 500 }, {}],
  ["is silent", { hang: "before headers" }, { firstTokenMs: 50 }],
  ["never ends", { hang: "in mid-stream" }, { totalMs: 80 }],
] as const)("chat model, a server that %s twice in a row, is left alone", async (_how, reply, limits) => {
  server.reply(() => reply);
  const given = open(limits);
  for (let call = 0; call < 4; call += 1)
    await expect(given.complete(messages, {}, signal)).rejects.toMatchObject({ kind: "upstream_unavailable" });
  expect(server.requests).toHaveLength(2);
  await given.close();
});

const refusedAs = (message: string, code: string) => ({ status: 400, body: JSON.stringify({ error: { message, code, type: code } }) });
const cutByLength = { raw: json("Hier", "length"), type: "application/json" };
test.each([
  ["is cut by its length", cutByLength, "upstream_unavailable", /cut its answer/],
  [
    "is too long for the model (OpenAI)",
    refusedAs("This model's maximum context length is 4096 tokens", "context_length_exceeded"),
    "too_large",
    /LLM_MAX_PROMPT_TOKENS/,
  ],
  ["is too long (LiteLLM)", refusedAs("litellm.ContextWindowExceededError: …", "400"), "too_large", /LLM_MAX_PROMPT_TOKENS/],
  ["is too long (llama.cpp)", refusedAs("the request exceeds the available context size", "x"), "too_large", /LLM_MAX_PROMPT_TOKENS/],
  ["is refused for something of its own", refusedAs("bad role", "invalid_request"), "misconfigured", /answered 400/],
] as const)("chat model, a question that %s three times, does not close it for the next", async (_how, reply, kind, message) => {
  server.reply(() => reply);
  for (let call = 0; call < 3; call += 1)
    await expect(model.complete(messages, {}, signal)).rejects.toMatchObject({ kind, message: expect.stringMatching(message) as string });
  server.reply(() => ({ text: "RAS." }));
  await expect(model.complete(messages, {}, signal)).resolves.toMatchObject({ text: "RAS." });
});

test("chat model, the proxy's budget is spent, is told as that and not asked again at once", async () => {
  server.reply(() => refusedAs("Budget has been exceeded! Current cost: 1.2, Max budget: 1.0", "budget_exceeded"));
  for (let call = 0; call < 2; call += 1)
    await expect(model.complete(messages, {}, signal)).rejects.toMatchObject({ kind: "budget_spent" });
  expect(server.requests).toHaveLength(1);
});

test("chat model, 429 through a proxy that renames the header, is left alone as long as it says", async () => {
  server.reply(() => ({ status: 429, headers: { "llm_provider-retry-after": "9" } }));
  await expect(model.complete(messages, {}, signal)).rejects.toMatchObject({ kind: "rate_limited", retryAfterMs: 9_000 });
});

test("chat model, the pause is over and twelve ask at once, is tried by one of them", async () => {
  server.reply(() => ({ status: 429, headers: { "retry-after": "0" } }));
  await expect(model.complete(messages, {}, signal)).rejects.toMatchObject({ kind: "rate_limited" });
  server.reply(() => ({ hang: "before headers" }));
  const controller = new AbortController();
  const asked = Promise.allSettled(Array.from({ length: 12 }, () => model.complete(messages, {}, controller.signal)));
  await waitFor(async () => (server.requests.length === 2 ? true : undefined), "the one that tries");
  controller.abort(new Error("enough"));
  await asked;
  expect(server.requests).toHaveLength(2);
});

test.each([
  ["is cut", { cut: "Hier, 12 éch" }],
  ["hangs", { hang: "in mid-stream" }],
] as const)("chat model, an answer that %s, is told with what it has cost", async (_how, reply) => {
  server.reply(() => reply);
  const given = open({ firstTokenMs: 1_500 });
  const spent: { promptTokens: number; answerTokens: number }[] = [];
  await expect(given.complete(messages, { onSpent: (usage) => spent.push(usage) }, signal)).rejects.toThrow();
  expect(spent).toEqual([{ promptTokens: expect.any(Number) as number, answerTokens: expect.any(Number) as number }]);
  expect(Math.min(...Object.values(spent[0] ?? { none: 0 }))).toBeGreaterThan(0);
  await given.close();
});

test("chat model, a refused call, has cost nothing", async () => {
  server.reply(() => ({ status: 401 }));
  let told = 0;
  await expect(model.complete(messages, { onSpent: () => (told += 1) }, signal)).rejects.toThrow();
  expect(told).toBe(0);
});

test.each([
  ["before the headers", { hang: "before headers" }, { firstTokenMs: 60 }, /was silent for 60 ms/],
  ["in mid-stream", { hang: "in mid-stream" }, { firstTokenMs: 60 }, /was silent for 60 ms/],
  ["as a whole", { hang: "in mid-stream" }, { totalMs: 80 }, /took longer than 80 ms/],
] as const)("chat model, a server that hangs %s, is given up", async (_situation, reply, limits, message) => {
  server.reply(() => reply);
  const impatient = open(limits);
  await expect(impatient.complete(messages, {}, signal)).rejects.toMatchObject({
    kind: "upstream_unavailable",
    message: expect.stringMatching(message) as string,
  });
  await impatient.close();
});

describe("chat model, a clock that is put forward", () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate", "queueMicrotask", "performance"] }));
  afterEach(() => jest.useRealTimers());
  /** Asks a model that is given 60 s and writes nothing before the end of the wait. */
  async function askAndWait(ms: number) {
    const patient = open({ firstTokenMs: 60_000, totalMs: 60_000 });
    let answer = (): void => {};
    let asked = (): void => {};
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const onceHeld = new Promise<void>((resolve) => (answer = resolve));
    server.reply(() => (asked(), { text: "RAS.", onceHeld }));
    const outcome = patient.complete(messages, {}, signal).then(
      ({ text }) => text,
      (error: unknown) => (error as Error).message,
    );
    await isAsked;
    jest.advanceTimersByTime(ms);
    answer();
    const said = await outcome;
    await patient.close();
    return said;
  }

  test("40 s of 60, is waited for", async () => {
    expect(await askAndWait(40_000)).toBe("RAS.");
  });

  test("past 60 s, is given up", async () => {
    expect(await askAndWait(60_001)).toMatch(/was silent for 60000 ms|took longer than 60000 ms/);
  });
});

test("chat model, nobody at the address, is known at once", async () => {
  const nobody = open({ baseUrl: `http://127.0.0.1:${await freePort()}` });
  await expect(nobody.complete(messages, {}, signal)).rejects.toMatchObject({ kind: "upstream_unavailable" });
});

test("chat model, aborted or closed in mid-answer, rejects with that reason", async () => {
  server.reply(() => ({ hang: "in mid-stream" }));
  const controller = new AbortController();
  const aborted = expect(model.complete(messages, {}, controller.signal)).rejects.toThrow("enough");
  controller.abort(new Error("enough"));
  await aborted;
  const closing = expect(model.complete(messages, {}, signal)).rejects.toThrow("the language model is closed");
  await model.close();
  await closing;
});
