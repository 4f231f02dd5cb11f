import type { z } from "zod";
import type { llmEnv } from "./environment.js";

type ChatVariables = z.output<z.ZodObject<typeof llmEnv>>;

/** Of a usual model: it begins to write within 4 s, and is done within 20. */
const [usualFirstTokenMs, usualTotalMs] = [4_000, 20_000];

/** The language model a process words with: the variables of `llmEnv`, nested; undefined when no address is given. */
export const readChat = (env: ChatVariables) =>
  env.LITELLM_API_BASE === undefined
    ? undefined
    : {
        baseUrl: env.LITELLM_API_BASE,
        apiKey: env.LITELLM_API_KEY,
        model: env.LITELLM_MODEL,
        connectMs: env.LLM_CONNECT_TIMEOUT,
        // A model that is given more time thinks before it writes, or cannot stream: silence is then no sign of a fault.
        firstTokenMs: env.LLM_FIRST_TOKEN_TIMEOUT ?? (env.LLM_TIMEOUT > usualTotalMs ? env.LLM_TIMEOUT : usualFirstTokenMs),
        totalMs: env.LLM_TIMEOUT,
        promptTokens: env.LLM_MAX_PROMPT_TOKENS,
        answerTokens: env.LLM_MAX_ANSWER_TOKENS,
        dailyTokens: env.LLM_DAILY_TOKENS,
      };
