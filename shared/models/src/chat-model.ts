import { answered, AppError, createCircuit, type Verdict } from "@flow-rag/kernel";
import { APIError, OpenAI } from "openai";
import { Stream } from "openai/streaming";
import { checkEndpoint, reachEndpoint } from "./chat-endpoint.js";
import { AnsweredError, toChatError } from "./chat-errors.js";
import { chunksOf, completionOf, type ChatUsage } from "./chat-response.js";
import type { ChatMessage } from "./chat-message.js";
import { createDeadline, type Deadline } from "./chat-deadline.js";
import { estimatePrompt, estimateTokens, type TokenBudget, type TokenReservation } from "./token-budget.js";

/** The variables of `llmEnv` in contracts, nested. Milliseconds; tokens as the model counts them, estimated on our side. */
export type ChatConfig = {
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly model: string;
  /** Until a connection, until the first token, between two tokens, until the last one. */
  readonly connectMs: number;
  readonly firstTokenMs: number;
  readonly totalMs: number;
  /** What a prompt may hold, and what an answer may. */
  readonly promptTokens: number;
  readonly answerTokens: number;
};

export type ChatOptions = {
  readonly maxTokens?: number;
  readonly temperature?: number;
  /** Told once what the call has cost, also when it is cut or given up: as the server counted, else as we estimate. Not for a refused one. */
  readonly onSpent?: (usage: ChatUsage) => void;
};
export type ChatAnswer = { readonly text: string; readonly usage: ChatUsage | null; readonly model: string };

/**
 * A language model behind an OpenAI-compatible address. No call is repeated here: whoever calls owns that.
 * Calls reject with AppError `upstream_unavailable` (silent, broken off, an answer that is none), `rate_limited` (with `retryAfterMs`),
 * `misconfigured` (an address, key or model that is refused), `budget_spent`, or with the signal's reason.
 */
export interface ChatModel {
  readonly model: string;
  /** What a prompt may hold, in tokens. */
  readonly promptTokens: number;
  /** Patience with one answer as a whole, in milliseconds. */
  readonly totalMs: number;
  /** The whole answer; never half of one. */
  complete(messages: readonly ChatMessage[], options: ChatOptions, signal: AbortSignal): Promise<ChatAnswer>;
  /** The answer as it comes, piece by piece. What came before a failure is not to be used. */
  stream(messages: readonly ChatMessage[], options: ChatOptions, signal: AbortSignal): AsyncIterable<string>;
  /** Ends what is under way. */
  close(): Promise<void>;
}

/** No token is longer in bytes than this on average, its wrapping in the stream included; an answer that goes on is not one. */
const bytesPerToken = 1_000;
/** Of a model that is down each question would pay its whole patience. One that answers, however uselessly, is not down. */
const [failures, pauseMs] = [2, 15_000];
const budgetWithinMs = 3_000;

function judge(error: AppError): Verdict {
  if (error instanceof AnsweredError) return "served";
  if (error.retryAfterMs !== undefined) return { pauseMs: error.retryAfterMs };
  return error.kind === "budget_spent" || error.kind === "unexpected" ? "nothing" : "failed";
}

/**
 * Every call is counted against the budget, if there is one: as the server counts, else as we estimate. A call that is given up, by its
 * caller or for its slowness, is counted too: whoever leaves early has been paid for.
 * @throws AppError `misconfigured` when the address is not one that may be asked.
 */
