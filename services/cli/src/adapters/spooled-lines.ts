import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { openLines } from "./text-lines.js";

export type SpooledLines = {
  /** From the first again, each time. */
  read(): AsyncGenerator<string>;
  remove(): Promise<void>;
};

/** Keeps lines in a temporary file of this user's alone, for what has to see all of them before it can say anything of the first. */
export async function spoolLines(lines: AsyncIterable<string>, signal: AbortSignal): Promise<SpooledLines> {
  const folder = await mkdtemp(join(tmpdir(), "flow-rag-"));
  const file = join(folder, "lines");
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  async function* ended(): AsyncGenerator<string> {
    for await (const line of lines) yield `${line}\n`;
  }
  try {
    await pipeline(Readable.from(ended(), { objectMode: false }), createWriteStream(file, { mode: 0o600 }), { signal });
  } catch (error) {
    await remove();
    throw error;
  }
  return { read: () => openLines(file), remove };
}
