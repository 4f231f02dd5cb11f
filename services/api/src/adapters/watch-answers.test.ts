import { AppError, createLogger, createMetrics, type Metrics } from "@flow-rag/kernel";
import type { ChatModel } from "@flow-rag/models";
import { watchAnswers, watchChat } from "./watch-answers.js";

let metrics: Metrics;
beforeEach(() => (metrics = createMetrics({ log: createLogger("test", "silent") })));
afterEach(() => void metrics.close());
const signal = new AbortController().signal;

function chatOf(complete: ChatModel["complete"]): ChatModel {
  return { model: "m", promptTokens: 1, totalMs: 20_000, complete, stream: async function* () {}, close: async () => {} };
}

test("watchAnswers, an answer, has each of its stages measured and not their sum", async () => {
  await watchAnswers(async () => ({ timings: { plan: 2, facts: 30, evidence: 0, total: 32 } }), metrics)();
  const text = await metrics.scrape();
  expect(text).toContain('flowrag_query_stage_seconds_sum{stage="facts"} 0.03');
  expect(text).not.toMatch(/stage="(total|evidence)"/);
});

test("watchChat, an answer and a failure, are counted by tokens and by kind", async () => {
  const usage = { promptTokens: 100, answerTokens: 20 };
  await watchChat(
    chatOf(async (_messages, { onSpent }) => {
      onSpent?.(usage);
      return { text: "x", usage, model: "m" };
    }),
    metrics,
  ).complete([], {}, signal);
  const failing = watchChat(
    chatOf(async () => {
      throw new AppError("rate_limited", "slow down");
    }),
    metrics,
  );
  await expect(failing.complete([], {}, signal)).rejects.toMatchObject({ kind: "rate_limited" });
  const text = await metrics.scrape();
  for (const line of [
    'flowrag_llm_tokens_total{kind="prompt"} 100',
    'flowrag_llm_tokens_total{kind="completion"} 20',
    'flowrag_llm_errors_total{class="rate_limited"} 1',
  ])
    expect(text).toContain(line);
});