export function createChatModel(config: ChatConfig, budget?: TokenBudget): ChatModel {
  const url = checkEndpoint(config.baseUrl);
  const closing = new AbortController();
  const client = new OpenAI({
    baseURL: url.href,
    apiKey: config.apiKey ?? "none", // a proxy without keys wants the header all the same
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: config.totalMs,
    logLevel: "off", // its own log would hold prompts
    fetchOptions: { redirect: "error" },
  });
  const circuit = createCircuit("the language model", {
    failures,
    pauseMs,
    judge,
    refusal: (last) => last ?? new AppError("upstream_unavailable", `${url.host} is being tried by another question`),
  });

  async function* read(
    messages: readonly ChatMessage[],
    options: ChatOptions,
    seen: { usage: ChatUsage | null; model: string },
    signal: AbortSignal,
  ) {
    const either = AbortSignal.any([signal, closing.signal]);
    either.throwIfAborted();
    const pass = circuit.enter();
    const maxTokens = Math.min(options.maxTokens ?? config.answerTokens, config.answerTokens);
    const prompt = estimatePrompt(messages);
    let estimated = 0;
    let words = 0;
    const deadline = createDeadline(config, url.host, either);
    let reserved: TokenReservation | undefined;
    try {
      reserved = budget && (await setAside(budget, prompt + maxTokens, either));
      await reachEndpoint(url, config.connectMs, either);
      estimated = prompt;
      const response = await deadline.within(
        client.chat.completions
          .create(
            {
              model: config.model,
              messages: [...messages],
              max_tokens: maxTokens,
              temperature: options.temperature ?? 0.1,
              stream: true,
              stream_options: { include_usage: true },
            },
            { signal: deadline.signal },
          )
          .asResponse(),
      );
      for await (const text of tokensOf(response, maxTokens, deadline, seen)) {
        words += estimateTokens(text);
        yield text;
      }
      pass.succeeded();
    } catch (thrown) {
      if (thrown instanceof APIError && (thrown.status as number | undefined) !== undefined) estimated = 0; // refused: nothing was read
      either.throwIfAborted();
      const error = toChatError(deadline.expired ?? thrown, url, config.apiKey);
      pass.failed(error);
      throw error;
    } finally {
      pass.left(); // whoever is told of an end before says no more
      deadline.end();
      const spent = seen.usage ?? { promptTokens: estimated, answerTokens: words };
      const total = spent.promptTokens + spent.answerTokens;
      if (total > 0) options.onSpent?.(spent);
      // It stays set aside if that fails: too much is counted rather than too little.
      if (reserved) await answered(budgetWithinMs, "", () => (reserved as TokenReservation).settle(total)).catch(() => undefined);
    }
  }

  /** A server that cannot stream answers at once. */
  async function* tokensOf(response: Response, maxTokens: number, deadline: Deadline, seen: { usage: ChatUsage | null; model: string }) {
    const body = response.body?.pipeThrough(atMost(maxTokens * bytesPerToken + 20_000));
    if (!body) throw new AppError("upstream_unavailable", `${url.host} answered nothing`);
    const bounded = new Response(body, { headers: response.headers });
    if (response.headers.get("content-type")?.includes("json")) {
      const { text, usage, model } = completionOf(await deadline.within(bounded.text()), url.host);
      Object.assign(seen, { usage, model: model ?? config.model });
      deadline.token();
      yield text;
      return;
    }
    const controller = new AbortController();
    deadline.signal.addEventListener("abort", () => controller.abort(), { once: true });
    const events = Stream.fromSSEResponse<unknown>(bounded, controller, client);
    const iterator = events[Symbol.asyncIterator]();
    let finished = false;
    try {
      for (;;) {
        const next = await deadline.within(iterator.next());
        if (next.done === true) break;
        const { text, usage, model, finish } = chunksOf(next.value, url.host);
        if (usage) seen.usage = usage;
        if (model !== undefined) seen.model = model;
        finished ||= finish !== undefined;
        if (finish === "length") throw new AnsweredError("upstream_unavailable", `${url.host} cut its answer`);
        if (text !== "") {
          deadline.token();
          yield text;
        }
      }
    } finally {
      controller.abort();
    }
    // A proxy whose upstream broke off ends its stream as if it were whole (BerriAI/litellm 8648).
    if (!finished) throw new AppError("upstream_unavailable", `${url.host} broke off`);
  }

  return {
    model: config.model,
    promptTokens: config.promptTokens,
    totalMs: config.totalMs,
    async complete(messages, options, signal) {
      const seen = { usage: null as ChatUsage | null, model: config.model };
      let text = "";
      for await (const token of read(messages, options, seen, signal)) text += token;
      if (text.trim() === "") throw new AppError("upstream_unavailable", `${url.host} answered nothing`);
      return { text, usage: seen.usage, model: seen.model };
    },
    stream: (messages, options, signal) => read(messages, options, { usage: null, model: config.model }, signal),
    async close() {
      closing.abort(new AppError("unexpected", "the language model is closed"));
    },
  };
}

const setAside = (budget: TokenBudget, tokens: number, signal: AbortSignal): Promise<TokenReservation> =>
  answered(budgetWithinMs, "the day's budget of tokens cannot be asked", () => budget.reserve(tokens, signal), [signal]);

function atMost(maxBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let size = 0;
  return new TransformStream({
    transform(chunk, controller) {
      size += chunk.byteLength;
      if (size > maxBytes) controller.error(new AppError("upstream_unavailable", "an answer without end"));
      else controller.enqueue(chunk);
    },
  });
}
