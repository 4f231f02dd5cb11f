import type { TokenDay } from "@flow-rag/stores";
import { z } from "zod";

/** The language model's tokens today; null without LLM_DAILY_TOKENS. */
export const tokenDay = z
  .strictObject({
    day: z.iso.date().meta({ description: "Of BUSINESS_TZ" }),
    limit: z.int(),
    used: z.int().meta({ description: "With what is set aside for calls under way" }),
    refused: z.int().meta({ description: "Calls that no tokens were left for: the template worded those answers" }),
    resetsAt: z.iso.datetime(),
  })
  .meta({ id: "TokenDay" });

export const tokensOfDay = ({ resetsAt, ...day }: TokenDay): z.output<typeof tokenDay> => ({ ...day, resetsAt: resetsAt.toISOString() });
