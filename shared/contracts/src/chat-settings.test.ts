import { z } from "zod";
import { readChat } from "./chat-settings.js";
import { llmEnv } from "./environment.js";

const patience = (env: Record<string, string>) => {
  const chat = readChat(z.object(llmEnv).parse({ LITELLM_API_BASE: "http://model", ...env }));
  return [chat?.totalMs, chat?.firstTokenMs];
};

test.each([
  ["nothing", {}, 20_000, 4_000],
  ["less", { LLM_TIMEOUT: "10s" }, 10_000, 4_000],
  ["more, for a model that writes nothing for 40 s", { LLM_TIMEOUT: "60s" }, 60_000, 60_000],
  ["more, and how long it may be silent", { LLM_TIMEOUT: "60s", LLM_FIRST_TOKEN_TIMEOUT: "5s" }, 60_000, 5_000],
] as const)("readChat, of the patience %s is said, waits as long as that means", (_what, env, totalMs, firstTokenMs) => {
  expect(patience(env)).toEqual([totalMs, firstTokenMs]);
});
