import { runStatus, type RunFilter } from "@flow-rag/contracts";
import { AppError } from "@flow-rag/kernel";
import type { ListedRun, RunList } from "@flow-rag/stores";
import { z } from "zod";
import { readPlace, writePlace } from "../../domain/page-cursor.js";
import { defineRoute, json, type Route } from "../route.js";
import { fromQuery, queryFilter, readFilter } from "../run-filters.js";

export type RunDeps = {
  readonly runs: Pick<RunList, "page" | "byId">;
  readonly signatures: { list(filter: RunFilter, limit: number, signal: AbortSignal): Promise<unknown[]> };
  /** Business time zone. */
  readonly zone: string;
};

const instant = z.iso.datetime();
export const runSchema = z
  .strictObject({
    id: z.string(),
    source: z.string(),
    recordId: z.string(),
    pipeline: z.string(),
    tech: z.string(),
    status: runStatus,
    rawStatus: z.string(),
    ts: instant,
    durationMs: z.number().nullable(),
    error: z.string().nullable().meta({ description: "Secrets replaced by placeholders" }),
    environment: z.string().nullable(),
    owner: z.string().nullable(),
    runRef: z.string().nullable(),
    recordsProcessed: z.number().nullable(),
    signature: z.string().nullable(),
    indexedAt: instant,
  })
  .meta({ id: "Run" });
const signatureSchema = z
  .strictObject({
    id: z.string(),
    template: z.string(),
    example: z.string(),
    count: z.int(),
    pipelines: z.array(z.string()),
    techs: z.array(z.string()),
    first: instant,
    last: instant,
    firstSeen: instant,
    state: z.enum(["new", "regressed", "ongoing", "quiet"]).meta({
      description:
        "Today, by all runs that the key may see: regressed is back after REGRESSED_AFTER_DAYS quiet days, quiet not seen for as many",
    }),
    regressedOn: z.iso.date().nullable().meta({ description: "UTC day on which it last came back after the quiet days" }),
  })
  .meta({ id: "Signature" });

/** The fields of the schema, whatever else a run of another version may hold. */
export const toRun = (run: ListedRun): Record<string, unknown> =>
  Object.fromEntries(Object.keys(runSchema.shape).map((field) => [field, run[field as keyof ListedRun] ?? null]));

const limit = (most: number, usual: number) => z.coerce.number().int().min(1).max(most).default(usual);

/** What happened, run by run and error by error. */
export const runRoutes = ({ runs, signatures, zone }: RunDeps): Route[] => [
  defineRoute({
    method: "get",
    path: "/runs",
    scope: "query",
    tag: "runs",
    summary: "Runs, the newest first, page by page",
    description: "`next` is the `cursor` of the next page, with the same filter; null on the last one.",
    query: queryFilter.extend({ limit: limit(500, 50), cursor: z.string().max(2_000).optional() }),
    answers: { 200: { description: "A page", schema: z.strictObject({ runs: z.array(runSchema), next: z.string().nullable() }) } },
    limits: { class: "reads" },
    handle: async ({ query: { limit: size, cursor, ...filter }, caller, signal }) => {
      const wanted: RunFilter = readFilter(fromQuery(filter), { caller, zone });
      const found = await runs.page(wanted, { after: cursor === undefined ? undefined : readPlace(cursor), limit: size + 1 }, signal);
      const page = found.slice(0, size);
      const last = found.length > size ? page.at(-1) : undefined;
      return json({ runs: page.map(toRun), next: last ? writePlace(last) : null });
    },
  }),
  defineRoute({
    method: "get",
    path: "/runs/{id}",
    scope: "query",
    tag: "runs",
    summary: "One run",
    params: z.strictObject({ id: z.string().min(1).max(1_100) }),
    answers: { 200: { description: "The run", schema: runSchema } },
    limits: { class: "reads" },
    handle: async ({ params: { id }, caller, signal }) => {
      const run = await runs.byId(id, caller.sources, signal);
      if (!run) throw new AppError("not_found", "no such run");
      return json(toRun(run));
    },
  }),
  defineRoute({
    method: "get",
    path: "/signatures",
    scope: "query",
    tag: "runs",
    summary: "Errors by their signature, the most frequent first",
    query: queryFilter.extend({ limit: limit(500, 50) }),
    answers: { 200: { description: "The list", schema: z.strictObject({ signatures: z.array(signatureSchema) }) } },
    limits: { class: "reads" },
    handle: async ({ query: { limit: size, ...filter }, caller, signal }) =>
      json({ signatures: await signatures.list(readFilter(fromQuery(filter), { caller, zone }), size, signal) }),
  }),
];
