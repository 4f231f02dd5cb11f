import { digest, plainPathOf, type SourceField, type SourceFields } from "@flow-rag/contracts";

/** A value of OTLP's JSON form. Source: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
type OtlpValue = {
  readonly stringValue?: string | undefined;
  readonly intValue?: string | number | undefined;
  readonly doubleValue?: number | undefined;
  readonly boolValue?: boolean | undefined;
};
export type OtlpAttributes = readonly { readonly key: string; readonly value?: OtlpValue | undefined }[];
export type OtlpLogRecord = {
  readonly timeUnixNano?: string | number | undefined;
  readonly observedTimeUnixNano?: string | number | undefined;
  readonly severityNumber?: number | undefined;
  readonly body?: OtlpValue | undefined;
  readonly attributes?: OtlpAttributes | undefined;
  readonly traceId?: string | undefined;
};
type Scalar = string | number | boolean | Date;
/** What is said of a run, under our names. */
export type PushedRun = Partial<Record<SourceField, Scalar>>;

/** Attributes that say a thing, the first that is there wins. Ours first, then OpenTelemetry's semantic conventions. */
const attributesOf: Readonly<Partial<Record<SourceField, readonly string[]>>> = {
  pipeline: ["pipeline", "pipeline_name", "cicd.pipeline.name", "service.name"],
  tech: ["tech", "telemetry.tech"],
  status: ["status", "cicd.pipeline.result"],
  error: ["error_message", "exception.message", "error.message"],
  durationMs: ["duration_ms"],
  runId: ["run_id", "cicd.pipeline.run.id"],
  environment: ["environment", "deployment.environment.name", "deployment.environment"],
  owner: ["owner", "service.owner"],
  recordsProcessed: ["records_processed"],
};
const errorSeverity = 17; // ERROR, of the logs data model

/** The run that a log record is about; undefined when it names no pipeline or no time. */
export function toPushedRun(record: OtlpLogRecord, resource: OtlpAttributes): PushedRun | undefined {
  const known = new Map([...resource, ...(record.attributes ?? [])].map(({ key, value }) => [key, plain(value)]));
  const run: PushedRun = {};
  for (const [field, names] of Object.entries(attributesOf)) {
    const value = names.map((name) => known.get(name)).find((found) => found !== undefined);
    if (value !== undefined) run[field as SourceField] = value;
  }
  const failed = (record.severityNumber ?? 0) >= errorSeverity;
  const body = plain(record.body);
  if (failed && run.error === undefined && body !== undefined) run.error = body;
  run.status ??= failed ? "failed" : "success";
  const nanos = Number(record.timeUnixNano ?? 0) || Number(record.observedTimeUnixNano ?? 0);
  const timestamp = new Date(Math.floor(nanos / 1e6));
  if (run.pipeline === undefined || !(nanos > 0) || Number.isNaN(timestamp.getTime())) return undefined;
  run.runId ??= record.traceId ?? "";
  if (run.runId === "") delete run.runId;
  return { ...run, timestamp };
}

const plain = (value: OtlpValue | undefined): Scalar | undefined => {
  const { stringValue, intValue, doubleValue, boolValue } = value ?? {};
  return stringValue ?? (intValue === undefined ? undefined : Number(intValue)) ?? doubleValue ?? boolValue;
};

/**
 * The document for the source's collection, its fields where the source has them, at the first plain path of each; what only rules
 * lead to is left out. The same run sent again replaces itself: it is known by
 * its run id, and without one by all that is said of it.
 */
export function toDocument(run: PushedRun, fields: SourceFields): { readonly _id: string } & Readonly<Record<string, unknown>> {
  const identity = run.runId === undefined ? JSON.stringify(Object.entries(run).sort()) : String(run.runId);
  const document: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(run)) {
    const path = plainPathOf(fields[field as SourceField]);
    if (path !== undefined) setAt(document, path.split("."), value);
  }
  return { ...document, _id: `pushed-${digest(String(run.pipeline), identity)}` };
}

function setAt(target: Record<string, unknown>, [name = "", ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) target[name] = value;
  else setAt((target[name] ??= {}) as Record<string, unknown>, rest, value);
}
