import type { ChatMessage } from "./chat-message.js";

/** What the calls of a day may cost, shared by everybody who asks the same model. */
export interface TokenBudget {
  /** Sets tokens aside for one call. @throws AppError `budget_spent` when fewer are left. */
  reserve(tokens: number, signal: AbortSignal): Promise<TokenReservation>;
}
export interface TokenReservation {
  /** Says what the call did cost; the rest is given back. */
  settle(tokens: number): Promise<void>;
}

/** As counted of our French prompts, whose names and JSON escapes cost more than prose; English has about four. */
export const charactersPerToken = 2.4;
const tokensAMessage = 4;

export const estimateTokens = (text: string): number => Math.ceil(text.length / charactersPerToken);
export const estimatePrompt = (messages: readonly ChatMessage[]): number =>
  messages.reduce((sum, { content }) => sum + tokensAMessage + estimateTokens(content), 0);
