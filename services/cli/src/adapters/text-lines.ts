import { AppError } from "@flow-rag/kernel";
import { createReadStream } from "node:fs";

/**
 * The lines of a UTF-8 text without their ends, read as they are asked for; "-" is the standard input.
 * @throws AppError `invalid_input` when the file cannot be read.
 */
export async function* openLines(file: string): AsyncGenerator<string> {
  const input = file === "-" ? process.stdin : createReadStream(file);
  input.setEncoding("utf8");
  const withoutReturn = (line: string): string => (line.endsWith("\r") ? line.slice(0, -1) : line);
  let rest = "";
  try {
    for await (const chunk of input as AsyncIterable<string>) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield withoutReturn(line);
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined || code.startsWith("ABORT")) throw cause;
    throw new AppError("invalid_input", `${file}: cannot be read (${code})`, { cause });
  }
  if (rest !== "") yield withoutReturn(rest);
}
