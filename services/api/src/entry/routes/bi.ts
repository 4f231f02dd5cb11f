import { runDimension, runMetric, type RunFilter } from "@flow-rag/contracts";
import type { RunList, RunMetrics } from "@flow-rag/stores";
import { z } from "zod";
import { csvLine } from "../../domain/csv-line.js";
import { defineRoute, json, type Route } from "../route.js";
import { bodyFilter, fromQuery, queryFilter, readFilter, sourcesOf } from "../run-filters.js";
import { runSchema, toRun } from "./runs.js";

export type BiDeps = {
  readonly runs: Pick<RunList, "all" | "sources">;
  readonly metrics: Pick<RunMetrics, "query">;
  /** Names of all configured sources. */
  readonly sources: readonly string[];
  /** Business time zone. */
  readonly zone: string;
};

const zone = z
  .string()
  .max(64)
  .refine((name) => {
    try {
      return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
    } catch {
      return false;
    }
  }, "an IANA time zone such as Europe/Paris is wanted");
const unique = <T extends z.ZodArray>(items: T) => items.refine((given) => new Set(given).size === given.length, "each at most once");
const biQuery = z
  .strictObject({
    metrics: unique(z.array(runMetric).min(1).max(13)),
    dimensions: unique(z.array(runDimension).max(4)).default([]),
    filter: bodyFilter.default({}),
    zone: zone.optional(),
    order: z.strictObject({ by: z.union([runMetric, runDimension]), descending: z.boolean().default(true) }).optional(),
    limit: z.number().int().min(1).max(10_000).default(1_000),
  })
  .refine(({ order, metrics, dimensions }) => !order || [...metrics, ...dimensions].includes(order.by as never), {
    path: ["order", "by"],
    message: "must be one of the asked metrics or dimensions",
  });
const value = z.union([z.string(), z.number(), z.null()]);
const columns = Object.keys(runSchema.shape) as (keyof typeof runSchema.shape)[];
type Row = Readonly<Record<string, string | number | null>>;

/** Figures and rows for dashboards and spreadsheets: a closed grammar, so that nobody can ask for more than it says. */
export const biRoutes = ({ runs, metrics, sources, zone: business }: BiDeps): Route[] => [
  defineRoute({
    method: "post",
    path: "/bi/query",
    scope: "query",
    tag: "bi",
    summary: "Metrics by dimensions over the runs of a filter",
    body: biQuery,
    answers: {
      200: {
        description: "One row a group; `truncated` when there were more than `limit`",
        schema: z.strictObject({
          rows: z.array(z.record(z.string(), value)),
          truncated: z.boolean(),
          zone: z.string(),
          window: z.strictObject({ from: z.iso.datetime().nullable(), to: z.iso.datetime().nullable() }),
        }),
      },
    },
    limits: { class: "reads" },
    examples: {
      fr: {
        summary: "Échecs par jour et techno",
        value: {
          metrics: ["runs", "failures", "failure_rate"],
          dimensions: ["day", "tech"],
          filter: { from: "2026-05-01", to: "2026-05-08" },
        },
      },
      en: {
        summary: "The slowest pipelines",
        value: { metrics: ["duration_p95"], dimensions: ["pipeline"], order: { by: "duration_p95" }, limit: 10 },
      },
    },
    handle: async ({ body, caller, signal }) => {
      const filter = readFilter(body.filter, { caller, zone: business });
      const names = { metrics: body.metrics, dimensions: body.dimensions, zone: body.zone ?? business };
      const rows = inOrder(await metrics.query({ filter, ...names }, signal), body.order);
      return json({
        rows: rows.slice(0, body.limit),
        truncated: rows.length > body.limit,
        zone: names.zone,
        window: { from: filter.from ?? null, to: filter.to ?? null },
      });
    },
  }),
  defineRoute({
    method: "get",
    path: "/bi/databases",
    scope: "query",
    tag: "bi",
    summary: "What can be asked for, and of which sources",
    answers: {
      200: {
        description: "Sources, metrics, dimensions and the columns of an export",
        schema: z.strictObject({
          databases: z.array(
            z.strictObject({ name: z.string(), runs: z.int(), from: z.iso.datetime().nullable(), to: z.iso.datetime().nullable() }),
          ),
          metrics: z.array(runMetric),
          dimensions: z.array(runDimension),
          columns: z.array(z.string()),
          zone: z.string(),
        }),
      },
    },
    limits: { class: "reads" },
    handle: async ({ caller, signal }) => {
      const known = new Map((await runs.sources(signal)).map((found) => [found.source, found]));
      const visible = sourcesOf(caller, undefined) ?? [...new Set([...sources, ...known.keys()])].sort();
      const databases = visible.map((name) => {
        const { runs: count = 0, from = null, to = null } = known.get(name) ?? {};
        return { name, runs: count, from, to };
      });
      return json({ databases, metrics: runMetric.options, dimensions: runDimension.options, columns, zone: business });
    },
  }),
  defineRoute({
    method: "get",
    path: "/bi/export",
    scope: "query",
    tag: "bi",
    summary: "All runs of a filter, the oldest first, as CSV or NDJSON",
    description:
      "Streamed: any number of runs. In CSV a text that a spreadsheet would take for a formula has a ' in front, and a byte order mark tells Excel that it is UTF-8; `bom=false` leaves that out, for programs.",
    query: queryFilter.extend({ format: z.enum(["csv", "ndjson"]).default("csv"), bom: z.enum(["true", "false"]).default("true") }),
    dataOnly: "a file to be kept",
    answers: { 200: { description: "The rows", contentType: "text/csv", also: ["application/x-ndjson"] } },
    limits: { class: "jobs" },
    handle: async ({ query: { format, bom, ...query }, caller, signal }) => {
      const filter = readFilter(fromQuery(query), { caller, zone: business });
      const csv = format === "csv";
      return {
        kind: "stream",
        contentType: csv ? "text/csv; charset=utf-8" : "application/x-ndjson",
        headers: { "content-disposition": `attachment; filename="runs.${format}"` },
        chunks: csv ? csvOf(runs, filter, { bom: bom === "true", signal }) : ndjsonOf(runs, filter, signal),
      };
    },
  }),
];

const byteOrderMark = "\uFEFF";

async function* csvOf(
  runs: BiDeps["runs"],
  filter: RunFilter,
  { bom, signal }: { bom: boolean; signal: AbortSignal },
): AsyncGenerator<string> {
  yield `${bom ? byteOrderMark : ""}${csvLine(columns)}`;
  for await (const run of runs.all(filter, signal)) {
    const row = toRun(run);
    yield csvLine(columns.map((column) => row[column]));
  }
}

async function* ndjsonOf(runs: BiDeps["runs"], filter: RunFilter, signal: AbortSignal): AsyncGenerator<string> {
  for await (const run of runs.all(filter, signal)) yield `${JSON.stringify(toRun(run))}\n`;
}

/** Rows without a value come last, whichever way. */
function inOrder(rows: readonly Row[], order: { by: string; descending: boolean } | undefined): Row[] {
  if (!order) return [...rows];
  const sign = order.descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [left, right] = [a[order.by] ?? null, b[order.by] ?? null];
    if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
    return left === right ? 0 : left < right ? -sign : sign;
  });
}
