import type { RunFacts, SourceField, SourceRecord } from "@flow-rag/contracts";
import { cleanText } from "./clean-text.js";
import { isDate, readInstant, unwrapExtendedJson } from "./read-instant.js";
import { readStatus } from "./run-status.js";

export type NormalisedRecord = { readonly ok: true; readonly facts: RunFacts } | { readonly ok: false; readonly reason: string };

/** Name of the pipeline or techno of a run whose source names none. */
const unnamed = "unknown";
const nameLength = 200;
const statusLength = 100;
const errorLength = 8_000;

const isAbsent = (value: unknown): boolean => value === undefined || value === null || (typeof value === "string" && value.trim() === "");

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

/** Error text from what sources write: text, lines, or an object, of which `message` is preferred. */
function errorOf(raw: unknown): string | null {
  const value = unwrapExtendedJson(raw);
  if (isAbsent(value) || value === false) return null;
  let text: string;
  if (typeof value === "string") text = value;
  else if (Array.isArray(value) && value.every((line) => typeof line === "string")) text = value.join("\n");
  else {
    const message = (value as { message?: unknown }).message;
    text = typeof message === "string" && message.trim() !== "" ? message : jsonOf(value);
  }
  return cleanText(text, { max: errorLength, lines: true }) || null;
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    // A cycle or a bigint; nothing of it can be shown.
    return "";
  }
}

/** A count, or null: number or digit text, not negative, rounded, small enough to be exact. */
function countOf(raw: unknown): number | null {
  const value = unwrapExtendedJson(raw);
  const number =
    typeof value === "number" ? value : typeof value === "string" && /^\s*\d{1,16}(?:\.\d{1,9})?\s*$/.test(value) ? Number(value) : NaN;
  const rounded = Math.round(number);
  return number >= 0 && Number.isSafeInteger(rounded) ? rounded : null;
}

function durationOf(fields: SourceRecord["fields"], zone: string): number | null {
  if (!isAbsent(fields.durationMs)) return countOf(fields.durationMs);
  const from = readInstant(fields.startedAt, zone);
  const to = readInstant(fields.endedAt, zone);
  return from && to && to >= from ? to.getTime() - from.getTime() : null;
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
export function normaliseRecord(record: SourceRecord, { zone }: { zone: string }): NormalisedRecord {
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
  return {
    ok: true,
    facts: {
      pipeline,
      tech: lineOf(fields.tech, nameLength) ?? unnamed,
      status: readStatus(fields.status),
      rawStatus: rawStatusOf(fields.status),
      ts,
      durationMs: durationOf(fields, zone),
      error: errorOf(fields.error),
      environment: lineOf(fields.environment, nameLength) ?? null,
      owner: lineOf(fields.owner, nameLength) ?? null,
      runRef: lineOf(fields.runId, nameLength) ?? null,
      recordsProcessed: countOf(fields.recordsProcessed),
    },
  };
}
