import { createSeriesDetector } from "@flow-rag/insights";
import { AppError } from "@flow-rag/kernel";
import { parse as parseCsv } from "csv-parse";
import { Readable } from "node:stream";
import { openLines } from "../adapters/text-lines.js";
import type { CommandContext } from "../deps.js";

/** `flow-rag series`: one score a row, in the order of the rows; a row is scored before the next one is read. A row without a number scores 0. */
export async function scoreSeries({ terminal, signal }: CommandContext, { file, json }: { file: string; json: boolean }): Promise<void> {
  const detector = createSeriesDetector();
  async function* scored(): AsyncGenerator<string> {
    if (!json) yield "timestamp,value,score";
    for await (const { timestamp, text } of readRows(file)) {
      const number = text.trim() === "" ? NaN : Number(text);
      const score = Number(detector.score(number).toFixed(6));
      const value = Number.isFinite(number) ? number : null;
      yield json ? JSON.stringify({ timestamp, value, score }) : `${timestamp},${value ?? ""},${score}`;
    }
  }
  await terminal.results(scored(), signal);
}

/** Rows of two columns. With a header line the columns are those called "timestamp" and "value", else the first two. */
async function* readRows(file: string): AsyncGenerator<{ timestamp: string; text: string }> {
  async function* text(): AsyncGenerator<string> {
    for await (const line of openLines(file)) yield `${line}\n`;
  }
  const parser = parseCsv({ bom: true, skip_empty_lines: true, relax_column_count: true });
  const rows = Readable.from(text()).compose(parser) as AsyncIterable<string[]>;
  let columns: { timestamp: number; value: number } | undefined;
  try {
    for await (const row of rows) {
      if (!columns) {
        const names = row.map((name) => name.trim().toLowerCase());
        const named = { timestamp: names.indexOf("timestamp"), value: names.indexOf("value") };
        columns = { timestamp: Math.max(0, named.timestamp), value: named.value < 0 ? 1 : named.value };
        const isHeader = named.value >= 0 || Number.isNaN(Number(row[columns.value] ?? ""));
        if (isHeader) continue;
      }
      yield { timestamp: row[columns.timestamp] ?? "", text: row[columns.value] ?? "" };
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("invalid_input", `${file}: not CSV (${(cause as Error).message})`, { cause });
  }
}
