import { z } from "zod";

/** A source's configured name: lower case, digits and hyphens. */
export const sourceName = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9-]*$/, "must be lower case letters, digits and hyphens, beginning with a letter");

/**
 * Address of one record. `recordId` is the text form of the source's `_id`: an ObjectId in hex, a string as it is,
 * anything else tagged (see `encodeRecordId` in stores).
 */
export type RecordRef = { readonly source: string; readonly recordId: string };

const called = (name: string) => z.string().min(1).default(name);
const fieldNames = {
  pipeline: called("pipeline_name"),
  tech: called("tech"),
  status: called("status"),
  error: called("error_message"),
  timestamp: called("timestamp"),
  durationMs: called("duration_ms"),
  startedAt: called("started_at"),
  endedAt: called("ended_at"),
  runId: called("run_id"),
  environment: called("environment"),
  owner: called("owner"),
  updatedAt: called("updated_at"),
  recordsProcessed: called("records_processed"),
};

/**
 * What a source field may be called where it is not called by its default. Values are field names or dotted paths.
 * Set by `SOURCE_FIELDS`, a JSON object; a key that is left out keeps its default.
 */
export const sourceFields = z
  .strictObject(fieldNames, {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? `unknown ${issue.keys.join(", ")}; known are ${Object.keys(fieldNames).join(", ")}` : undefined,
  })
  .prefault({});
export type SourceFields = z.output<typeof sourceFields>;
export type SourceField = keyof SourceFields;

/**
 * One record as its source holds it now: the mapped fields only, under our names. Untrusted.
 * Values are plain: text, number, boolean, Date, null, arrays and objects of those; a field the record lacks is absent.
 */
export type SourceRecord = RecordRef & { readonly fields: Readonly<Partial<Record<SourceField, unknown>>> };

/** One state of a record. `contentHash` differs whenever what we read of it does. */
export const recordVersion = z.object({ recordId: z.string().min(1).max(1_024), contentHash: z.string().min(1).max(64) });
export type RecordVersion = z.output<typeof recordVersion>;
