import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateObject, generateText, streamText } from "ai";
import { marked } from "marked";
import OpenAI from "openai";
import { z } from "zod";
import { run, someRuns, startLiveApi, type LiveApi } from "./live-api.js";

let api: LiveApi;
beforeEach(async () => {
  api = await startLiveApi({ PUBLIC_URL: "https://ops.example.com/" });
  await api.store(someRuns());
});
afterEach(async () => expect(await api.world.lifecycle.close()).toBe(true));

const client = (key = api.admin) => new OpenAI({ baseURL: `${api.base}/v1`, apiKey: key, maxRetries: 0 });
const question = "Combien d'échecs le 5 mai 2026 ?";

describe("the official openai client", () => {
  test("a question, is answered with usage", async () => {
    const completion = await client().chat.completions.create({ model: "flow-rag", messages: [{ role: "user", content: question }] });
    expect(completion.choices[0]?.message.content).toContain("5 échecs sur 25 exécutions");
    expect(completion.usage?.total_tokens).toBe((completion.usage?.prompt_tokens ?? 0) + (completion.usage?.completion_tokens ?? 0));
  });

  test("a streamed question, gives the same text in pieces, then usage", async () => {
    const messages = [{ role: "user" as const, content: question }];
    const whole = (await client().chat.completions.create({ model: "flow-rag", messages })).choices[0]?.message.content;
    const stream = await client().chat.completions.create({
      model: "flow-rag",
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = "";
    let pieces = 0;
    let tokens = 0;
    for await (const { choices, usage } of stream) {
      text += choices[0]?.delta.content ?? "";
      pieces += choices[0]?.delta.content ? 1 : 0;
      tokens = usage?.completion_tokens ?? tokens;
    }
    expect([text, pieces > 3, tokens > 0]).toEqual([whole, true, true]);
  });

  test("a history with assistant turns and parts, is continued", async () => {
    const completion = await client().chat.completions.create({
      model: "flow-rag",
      temperature: 0.2,
      messages: [
        { role: "system", content: "You are helpful." },
        { role: "user", content: question },
        { role: "assistant", content: "4 échecs" },
        { role: "user", content: [{ type: "text", text: "et sur Talend ?" }] },
      ],
    });
    expect(completion.choices[0]?.message.content).toMatch(/Talend/);
    expect(completion.choices[0]?.message.content).toMatch(/5 mai/);
  });

  test("the models, are one", async () => {
    const names: string[] = [];
    for await (const { id } of client().models.list()) names.push(id);
    expect([names, (await client().models.retrieve("flow-rag")).id]).toEqual([["flow-rag"], "flow-rag"]);
    await expect(client().models.retrieve("gpt-4")).rejects.toMatchObject({ status: 404 });
  });

  test("a title that a chat client asks for, is the user's own words", async () => {
    const prompt = `Provide a concise, 5-word-or-less title for the conversation.\n\nConversation:\nUser: ${question}\nAI: 5`;
    const completion = await client().chat.completions.create({ model: "flow-rag", messages: [{ role: "user", content: prompt }] });
    expect(completion.choices[0]?.message.content).toBe(question);
  });

  test("a question between passages of documents, is answered", async () => {
    const content = `### Task:\nRespond to the user query using the provided context.\n<context>\nx\n</context>\n\n${question}`;
    const completion = await client().chat.completions.create({ model: "flow-rag", messages: [{ role: "user", content }] });
    expect(completion.choices[0]?.message.content).toContain("5 échecs sur 25 exécutions");
  });

  test("a picture without words, is an error that the client can show", async () => {
    const content = [{ type: "image_url" as const, image_url: { url: "data:image/png;base64,AAAA" } }];
    const asked = client().chat.completions.create({ model: "flow-rag", messages: [{ role: "user", content }] });
    await expect(asked).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining("pictures and files are not read") as unknown,
    });
  });

  test("a wrong key, is an authentication error", async () => {
    await expect(client("frag_0000000000000000_x").models.list()).rejects.toMatchObject({ status: 401 });
  });

  const whichFailed = "Quels pipelines ont échoué le 5 mai 2026 ?";
  const ask = (parameters: object) =>
    client().chat.completions.create({
      model: "flow-rag",
      messages: [{ role: "user", content: whichFailed }],
      ...parameters,
    } as OpenAI.ChatCompletionCreateParamsNonStreaming);

  test("an answer that cites, has its evidence under it: once, also when the client sends it back", async () => {
    const first = (await ask({})).choices[0]?.message.content ?? "";
    const cited = [...new Set([...(first.split("**Preuves**")[0] ?? "").matchAll(/\[(\d+)\]/g)].map(([, n]) => n))];
    const listed = [
      ...first.matchAll(/^- \[(\d+)\] `[^`]+` · `[^`]+` · mar\. 5 mai \d\d:\d\d · `[^`]+` · \[`\w+:[^`]+`\]\((https:.*)\)$/gm),
    ];
    expect([cited.length > 0, listed.map(([, n]) => n)]).toEqual([true, cited]);
    const path = new URL(listed[0]?.[2] ?? "").pathname;
    expect((await api.send("GET", path)).body).toMatchObject({ status: "failed" });
    const again = await ask({
      messages: [
        { role: "user", content: whichFailed },
        { role: "assistant", content: first },
        { role: "user", content: whichFailed },
      ],
    });
    expect(again.choices[0]?.message.content).toBe(first);
  });

  test.each([
    ["n", { n: 2 }],
    ["response_format", { response_format: { type: "json_object" } }],
    ["response_format", { response_format: { type: "json_schema", json_schema: { name: "x", schema: { type: "object" } } } }],
    ["tool_choice", { tools: [{ type: "function", function: { name: "f" } }], tool_choice: "required" }],
    ["tool_choice", { tools: [{ type: "function", function: { name: "f" } }], tool_choice: { type: "function", function: { name: "f" } } }],
    ["logprobs", { logprobs: true }],
    ["top_logprobs", { top_logprobs: 3 }],
    ["logit_bias", { logit_bias: { 50256: -100 } }],
    ["modalities", { modalities: ["text", "audio"] }],
    ["store", { store: true }],
    ["guided_json", { guided_json: {} }],
    ["max_tokens", { max_tokens: 0 }],
    ["stop", { stop: 5 }],
    ["messages.0.role", { messages: [{ role: "wizard", content: "x" }] }],
  ])("%s that cannot be done (%j), is a 400 that names it", async (param, parameters) => {
    for (const stream of [false, true])
      await expect(ask({ ...parameters, stream })).rejects.toMatchObject({
        status: 400,
        param,
        type: "invalid_request_error",
        message: expect.stringContaining(param) as string,
      });
  });

  test("what changes nothing, is taken and changes nothing", async () => {
    const plain = await ask({});
    const usual = { temperature: 1.5, top_p: 0.1, presence_penalty: 1, frequency_penalty: 1, seed: 7, user: "u", metadata: { a: "b" } };
    const tools = { n: 1, tools: [{ type: "function", function: { name: "f" } }], tool_choice: "auto", response_format: { type: "text" } };
    const none = { stop: null, max_tokens: null, logprobs: false, logit_bias: {}, store: false, reasoning_effort: "low", top_k: 3 };
    const full = await ask({ ...usual, ...tools, ...none });
    expect(full.choices).toEqual(plain.choices);
  });

  test("max_tokens and stop, whole and in a stream, end the answer and say why", async () => {
    const whole = (await ask({})).choices[0]?.message.content ?? "";
    const short = await ask({ max_completion_tokens: 12 });
    const { message, finish_reason } = short.choices[0]!;
    expect([finish_reason, whole.startsWith(message.content ?? "-"), (short.usage?.completion_tokens ?? 99) <= 12]).toEqual([
      "length",
      true,
      true,
    ]);
    const stopped = await ask({ stop: ["\n"] });
    expect(stopped.choices[0]).toMatchObject({ finish_reason: "stop", message: { content: whole.split("\n")[0] } });
    const stream = await client().chat.completions.create({
      model: "flow-rag",
      messages: [{ role: "user", content: whichFailed }],
      max_tokens: 12,
      stream: true,
    });
    let text = "";
    const reasons: string[] = [];
    for await (const { choices } of stream) {
      text += choices[0]?.delta.content ?? "";
      if (choices[0]?.finish_reason) reasons.push(choices[0].finish_reason);
    }
    expect([text, reasons]).toEqual([message.content, ["length"]]);
  });
});

