import { createChatModel, type ChatModel } from "@flow-rag/models";
import { createTokenBudget } from "@flow-rag/stores";
import type { CommandContext } from "../deps.js";

type StateDb = Parameters<typeof createTokenBudget>[0];

/** The language model that words, if one is configured; its tokens are of the same day's purse as the services'. */
export function openLanguageModel({ config: { chat, business }, lifecycle }: CommandContext, stateDb: StateDb): ChatModel | undefined {
  if (!chat) return undefined;
  const budget = createTokenBudget(stateDb, { perDay: chat.dailyTokens, zone: business.zone, now: () => new Date() });
  return lifecycle.own("language model", createChatModel(chat, budget), (model) => model.close());
}
