import { durationUnits, runStatus, type RunFacts, type RunStatus, type SourceField, type SourceRecord } from "@flow-rag/contracts";
import { cleanText } from "./clean-text.js";
import { readDuration } from "./read-duration.js";
import { readError } from "./read-error.js";
import { isDate, readInstant, unwrapExtendedJson } from "./read-instant.js";
import { readNumber } from "./read-number.js";
import { readStatus } from "./run-status.js";

export type NormalisedRecord = { readonly ok: true; readonly facts: RunFacts } | { readonly ok: false; readonly reason: string };

/** Name of the pipeline or techno of a run whose source names none. */
const unnamed = "unknown";
const nameLength = 200;
const statusLength = 100;

export const isAbsent = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "string" && value.trim() === "");

/** What kind of value was given, in words that hold nothing of it. */
function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (typeof value === "string") return value.trim() === "" ? "blank text" : `text of ${value.length} characters`;
  if (isDate(value)) return Number.isNaN(value.getTime()) ? "an invalid date" : "a date";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** One line of text from a scalar; undefined when there is none. */
function lineOf(raw: unknown, max: number): string | undefined {
  const value = unwrapExtendedJson(raw);
  const text = typeof value === "string" ? value : typeof value === "number" || typeof value === "boolean" ? String(value) : "";
  return cleanText(text, { max }) || undefined;
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    // A cycle or a bigint; nothing of it can be shown.
    return "";
  }
}

/** A count, or null: not negative, rounded, small enough to be exact. */
function countOf(raw: unknown): number | null {
  const number = readNumber(raw);
  const rounded = Math.round(number);
  return number >= 0 && Number.isSafeInteger(rounded) ? rounded : null;
}

function durationOf({ durationMs, durationUnit, startedAt, endedAt }: SourceRecord["fields"], zone: string): number | null {
  if (!isAbsent(durationMs))
    return readDuration(
      durationMs,
      durationUnits.find((unit) => unit === durationUnit),
    );
  return elapsedMs(startedAt, endedAt, zone);
}

/** From a start to an end that is not before it, in ms; null without both. */
export function elapsedMs(startedAt: unknown, endedAt: unknown, zone: string): number | null {
  const from = readInstant(startedAt, zone);
  const to = readInstant(endedAt, zone);
  return from && to && to >= from ? to.getTime() - from.getTime() : null;
}

/** The source's own words first, then the words that are known. */
function statusOf({ status, ownStatus, outcomeMissing }: SourceRecord["fields"], tech: string, error: string | null): RunStatus {
  const own = runStatus.options.find((option) => option === ownStatus);
  return own ?? readStatus(unwrapExtendedJson(status), { tech, error, outcomeMissing: outcomeMissing === true });
}

function rawStatusOf(raw: unknown): string {
  const value = unwrapExtendedJson(raw);
  return lineOf(value, statusLength) ?? (isAbsent(value) ? "" : cleanText(jsonOf(value), { max: statusLength }));
}

/** Where the instant is looked for when a record has no `timestamp`: the end says most about when a result was known. */
const instantFields = ["timestamp", "endedAt", "startedAt", "updatedAt"] as const satisfies readonly SourceField[];

/**
 * What a record says about one run, redacted and in our terms; or why nothing can be said.
 * A record needs a readable instant and no more: a run whose pipeline is not named still ran, and leaving it out would make totals wrong.
 * Everything else may be missing and is then null, empty or `unknown`; a pipeline that is given but is no name is refused.
 * `zone` is that of instants written without an offset. The reason names our field and the rule, and quotes nothing of the record.
 */
export function normaliseRecord(record: SourceRecord, options: { zone: string }): NormalisedRecord {
  try {
    return readRun(record, options);
  } catch {
    return { ok: false, reason: "the record cannot be read: a value of it is of no kind that we know" }; // the others of its page are read all the same
  }
}

function readRun(record: SourceRecord, { zone }: { zone: string }): NormalisedRecord {
  const { fields } = record;
  const pipeline = isAbsent(fields.pipeline) ? unnamed : lineOf(fields.pipeline, nameLength);
  if (pipeline === undefined)
    return { ok: false, reason: `pipeline: ${kindOf(fields.pipeline)} given; accepted: text, a number or nothing` };
  const instantField = instantFields.find((field) => !isAbsent(fields[field])) ?? "timestamp";
  const ts = readInstant(fields[instantField], zone);
  if (!ts) {
    const accepted = "a date, ISO 8601 text or an epoch in seconds or milliseconds, between 1990 and 2100";
    return { ok: false, reason: `${instantField}: ${kindOf(fields[instantField])} given; accepted: ${accepted}` };
  }
  const tech = lineOf(fields.tech, nameLength) ?? unnamed;
  const error = readError(fields.error);
  return {
    ok: true,
    facts: {
      pipeline,
      tech,
      status: statusOf(fields, tech, error),
      rawStatus: rawStatusOf(fields.status),
      ts,
      durationMs: durationOf(fields, zone),
      error,
      environment: lineOf(fields.environment, nameLength) ?? null,
      owner: lineOf(fields.owner, nameLength) ?? null,
      runRef: lineOf(fields.runId, nameLength) ?? null,
      recordsProcessed: countOf(fields.recordsProcessed),
    },
  };
}
