import { AppError } from "@flow-rag/kernel";
import { readDocument } from "@flow-rag/stores";
import type { FileRecord } from "../../domain/import/file-record.js";
import { fieldAt, setField } from "../../domain/import/csv-columns.js";
import { csvShapeOf, readCsvRows, type CsvShape } from "./csv-rows.js";
import { openBytes, type FileBytes } from "./file-bytes.js";
import { jsonShapeOf, lookIntoObject, refuseWrapper, type JsonShape } from "./json-shape.js";
import { parseExactJson, readJsonValues } from "./json-values.js";
import { decodeText, detectEncoding, type TextEncoding } from "./text-encoding.js";
import { splitLines } from "./text-lines.js";

/** How to read a file, where it does not say itself. `at`: the list in a wrapper; `carry`: fields of the wrapper that each record gets. */
export type ReadOptions = {
  readonly encoding?: string | undefined;
  readonly delimiter?: string | undefined;
  readonly at?: string | undefined;
  readonly carry?: readonly string[] | undefined;
  /** Paths that a record's time is read from: what has none of them is no record. */
  readonly timePaths: readonly string[];
  /** All paths that are read: column names that speak for a delimiter. */
  readonly knownPaths: readonly string[];
};

/** A file of records that was looked at: what it is, and its records as often as they are asked for. */
export type RecordFile = {
  readonly file: string;
  readonly gzip: boolean;
  readonly encoding: TextEncoding;
  readonly layout:
    { readonly kind: "csv"; readonly csv: CsvShape } | { readonly kind: "json"; readonly json: JsonShape; readonly at?: string };
  /** Records in the order of the file, one held at a time. @throws AppError `invalid_input` where the file is broken off. */
  read(): AsyncGenerator<FileRecord>;
};

const maxLineCharacters = 16 * 1024 * 1024; // MongoDB's own limit of a document
const headCharacters = 65_536;

/**
 * Opens a file of records: mongoexport NDJSON (extended JSON), JSON values over any number of lines, a JSON list, a list within a wrapper, or
 * CSV with a header line; in any encoding and packed by gzip or not.
 * @throws AppError `invalid_input` when it is none of these or in doubt; the message says what to type.
 */
export async function openRecordFile(file: string, options: ReadOptions, signal: AbortSignal): Promise<RecordFile> {
  const bytes = await openBytes(file);
  const encoding = await detectEncoding(bytes, options.encoding, signal);
  const head = await headOf(decodeText(bytes, encoding));
  const first = /\S/.exec(head)?.[0];
  if (first === undefined) throw new AppError("invalid_input", `${file}: empty, there is nothing to import`);
  if (first === "<") throw new AppError("invalid_input", `${file}: ${markupAdvice(head)}`);
  const opened = { file, gzip: bytes.gzip, encoding };
  const text = () => decodeText(bytes, encoding);
  if (first === "{" || first === "[") return { ...opened, ...openJson({ file, bytes, head, text }, options) };
  const unfit = options.at ?? options.carry?.[0];
  if (unfit !== undefined) throw new AppError("invalid_input", `${file}: --at and --carry are for JSON, this is CSV`);
  const csv = csvShapeOf(file, head, head.length < headCharacters, delimiterOf(options.delimiter), options.knownPaths);
  return { ...opened, layout: { kind: "csv", csv }, read: () => readCsvRows(text(), file, csv) };
}

const markupAdvice = (head: string): string =>
  /<!doctype html|<html|<head|<body/i.test(head)
    ? "a web page, perhaps a login page, and no export: fetch the file again with your credentials"
    : "XML: write it as CSV or JSON first";

