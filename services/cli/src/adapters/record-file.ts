import { digest } from "@flow-rag/contracts";
import { AppError } from "@flow-rag/kernel";
import { objectIdOf, parseExtendedJson } from "@flow-rag/stores";
import { parse as parseCsv } from "csv-parse";
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { createInterface } from "node:readline";

/** One record of a file, or why there is none at that place. `line` is where it stands, from 1; in a JSON array, which element. */
export type FileRecord = { readonly line: number } & ({ readonly document: Record<string, unknown> } | { readonly reason: string });

const maxLineBytes = 16 * 1024 * 1024; // MongoDB's own limit of a document

/**
 * Reads a file record by record: mongoexport NDJSON (extended JSON), a JSON array of the same, or CSV with a header line.
 * A record without `_id` gets one made of its place and content, so that reading the file again gives the same ids.
 * @throws AppError `invalid_input` when there is no such file, or an array is not one.
 */
export async function* readRecordFile(file: string): AsyncGenerator<FileRecord> {
  const first = await firstCharacter(file);
  if (first === undefined) return;
  if (first === "[") yield* withIds(readArray(file));
  else if (first === "{") yield* withIds(readLines(file));
  else yield* withIds(readCsv(file));
}

async function firstCharacter(file: string): Promise<string | undefined> {
  try {
    if (!(await stat(file)).isFile()) throw new Error("not a file");
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(4_096), 0, 4_096, 0);
      return /[^\s\uFEFF]/.exec(buffer.subarray(0, bytesRead).toString("utf8"))?.[0];
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new AppError("invalid_input", `${file}: cannot be read (${(cause as NodeJS.ErrnoException).code ?? (cause as Error).message})`, {
      cause,
    });
  }
}

async function* readLines(file: string): AsyncGenerator<FileRecord> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Infinity })) {
    line += 1;
    if (text.trim() === "") continue;
    yield text.length > maxLineBytes
      ? { line, reason: "longer than 16 MiB" }
      : parsed(line, text.replace(/^\uFEFF/, "").replace(/,\s*$/, ""));
  }
}

function parsed(line: number, text: string): FileRecord {
  try {
    return { line, document: parseExtendedJson(text) };
  } catch {
    return { line, reason: "not an extended JSON object" };
  }
}

/** A JSON array is read whole: mongoexport --jsonArray is meant for small collections. */
async function* readArray(file: string): AsyncGenerator<FileRecord> {
  const chunks: string[] = [];
  for await (const chunk of createReadStream(file, "utf8")) chunks.push(chunk as string);
  let elements: unknown;
  try {
    elements = JSON.parse(chunks.join("").replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw new AppError("invalid_input", `${file}: begins with "[" but is not a JSON array`, { cause });
  }
  if (!Array.isArray(elements)) throw new AppError("invalid_input", `${file}: not a JSON array`);
  for (const [index, element] of elements.entries()) yield parsed(index + 1, JSON.stringify(element));
}

async function* readCsv(file: string): AsyncGenerator<FileRecord> {
  const rows = createReadStream(file).pipe(
    parseCsv({ columns: true, bom: true, skip_empty_lines: true, relax_column_count: true, info: true }),
  );
  try {
    for await (const row of rows) {
      const { info, record } = row as { info: { lines: number; columns?: unknown }; record: Record<string, string> };
      // An empty cell is a field the record lacks, as mongoexport writes it.
      yield { line: info.lines, document: Object.fromEntries(Object.entries(record).filter(([, cell]) => cell !== "")) };
    }
  } catch (cause) {
    throw new AppError("invalid_input", `${file}: not CSV (${(cause as Error).message})`, { cause });
  }
}

async function* withIds(records: AsyncGenerator<FileRecord>): AsyncGenerator<FileRecord> {
  for await (const record of records) {
    if (!("document" in record)) yield record;
    else {
      const id = record.document["_id"];
      const missing = id === undefined || id === null || id === "";
      const made = () => objectIdOf(digest(String(record.line), JSON.stringify(record.document)).slice(0, 24));
      yield { line: record.line, document: { ...record.document, _id: missing ? made() : csvId(id) } };
    }
  }
}

/** mongoexport writes an ObjectId into CSV as ObjectId(…). */
function csvId(id: unknown): unknown {
  const hex = typeof id === "string" ? /^ObjectId\("?([0-9a-f]{24})"?\)$/.exec(id)?.[1] : undefined;
  return hex === undefined ? id : objectIdOf(hex);
}
