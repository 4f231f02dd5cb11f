import { AppError, parseInstant } from "@flow-rag/kernel";
import { formatExtendedJson, objectIdOf } from "@flow-rag/stores";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { finished } from "node:stream/promises";
import type { CommandContext } from "../deps.js";
import { generateSample } from "../domain/generate-sample.js";

export type SampleFlags = { days: number; pipelines: number; seed: number; end?: string; out?: string };

/** `flow-rag sample`: generated records as mongoexport writes them. */
export async function writeSample(
  { config, terminal, signal }: CommandContext,
  { days, pipelines, seed, end: endText, out }: SampleFlags,
): Promise<void> {
  const end = readEnd(endText, config.business.zone);
  const { records, incidents } = generateSample({ days, pipelines, seed, end, zone: config.business.zone });
  if (out === undefined) {
    let count = 0;
    for (const record of records) {
      terminal.result(toLine(record));
      if (++count % 1_000 === 0) signal.throwIfAborted();
    }
    terminal.say(`${count} records until ${end.toISOString()}; with --out FILE the planted incidents are written beside it`);
    return;
  }
  const stream = createWriteStream(out);
  let count = 0;
  for (const record of records) {
    count += 1;
    if (!stream.write(`${toLine(record)}\n`)) await once(stream, "drain", { signal });
  }
  stream.end();
  await finished(stream);
  const truth = `${out}.truth.json`;
  await writeFile(truth, `${JSON.stringify({ days, pipelines, seed, end, zone: config.business.zone, incidents }, null, 2)}\n`);
  terminal.result(`${out}: ${count} records until ${end.toISOString()}; ${truth}: ${incidents.length} planted incidents`);
}

/** The instant a sample ends at: the given one, else the last full hour. */
function readEnd(text: string | undefined, zone: string): Date {
  if (text === undefined) return lastFullHour(new Date());
  const end = parseInstant(text, zone);
  if (!end) throw new AppError("invalid_input", "--end: an instant such as 2026-05-06T08:00:00+02:00 is wanted");
  return end;
}

export const lastFullHour = (now: Date): Date => new Date(Math.floor(now.getTime() / 3_600_000) * 3_600_000);

/** A generated record as a document of MongoDB. */
export const toDocument = (record: Record<string, unknown>): Record<string, unknown> => ({
  ...record,
  _id: objectIdOf(String(record["_id"])),
});
const toLine = (record: Record<string, unknown>): string => formatExtendedJson(toDocument(record));