describe("the AI SDK", () => {
  const model = () => createOpenAICompatible({ name: "flow-rag", baseURL: `${api.base}/v1`, apiKey: api.admin })("flow-rag");

  test("text, whole and streamed, with the usual settings, is the same answer", async () => {
    const asked = { model: model(), prompt: question, temperature: 0, topP: 0.9, seed: 1, maxRetries: 0 };
    const { text, finishReason } = await generateText(asked);
    expect([text.includes("5 échecs sur 25 exécutions"), finishReason]).toEqual([true, "stop"]);
    const streamed = streamText(asked);
    let pieces = "";
    for await (const piece of streamed.textStream) pieces += piece;
    expect([pieces, await streamed.finishReason]).toEqual([text, "stop"]);
  });

  test("an answer that is too long for the client, is cut and says so", async () => {
    expect(await generateText({ model: model(), prompt: question, maxOutputTokens: 2, maxRetries: 0 })).toMatchObject({
      finishReason: "length",
    });
  });

  test("an object of a schema, is refused with a reason", async () => {
    const asked = generateObject({ model: model(), prompt: question, schema: z.object({ failures: z.number() }), maxRetries: 0 });
    await expect(asked).rejects.toMatchObject({ statusCode: 400, message: expect.stringContaining("response_format") as string });
  });
});

