import type { Conversation, ConversationSummary } from "@flow-rag/contracts";
import { AppError } from "@flow-rag/kernel";
import type { ConversationStore } from "@flow-rag/stores";
import type { Asker } from "./asker.js";

type Deps = { conversations: Pick<ConversationStore, "list" | "read" | "remove">; now: () => Date };

/** The asker's own conversations, the latest first. */
export const listConversations = (
  { conversations, now }: Deps,
  { limit = 50 }: { limit?: number },
  { owner }: Asker,
  signal: AbortSignal,
): Promise<ConversationSummary[]> => conversations.list(owner, limit, now(), signal);

/** @throws AppError `not_found`, also for somebody else's: that it exists is not told. */
export async function readConversation(
  { conversations, now }: Deps,
  id: string,
  { owner }: Asker,
  signal: AbortSignal,
): Promise<Conversation> {
  const found = await conversations.read(owner, id, now(), signal);
  if (!found) throw new AppError("not_found", "no such conversation: it has expired, was deleted, or is not yours");
  return found;
}

/** @throws AppError `not_found`, also for somebody else's. */
export async function deleteConversation({ conversations }: Pick<Deps, "conversations">, id: string, { owner }: Asker): Promise<void> {
  if (!(await conversations.remove(owner, id)))
    throw new AppError("not_found", "no such conversation: it has expired, was deleted, or is not yours");
}
