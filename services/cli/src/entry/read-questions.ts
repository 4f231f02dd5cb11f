import { AppError, parseInstant } from "@flow-rag/kernel";
import { stdin } from "node:process";
import { createInterface } from "node:readline";

/** The given question, or one a line from stdin when it is "-"; empty lines are left out. */
export async function* readQuestions(question: string): AsyncGenerator<string> {
  if (question !== "-") yield question;
  else {
    for await (const line of createInterface({ input: stdin, crlfDelay: Infinity })) if (line.trim() !== "") yield line;
  }
}

/** The instant of `--now`; undefined when it was not given. */
export function readNow(text: string | undefined, zone: string): Date | undefined {
  if (text === undefined) return undefined;
  const now = parseInstant(text, zone);
  if (!now) throw new AppError("invalid_input", "--now: an instant such as 2026-05-06T08:00:00+02:00 is wanted");
  return now;
}
