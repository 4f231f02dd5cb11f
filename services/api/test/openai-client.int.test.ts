import OpenAI from "openai";
import { someRuns, startLiveApi, type LiveApi } from "./live-api.js";

let api: LiveApi;
beforeEach(async () => {
  api = await startLiveApi();
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
});
