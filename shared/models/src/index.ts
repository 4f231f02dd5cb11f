export type { ChatMessage } from "./chat-message.js";
export { createChatModel, type ChatAnswer, type ChatConfig, type ChatModel, type ChatOptions } from "./chat-model.js";
export type { TokenBudget, TokenReservation } from "./token-budget.js";
export type { ChatUsage } from "./chat-response.js";
export type { CacheStats, CachedEmbedder } from "./cached-embedder.js";
export { cpuThreads } from "./cpu-threads.js";
export * from "./embedder.js";
export { createLexicalEmbedder } from "./lexical-embedder.js";
export * from "./open-embedder.js";
