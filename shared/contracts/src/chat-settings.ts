import type { z } from "zod";
import type { llmEnv } from "./environment.js";

type ChatVariables = z.output<z.ZodObject<typeof llmEnv>>;

/** The language model a process words with: the variables of `llmEnv`, nested; undefined when no address is given. */
export const readChat = (env: ChatVariables) =>
  env.LITELLM_API_BASE === undefined
    ? undefined
    : {
        baseUrl: env.LITELLM_API_BASE,
        apiKey: env.LITELLM_API_KEY,
        model: env.LITELLM_MODEL,
        connectMs: env.LLM_CONNECT_TIMEOUT,
        firstTokenMs: env.LLM_FIRST_TOKEN_TIMEOUT,
        totalMs: env.LLM_TIMEOUT,
        promptTokens: env.LLM_MAX_PROMPT_TOKENS,
        answerTokens: env.LLM_MAX_ANSWER_TOKENS,
        dailyTokens: env.LLM_DAILY_TOKENS,
      };
