import { AppError, type Metrics } from "@flow-rag/kernel";
import type { ChatModel, ChatUsage } from "@flow-rag/models";

type Timed = { readonly timings: Readonly<Record<string, number | null>> };

/** The same answering, with the time of each stage. The stages are those that answers name in `timings`. */
export const watchAnswers =
  <A extends unknown[], R extends Timed>(answer: (...args: A) => Promise<R>, { queryStage }: Pick<Metrics, "queryStage">) =>
  async (...args: A): Promise<R> => {
    const result = await answer(...args);
    for (const [stage, ms] of Object.entries(result.timings)) {
      if (stage !== "total" && ms !== null && ms > 0) queryStage.observe({ stage }, ms / 1_000);
    }
    return result;
  };

/** The same model, with what it cost, how long it took and how it failed. */
export function watchChat(chat: ChatModel, metrics: Pick<Metrics, "llmTokens" | "llmErrors" | "queryStage">): ChatModel {
  const measured = async <T>(work: () => Promise<T>): Promise<T> => {
    const from = performance.now();
    try {
      return await work();
    } catch (thrown) {
      metrics.llmErrors.add({ class: AppError.from(thrown).kind });
      throw thrown;
    } finally {
      metrics.queryStage.observe({ stage: "llm" }, (performance.now() - from) / 1_000);
    }
  };
  return {
    ...chat,
    complete: (messages, options, signal) =>
      measured(async () => {
        const onSpent = (usage: ChatUsage): void => {
          metrics.llmTokens.add({ kind: "prompt" }, usage.promptTokens);
          metrics.llmTokens.add({ kind: "completion" }, usage.answerTokens);
          options.onSpent?.(usage);
        };
        return await chat.complete(messages, { ...options, onSpent }, signal);
      }),
  };
}
