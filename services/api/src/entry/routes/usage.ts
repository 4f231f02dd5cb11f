import type { KeyStore, TokenBudgetStore, UsageStore } from "@flow-rag/stores";
import { z } from "zod";
import { defineRoute, json, type Route } from "../route.js";
import { tokenDay, tokensOfDay } from "../token-day.js";

export type UsageDeps = {
  readonly usage: Pick<UsageStore, "list">;
  readonly keys: Pick<KeyStore, "list">;
  readonly budget: Pick<TokenBudgetStore, "read"> | undefined;
  readonly now: () => Date;
};

const counters = { requests: z.int(), errors: z.int(), questions: z.int(), promptTokens: z.int(), completionTokens: z.int() };
const dayMs = 86_400_000;
const day = z.iso.date().refine((text) => text >= "1970-02-01", "a day since February 1970 is wanted"); // 29 days before it are days too

/** Who used how much. */
export const usageRoutes = ({ usage, keys, budget, now }: UsageDeps): Route[] => [
  defineRoute({
    method: "get",
    path: "/usage",
    scope: "query",
    tag: "operation",
    summary: "Requests, questions and tokens by key and day",
    description:
      "Of your own key; of all keys with the scope `admin`. Days are UTC, both included; the last 30 unless said otherwise. Tokens are those of the language model; `tokens` is what all keys and processes have used of LLM_DAILY_TOKENS today.",
    query: z.strictObject({ from: day.optional(), to: day.optional() }),
    answers: {
      200: {
        description: "The latest day first",
        schema: z.strictObject({
          from: z.iso.date(),
          to: z.iso.date(),
          usage: z.array(z.strictObject({ keyId: z.string(), name: z.string().nullable(), day: z.iso.date(), ...counters })),
          tokens: tokenDay.nullable(),
        }),
      },
    },
    limits: { class: "reads" },
    handle: async ({ query, caller, signal }) => {
      const { to = now().toISOString().slice(0, 10) } = query;
      const { from = new Date(Date.parse(to) - 29 * dayMs).toISOString().slice(0, 10) } = query;
      const all = caller.scopes.includes("admin");
      const [rows, known, today] = await Promise.all([
        usage.list({ from, to, keyId: all ? undefined : caller.keyId }, signal),
        all ? keys.list(signal) : [],
        budget?.read(signal),
      ]);
      const names = new Map([...known.map(({ id, name }) => [id, name] as const), [caller.keyId, caller.name] as const]);
      const named = rows.map((row) => ({ ...row, name: names.get(row.keyId) ?? null }));
      return json({ from, to, usage: named, tokens: today ? tokensOfDay(today) : null });
    },
  }),
];
