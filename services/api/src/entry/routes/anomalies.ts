import { AppError, localDay, parseInstant } from "@flow-rag/kernel";
import type { morningJson } from "@flow-rag/insights";
import { z } from "zod";
import { anomalyPage } from "../../pages/anomaly-page.js";
import { defineRoute, html, json, type Route } from "../route.js";

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
      "Yesterday unless a day is given. Every failure is listed all the same. Of a day that is not over, `to` is now, and what is still to run is not missing. As JSON, or as a page for a browser.",
    query: z.strictObject({ day: z.iso.date().optional() }),
    answers: { 200: { description: "The list of that morning", schema: morningSchema, also: ["text/html"] } },
    limits: { class: "jobs", timeoutMs: 60_000 },
    handle: async ({ query, caller, page, signal }) => {
      const today = localDay(now(), zone);
      const asked = query.day ?? shifted(today, -1);
      const day = parseInstant(asked, zone);
      if (!day) throw new AppError("invalid_input", "day: not a date of the calendar");
      const listed = await morning(day, caller.sources ?? undefined, signal);
      const next = shifted(asked, 1);
      const around = { previous: shifted(asked, -1), next: next <= today ? next : undefined, latest: today };
      return page ? html(anomalyPage(page, listed, around)) : json(listed);
    },
  }),
];

/** The local date `days` after another one. */
const shifted = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
