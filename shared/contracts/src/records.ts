import { z } from "zod";
import type { SourceField } from "./source-fields.js";

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

/**
 * One record as its source holds it now: the mapped fields only, under our names. Untrusted.
 * Values are plain: text, number, boolean, Date, null, arrays and objects of those; a field the record lacks is absent.
 * What the source's configuration says of the values stands beside them, so that another configuration gives another content hash:
 * `ownStatus`, what its own words say the status is; `durationUnit`; `outcomeMissing`, true when a place before the status's is empty.
 */
export type SourceRecord = RecordRef & {
  readonly fields: Readonly<Partial<Record<SourceField | "ownStatus" | "durationUnit" | "outcomeMissing", unknown>>>;
};

/** One state of a record. `contentHash` differs whenever what we read of it does. */
export const recordVersion = z.object({ recordId: z.string().min(1).max(1_024), contentHash: z.string().min(1).max(64) });
export type RecordVersion = z.output<typeof recordVersion>;
