import { conversationId, type Conversation, type ConversationSummary } from "@flow-rag/contracts";
import type { Asker } from "@flow-rag/rag";
import { z } from "zod";
import { defineRoute, json, type Route } from "../route.js";
import { askerOf } from "./questions.js";

export type ConversationDeps = {
  readonly conversations: {
    readonly list: (limit: number, asker: Asker, signal: AbortSignal) => Promise<readonly ConversationSummary[]>;
    readonly read: (id: string, asker: Asker, signal: AbortSignal) => Promise<Conversation>;
    readonly remove: (id: string, asker: Asker) => Promise<void>;
  };
};

const instant = z.iso.datetime();
const summary = z.strictObject({
  id: z.string(),
  title: z.string(),
  turns: z.int(),
  startedAt: instant,
  lastAt: instant,
  expiresAt: instant,
});
const turn = z.strictObject({
  question: z.string(),
  resolved: z.string(),
  answer: z.string(),
  language: z.enum(["fr", "en"]),
  at: instant,
});
const params = z.strictObject({ id: conversationId });

/** The caller's own conversations; of somebody else's not even that they exist is told. */
export const conversationRoutes = ({ conversations }: ConversationDeps): Route[] => [
  defineRoute({
    method: "get",
    path: "/conversations",
    scope: "query",
    tag: "questions",
    summary: "Your conversations, the latest first",
    query: z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
    answers: { 200: { description: "The list", schema: z.strictObject({ conversations: z.array(summary) }) } },
    limits: { class: "reads" },
    handle: async ({ query, caller, signal }) => json({ conversations: await conversations.list(query.limit, askerOf(caller), signal) }),
  }),
  defineRoute({
    method: "get",
    path: "/conversations/{id}",
    scope: "query",
    tag: "questions",
    summary: "One conversation with its turns",
    params,
    answers: { 200: { description: "The conversation", schema: summary.extend({ history: z.array(turn) }) } },
    limits: { class: "reads" },
    handle: async ({ params: { id }, caller, signal }) => json(await conversations.read(id, askerOf(caller), signal)),
  }),
  defineRoute({
    method: "delete",
    path: "/conversations/{id}",
    scope: "query",
    tag: "questions",
    summary: "Delete a conversation",
    params,
    answers: { 200: { description: "It is gone", schema: z.strictObject({ deleted: z.string() }) } },
    limits: { class: "reads" },
    handle: async ({ params: { id }, caller }) => {
      await conversations.remove(id, askerOf(caller));
      return json({ deleted: id });
    },
  }),
];
