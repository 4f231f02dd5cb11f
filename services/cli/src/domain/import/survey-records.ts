import type { SourceRecord } from "@flow-rag/contracts";
import { normaliseRecord, readInstant } from "@flow-rag/insights";
import { fieldAt } from "./csv-columns.js";
import type { FileRecord } from "./file-record.js";
import { timeFields, type WrittenPaths } from "./source-paths.js";
import { readWrittenDate } from "./written-date.js";
import { decimalSignIn } from "./written-number.js";

/** How often something came, and where it came first. */
export type Seen = { count: number; readonly line: number; readonly example: string };

/** What a file's records look like, read from the first to the last. */
export type Survey = {
  records: number;
  setAside: number;
  readonly problems: { readonly line: number; readonly reason: string }[];
  /** The first three records. */
  readonly first: { readonly line: number; readonly document: Record<string, unknown> }[];
  /** Records that have none of the fields which a time is read from. */
  withoutTime: number;
  /** Forms of texts where a time stands: `plain` is ISO 8601 or an epoch, `local` (once) such a text without an offset. */
  readonly times: Map<"plain" | "local" | "named" | "dmy" | "mdy" | "either" | "unread", Seen>;
  readonly numbers: Map<"," | "." | "either" | "unread", Seen>;
  /** Status words that stand for nothing we know. */
  readonly statuses: Map<string, Seen>;
  /** Names of the fields, dotted, and in how many records each is. */
  readonly names: Map<string, number>;
  /** Fields whose texts or numbers are times in the first records, and in how many of them: what `timestamp` could be. */
  readonly timeLike: Map<string, number>;
};

const kept = { problems: 5, first: 3, statuses: 20, names: 200, looked: 100 };
const anyTime = new Date(0);
anyTime.setUTCFullYear(2000);

/**
 * Reads all records once and notes what decides how they are to be read: a form of date that one row of a million shows counts for all.
 * Memory is bounded: examples, not records, are kept. @param read gives a document's mapped fields.
 */
export async function surveyRecords(
  records: AsyncIterable<FileRecord>,
  {
    read,
    paths,
    zone,
    signal,
  }: { read: (document: Record<string, unknown>) => SourceRecord; paths: WrittenPaths; zone: string; signal: AbortSignal },
): Promise<Survey> {
  const survey: Survey = {
    records: 0,
    setAside: 0,
    problems: [],
    first: [],
    withoutTime: 0,
    times: new Map(),
    numbers: new Map(),
    statuses: new Map(),
    names: new Map(),
    timeLike: new Map(),
  };
  for await (const record of records) {
    signal.throwIfAborted();
    if (!("document" in record)) {
      survey.setAside += 1;
      if (survey.problems.length < kept.problems) survey.problems.push({ line: record.line, reason: record.reason });
      continue;
    }
    survey.records += 1;
    if (survey.first.length < kept.first) survey.first.push(record);
    noteNames(survey.names, record.document);
    if (survey.records <= kept.looked) noteTimeLike(survey.timeLike, record.document, zone);
    const fields = read(record.document);
    if (timeFields.every((name) => isBlank(fields.fields[name]))) survey.withoutTime += 1;
    noteTimes(survey, record, paths.times, zone);
    noteNumbers(survey, record, paths.numbers);
    noteStatus(survey, record.line, fields);
  }
  return survey;
}

const isBlank = (value: unknown): boolean => value === undefined || value === null || (typeof value === "string" && value.trim() === "");

type Found = { readonly line: number; readonly document: Record<string, unknown> };

function note<K>(seen: Map<K, Seen>, key: K, line: number, example: string): void {
  const known = seen.get(key);
  if (known) known.count += 1;
  else seen.set(key, { count: 1, line, example: example.slice(0, 40) });
}

function noteTimes(survey: Survey, { line, document }: Found, paths: readonly string[], zone: string): void {
  for (const path of paths) {
    const value = fieldAt(document, path);
    if (typeof value !== "string" || isBlank(value)) continue;
    const form = readInstant(value, zone) ? "plain" : (readWrittenDate(value)?.order ?? "unread");
    note(survey.times, form === "plain" && !survey.times.has("local") && isLocal(value) ? "local" : form, line, value);
  }
}

/** Whether a text means another instant in another zone. */
const isLocal = (text: string): boolean =>
  !/(?:Z|[+-]\d{2}:\d{2})$/.test(text) && readInstant(text, "UTC")?.getTime() !== readInstant(text, "Asia/Tokyo")?.getTime();

function noteNumbers(survey: Survey, { line, document }: Found, paths: readonly string[]): void {
  for (const path of paths) {
    const value = fieldAt(document, path);
    if (typeof value !== "string" || value.trim() === "") continue;
    const sign = decimalSignIn(value);
    if (sign !== "none") note(survey.numbers, sign, line, value);
    else if (!/\d/.test(value)) note(survey.numbers, "unread", line, value);
  }
}

/** When a converted record happened; undefined where it does not tell. */
export function timeOfRecord(record: SourceRecord, zone: string): Date | undefined {
  const { error: _long, ...fields } = record.fields;
  const run = normaliseRecord({ ...record, fields }, { zone });
  return run.ok ? run.facts.ts : undefined;
}

function noteStatus(survey: Survey, line: number, record: SourceRecord): void {
  const { error: _long, ...fields } = record.fields;
  const read = normaliseRecord({ ...record, fields: { ...fields, timestamp: anyTime } }, { zone: "UTC" });
  if (!read.ok || read.facts.status !== "unknown") return;
  const word = read.facts.rawStatus || "(none)";
  if (survey.statuses.has(word) || survey.statuses.size < kept.statuses) note(survey.statuses, word, line, word);
}

/** What reads as a time of the last thirty years or the next one; a number must be an epoch, which a count of rows is not. */
function noteTimeLike(seen: Map<string, number>, document: Record<string, unknown>, zone: string): void {
  const [first, last] = [Date.UTC(2000, 0), Date.now() + 366 * 86_400_000];
  for (const path of pathsIn(document)) {
    const value = fieldAt(document, path);
    const isLong =
      value instanceof Date || /^\d{10}(?:\d{3})?$/.test(String(value)) || (typeof value === "string" && /\d.*\d.*\d.*\d/.test(value));
    if (!isLong || (typeof value === "string" && value.length > 40)) continue;
    const at = readInstant(value, zone);
    const isTime = at ? at.getTime() > first && at.getTime() < last : typeof value === "string" && readWrittenDate(value) !== undefined;
    if (isTime) seen.set(path, (seen.get(path) ?? 0) + 1);
  }
}

function pathsIn(document: Record<string, unknown>): string[] {
  const names = new Map<string, number>();
  noteNames(names, document);
  return [...names.keys()];
}

function noteNames(names: Map<string, number>, document: Record<string, unknown>, prefix = ""): void {
  for (const [name, value] of Object.entries(document)) {
    const path = prefix + name;
    const isFolder = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
    if (isFolder && prefix.split(".").length < 4) noteNames(names, value as Record<string, unknown>, `${path}.`);
    else if (names.has(path) || names.size < kept.names) names.set(path, (names.get(path) ?? 0) + 1);
  }
}
