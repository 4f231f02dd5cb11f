import { sourcePull, type SourceFields } from "@flow-rag/contracts";
import { AppError } from "@flow-rag/kernel";
import type { Producer } from "@flow-rag/queue";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { toDocument, toPushedRun, type PushedRun } from "../../domain/read-log-records.js";
import { problem } from "../problem.js";
import { defineRoute, json, type Route } from "../route.js";
import { sourcesOf } from "../run-filters.js";

/** The one source that records may be pushed to, because it is ours to write. */
export type PushTarget = {
  readonly source: string;
  readonly fields: SourceFields;
  readonly put: (documents: readonly Readonly<Record<string, unknown>>[]) => Promise<unknown>;
};
export type LogDeps = { readonly push: PushTarget | undefined; readonly jobs: Pick<Producer, "send"> };

const maxRecords = 1_000;
const text = z.string().max(20_000);
const nanos = z.union([z.string().regex(/^\d{1,20}$/), z.number().min(0)]);
const value = z.looseObject({
  stringValue: text.optional(),
  intValue: z.union([z.string().regex(/^-?\d{1,19}$/), z.number()]).optional(),
  doubleValue: z.number().optional(),
  boolValue: z.boolean().optional(),
});
const attributes = z.array(z.looseObject({ key: z.string().max(200), value: value.optional() })).max(200);
const logRecord = z.looseObject({
  timeUnixNano: nanos.optional(),
  observedTimeUnixNano: nanos.optional(),
  severityNumber: z.int().min(0).max(24).optional(),
  body: value.optional(),
  attributes: attributes.optional(),
  traceId: z.string().max(64).optional(),
});
const resourceLogs = z.looseObject({
  resource: z.looseObject({ attributes: attributes.optional() }).optional(),
  scopeLogs: z
    .array(z.looseObject({ logRecords: z.array(logRecord).max(maxRecords).optional() }))
    .max(100)
    .optional(),
});
const logsRequest = z.strictObject({ resourceLogs: z.array(resourceLogs).max(100) }).meta({ id: "ExportLogsServiceRequest" });
const logsAnswer = z.strictObject({
  partialSuccess: z.strictObject({ rejectedLogRecords: z.string(), errorMessage: z.string() }).optional(),
});

/** Runs that are sent instead of fetched, in the form that OpenTelemetry's exporters and collectors send logs. */
export const logRoutes = ({ push, jobs }: LogDeps): Route[] => [
  defineRoute({
    method: "post",
    path: "/v1/logs",
    scope: "ingest",
    tag: "ingestion",
    summary: "Push runs as OpenTelemetry logs (OTLP/HTTP, JSON)",
    description:
      "A log record is a run: `pipeline` (else `service.name`), `tech`, `status` (else by severity), `duration_ms`, `run_id` and so on are attributes of it or of its resource; of an ERROR the body is the error text. A run that is sent again replaces itself. Records go to the source that PUSH_SOURCE names, and into the index at once.",
    body: logsRequest,
    answers: {
      200: { description: "Taken; what is rejected names no pipeline or no time", schema: logsAnswer },
      409: { description: "No source takes records", schema: problem, contentType: "application/problem+json" },
    },
    limits: { class: "jobs", bodyBytes: 1_024 * 1_024 },
    handle: async ({ body, caller, requestId }) => {
      if (!push) throw new AppError("conflict", "no source takes records: PUSH_SOURCE names one that flow-rag may write to");
      sourcesOf(caller, [push.source]);
      const runs = body.resourceLogs.flatMap(({ resource, scopeLogs = [] }) =>
        scopeLogs.flatMap(({ logRecords = [] }) => logRecords.map((record) => toPushedRun(record, resource?.attributes ?? []))),
      );
      if (runs.length > maxRecords) throw new AppError("too_large", `more than ${maxRecords} log records`);
      const documents = runs.filter((run): run is PushedRun => run !== undefined).map((run) => toDocument(run, push.fields));
      if (documents.length > 0) {
        await push.put(documents);
        const ids = [...new Set(documents.map(({ _id }) => _id))];
        const pull = { source: push.source, slot: `pushed-${randomUUID()}`, mode: "selected", filter: { ids } } as const;
        await jobs.send(sourcePull, pull, { requestId });
      }
      const rejected = runs.length - documents.length;
      if (rejected === 0) return json({});
      return json({ partialSuccess: { rejectedLogRecords: String(rejected), errorMessage: "a run needs a pipeline and a time" } });
    },
  }),
];
