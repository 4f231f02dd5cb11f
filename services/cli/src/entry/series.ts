import { createSeriesDetector } from "@flow-rag/insights";
import { AppError } from "@flow-rag/kernel";
import { parse as parseCsv } from "csv-parse";
import { Readable } from "node:stream";
import { openLines } from "../adapters/text-lines.js";
import type { CommandContext } from "../deps.js";
import { csvField, numberOf, readDelimiter, readLayout } from "../domain/read-series-row.js";

/** `flow-rag series`: one score a row, in the order of the rows; a row is scored before the next but one is read. A row without a number scores 0. */
export async function scoreSeries({ terminal, signal }: CommandContext, { file, json }: { file: string; json: boolean }): Promise<void> {
  const detector = createSeriesDetector();
  const seen = { rows: 0, numbers: 0 };
  async function* scored(): AsyncGenerator<string> {
    if (!json) yield "timestamp,value,score";
    for await (const { timestamp, text } of readRows(file)) {
      const number = numberOf(text);
      const score = Number(detector.score(number).toFixed(6));
      const value = Number.isFinite(number) ? number : null;
      seen.rows += 1;
      seen.numbers += Number(value !== null);
      yield json ? JSON.stringify({ timestamp, value, score }) : `${csvField(timestamp)},${value ?? ""},${score}`;
    }
  }
  await terminal.results(scored(), signal);
  if (seen.rows > 0 && seen.numbers === 0)
    terminal.say(`${file}: no row has a number; UTF-8 with the columns timestamp and value is wanted, such as 2026-05-05T08:00:00Z,12.5`);
}

/** The instant and the number of each row, as they are written. */
async function* readRows(file: string): AsyncGenerator<{ timestamp: string; text: string }> {
  const lines = openLines(file);
  const head = await lines.next();
  if (head.done) return;
  async function* text(): AsyncGenerator<string> {
    yield `${String(head.value)}\n`;
    for await (const line of lines) yield `${line}\n`;
  }
  const parser = parseCsv({
    bom: true,
    skip_empty_lines: true,
    relax_column_count: true,
    relax_quotes: true,
    delimiter: readDelimiter(String(head.value)),
  });
  const rows = Readable.from(text()).compose(parser) as AsyncIterable<string[]>;
  let columns: ReturnType<typeof readLayout>["columns"] | undefined;
  let first: string[] | undefined;
  try {
    for await (const row of rows) {
      if (columns) yield fieldsOf(row, columns);
      else if (!first) first = row;
      else {
        const layout = readLayout(first, row);
        ({ columns } = layout);
        if (!layout.isHeader) yield fieldsOf(first, columns);
        yield fieldsOf(row, columns);
      }
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("invalid_input", `${file}: not CSV (${(cause as Error).message})`, { cause });
  }
  const layout = columns || !first ? undefined : readLayout(first);
  if (first && layout && !layout.isHeader) yield fieldsOf(first, layout.columns);
}

const fieldsOf = (row: readonly string[], { timestamp, value }: { timestamp: number; value: number }) => ({
  timestamp: row[timestamp] ?? "",
  text: row[value] ?? "",
});