function delimiterOf(asked: string | undefined): string | undefined {
  if (asked === undefined) return undefined;
  const named: Readonly<Record<string, string>> = { tab: "\t", "\\t": "\t", comma: ",", semicolon: ";", pipe: "|" };
  const delimiter = named[asked.toLowerCase()] ?? asked;
  if (delimiter.length === 1 && !/[\w"\r\n]/.test(delimiter)) return delimiter;
  throw new AppError("invalid_input", `--delimiter: one character, or comma, semicolon, tab, pipe`);
}

async function headOf(chunks: AsyncGenerator<string>): Promise<string> {
  let head = "";
  for await (const chunk of chunks) {
    head += chunk;
    if (head.length >= headCharacters) break;
  }
  return head.slice(0, headCharacters);
}

type Opened = { readonly file: string; readonly bytes: FileBytes; readonly head: string; readonly text: () => AsyncGenerator<string> };

function openJson({ file, head, text }: Opened, { at, carry = [], timePaths }: ReadOptions): Pick<RecordFile, "layout" | "read"> {
  const json = jsonShapeOf(head);
  if (at === undefined) {
    if (carry.length > 0) throw new AppError("invalid_input", "--carry wants --at: it names fields beside the list of records");
    if (json !== "list") refuseWrapper(file, head, timePaths);
    if (json === "lines") return { layout: { kind: "json", json }, read: () => readLines(text()) };
    const paths = [json === "list" ? "$.*" : "$"];
    return { layout: { kind: "json", json }, read: () => readValues(readJsonValues(text(), { file, paths })) };
  }
  if (!/^[^.$*]+(?:\.[^.$*]+)*$/.test(at)) throw new AppError("invalid_input", `--at ${at}: a dotted path such as data.runs is wanted`);
  const read = async function* () {
    const carried = await readCarried(text, file, carry);
    let found = 0;
    // The wrapper may itself stand in a list, as pages do that were fetched one after the other.
    for await (const record of readValues(readJsonValues(text(), { file, paths: [`$.${at}.*`, `$.*.${at}.*`] }))) {
      found += 1;
      if ("document" in record) for (const [path, value] of carried) carryInto(record.document, path, value);
      yield record;
    }
    if (found === 0) throw nothingAt(file, at, head);
  };
  return { layout: { kind: "json", json, at }, read };
}

function carryInto(document: Record<string, unknown>, path: string, value: unknown): void {
  if (fieldAt(document, path) === undefined) setField(document, path, value);
}

function nothingAt(file: string, at: string, head: string): AppError {
  const known = lookIntoObject(head.trimStart().replace(/^\[/, "")).lists.map(({ path }) => path);
  const there = known.length === 0 ? "no list of objects was seen" : `lists of objects are at: ${known.join(", ")}`;
  return new AppError("invalid_input", `${file}: nothing at ${at}; ${there}`);
}

/** Fields of the wrapper, which may stand behind its list: so they are read before. Of several wrappers the first has it. */
async function readCarried(text: () => AsyncGenerator<string>, file: string, paths: readonly string[]): Promise<Map<string, unknown>> {
  const carried = new Map<string, unknown>();
  for (const path of paths) {
    for await (const { value } of readJsonValues(text(), { file, paths: [`$.${path}`, `$.*.${path}`] })) {
      carried.set(path, documentValue(value));
      break;
    }
    if (!carried.has(path)) throw new AppError("invalid_input", `${file}: --carry ${path}: there is no such field beside the list`);
  }
  return carried;
}

const documentValue = (value: unknown): unknown => {
  const read = readDocument({ value });
  return "document" in read ? read.document["value"] : null;
};

async function* readLines(chunks: AsyncIterable<string>): AsyncGenerator<FileRecord> {
  for await (const { line, text, cut } of splitLines(chunks, maxLineCharacters)) {
    const json = text.trim().replace(/,$/, "");
    if (cut) yield { line, reason: "longer than 16 MiB, which is more than MongoDB takes" };
    else if (json !== "") yield toRecord(line, json);
  }
}

function toRecord(line: number, json: string): FileRecord {
  let value: unknown;
  try {
    value = parseExactJson(json);
  } catch {
    return { line, reason: "no JSON object" };
  }
  return { line, ...readDocument(value) };
}

async function* readValues(values: AsyncGenerator<{ line: number; value: unknown }>): AsyncGenerator<FileRecord> {
  for await (const { line, value } of values) yield { line, ...readDocument(value) };
}