test("a chat client, of errors that are Markdown, is sent them as code, whole and streamed and cut", async () => {
  const hostile = [
    "![x](https://evil.example/p.png) failed",
    "[click](https://evil.example) <img src=x onerror=alert(1)> # heading **bold** __bold__ ~~gone~~",
    '` ``` $$x$$ \\[y\\] https://evil.example » « " _em_ | a | b |',
  ];
  await api.store(
    hostile.map((error, index) =>
      run(`hostile-${index}`, {
        pipeline: `__p${index}__ ![y](https://evil.example)`,
        tech: "Spark",
        ts: new Date("2026-05-07T02:00:00Z"),
        status: "failed",
        error,
        signature: `hostile-${index}`,
      }),
    ),
  );
  for (const query of ["pourquoi les échecs du 7 mai 2026 ?", "list the failures on 7 May 2026", "quelles erreurs le 7 mai 2026 ?"]) {
    const messages = [{ role: "user" as const, content: query }];
    const ask = async (limits: { max_tokens?: number } = {}) =>
      (await client().chat.completions.create({ model: "flow-rag", messages, ...limits })).choices[0]?.message.content ?? "";
    const whole = await ask();
    expect(whole).toContain("bold");
    const texts = [whole, ...(await Promise.all([20, 40, 60, 80].map(async (max_tokens) => await ask({ max_tokens }))))];
    let sofar = "";
    for await (const { choices } of await client().chat.completions.create({ model: "flow-rag", messages, stream: true }))
      texts.push((sofar += choices[0]?.delta.content ?? ""));
    for (const text of texts) {
      const html = marked.parse(text, { gfm: true, breaks: true, async: false });
      const links = [...html.matchAll(/<a href="([^"]*)"/g)].map(([, url]) => url);
      expect(links.filter((url) => !url?.startsWith("https://ops.example.com/runs/"))).toEqual([]);
      expect(html.replace(/<code>[^<]*<\/code>/g, "")).not.toMatch(/<img|<script|<h\d|<del|<em|<table|<pre|\$\$|evil/);
    }
  }
});
