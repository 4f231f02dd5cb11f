import { AppError, localDay, parseInstant } from "@flow-rag/kernel";
import type { morningJson } from "@flow-rag/insights";
import { z } from "zod";
import { defineRoute, json, type Route } from "../route.js";

export type AnomalyDeps = {
  /** What the morning after a local day lists, of these sources or of all. `day` is its first instant. */
  readonly morning: (day: Date, sources: readonly string[] | undefined, signal: AbortSignal) => Promise<ReturnType<typeof morningJson>>;
  /** Business time zone. */
  readonly zone: string;
  readonly now: () => Date;
};

const morningSchema = z
  .looseObject({
    date: z.iso.date(),
    zone: z.string(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    isOver: z.boolean(),
    runs: z.int(),
    pipelines: z.int(),
    incidents: z.array(z.looseObject({})),
    resolved: z.array(z.looseObject({})),
    unjudged: z.array(z.looseObject({})),
    failures: z.array(z.looseObject({ pipeline: z.string(), at: z.iso.datetime() })),
    notTold: z.looseObject({ unread: z.int(), withError: z.int(), blocked: z.int() }),
    allClear: z.boolean(),
  })
  .meta({ id: "Morning" });

/** What was unusual. */
export const anomalyRoutes = ({ morning, zone, now }: AnomalyDeps): Route[] => [
  defineRoute({
    method: "get",
    path: "/anomalies",
    scope: "query",
    tag: "runs",
    summary: "What was unusual on a local day, as the morning report lists it",
    description:
      "Yesterday unless a day is given. Every failure is listed all the same. Of a day that is not over, `to` is now, and what is still to run is not missing.",
    query: z.strictObject({ day: z.iso.date().optional() }),
    answers: { 200: { description: "The list of that morning", schema: morningSchema } },
    limits: { class: "jobs", timeoutMs: 60_000 },
    handle: async ({ query, caller, signal }) => {
      const day = parseInstant(query.day ?? dayBefore(now(), zone), zone);
      if (!day) throw new AppError("invalid_input", "day: not a date of the calendar");
      return json(await morning(day, caller.sources ?? undefined, signal));
    },
  }),
];

function dayBefore(now: Date, timeZone: string): string {
  return new Date(Date.parse(`${localDay(now, timeZone)}T12:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
