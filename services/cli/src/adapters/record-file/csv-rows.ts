import { AppError } from "@flow-rag/kernel";
import { parse, type Options } from "csv-parse";
import { parse as parseAtOnce } from "csv-parse/sync";
import { Readable } from "node:stream";
import type { FileRecord } from "../../domain/import/file-record.js";
import { nestColumns, nameColumns } from "../../domain/import/csv-columns.js";

/** By which character the cells of a CSV file are separated, and what its columns are called. */
export type CsvShape = { readonly delimiter: string; readonly columns: readonly string[]; readonly skippedLines: number };

const delimiters = [",", ";", "\t", "|"];
const comparedRows = 25;
const maxRowCharacters = 16 * 1024 * 1024;
const dialect = {
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  max_record_size: maxRowCharacters,
} satisfies Options;

/**
 * The delimiter that gives the first rows the most columns of one count, and the header line. A first line `sep=;`, as Excel writes and
 * reads it, says it. `known`: column names that speak for a delimiter.
 * @throws AppError `invalid_input` when two delimiters do equally well, or the head is no CSV.
 */
export function csvShapeOf(file: string, head: string, whole: boolean, asked: string | undefined, known: readonly string[]): CsvShape {
  const [, said] = /^sep=(.)\r?\n/i.exec(head) ?? [];
  const skippedLines = said === undefined ? 0 : 1;
  const text = said === undefined ? head : head.slice(head.indexOf("\n") + 1);
  const only = asked ?? said;
  const tried = (only === undefined ? delimiters : [only]).map((delimiter) => ({
    delimiter,
    ...tryDelimiter(text, whole, delimiter, known),
  }));
  const best = Math.max(...tried.map(({ score }) => score));
  const [first, second] = tried.filter(({ score }) => score === best);
  if (!first || first.columns.length === 0) throw new AppError("invalid_input", `${file}: no CSV with a header line, and no JSON`);
  if (second && first.columns.length > 1) {
    const names = [first, second].map(({ delimiter }) => `--delimiter "${delimiter === "\t" ? "tab" : delimiter}"`);
    throw new AppError("invalid_input", `${file}: which character separates the columns is in doubt; say ${names.join(" or ")}`);
  }
  return { delimiter: first.delimiter, columns: first.columns, skippedLines };
}

function tryDelimiter(text: string, whole: boolean, delimiter: string, known: readonly string[]): { columns: string[]; score: number } {
  let rows: string[][];
  try {
    rows = parseAtOnce(text, { ...dialect, delimiter, to: comparedRows, skip_records_with_error: true });
  } catch {
    return { columns: [], score: -1 };
  }
  const [columns = [], ...others] = whole || rows.length < 2 || rows.length >= comparedRows ? rows : rows.slice(0, -1);
  const fitting = others.filter((row) => row.length === columns.length).length;
  const share = others.length === 0 ? 1 : fitting / others.length;
  const recognised = columns.filter((name) => known.includes(name.trim())).length;
  return { columns: nameColumns(columns), score: recognised * 100 + (columns.length - 1) * share };
}

/**
 * The rows of a CSV text as documents: an empty cell is a field that the record lacks, `job.name` a field within `job`.
 * A row that cannot be told apart into its cells is given with the reason. @throws AppError `invalid_input` when the text ends within quotes.
 */
export async function* readCsvRows(chunks: AsyncIterable<string>, file: string, shape: CsvShape): AsyncGenerator<FileRecord> {
  const skipped: FileRecord[] = [];
  const parser = parse({
    ...dialect,
    delimiter: shape.delimiter,
    from_line: 1 + shape.skippedLines,
    info: true,
    skip_records_with_error: true,
    on_skip: (error) => void skipped.push({ line: Number(error?.["lines"] ?? 0), reason: `no CSV row (${error?.code ?? "unknown"})` }),
  });
  const rows = Readable.from(chunks)
    .on("error", (error) => parser.destroy(error))
    .pipe(parser);
  let header = true;
  try {
    for await (const row of rows) {
      yield* skipped.splice(0);
      const { info, record } = row as { info: { lines: number }; record: string[] };
      if (header) header = false;
      else yield toRecord(info.lines, record, shape.columns);
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("invalid_input", `${file}: not CSV (${(cause as Error).message}); nothing was imported`, { cause });
  }
  yield* skipped.splice(0);
}

function toRecord(line: number, cells: readonly string[], columns: readonly string[]): FileRecord {
  if (cells.slice(columns.length).some((cell) => cell !== ""))
    return { line, reason: `${cells.length} cells for ${columns.length} columns: a text with the separator in it wants quotes` };
  return { line, document: nestColumns(columns, cells) };
}
