import { reindexMessage, type ReindexDeed, type ReindexMessage } from "@flow-rag/contracts";
import { AppError } from "@flow-rag/kernel";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { formatLogLine } from "../domain/format-log-line.js";
import { serviceProgram } from "./service-program.js";

type Options = {
  readonly deed: ReindexDeed;
  /** The embedder to build with; the process decides when undefined. */
  readonly embedder: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  readonly onMessage: (message: ReindexMessage) => void;
};

const killAfterMs = 30_000;

/**
 * Rebuilds the index in a process of the worker's, which is the only writer of the index, and passes on what it tells. It ends by itself when
 * this process dies, whatever way; once the signal aborts it is stopped.
 * @throws AppError with the process's own reason when it failed, `unexpected` when it ended without a word.
 */
export async function runReindexProcess({ deed, embedder, env, say, onMessage }: Options, signal: AbortSignal): Promise<void> {
  const args = [...serviceProgram("worker", "reindex"), deed, ...(embedder === undefined ? [] : [embedder])];
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe", "ipc"] });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on("line", (line) => say(`[reindex] ${formatLogLine(line)}`));
  }
  let failure: AppError | undefined;
  child.on("message", (told) => {
    const message = reindexMessage.parse(told);
    if (message.type === "failed") failure = new AppError(message.kind, message.message);
    else onMessage(message);
  });
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill("SIGTERM");
    timer = setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  };
  signal.addEventListener("abort", stop, { once: true });
  const [code, killed] = (await once(child, "close")) as [number | null, string | null];
  clearTimeout(timer);
  signal.removeEventListener("abort", stop);
  signal.throwIfAborted();
  if (failure) throw failure;
  if (code !== 0) throw new AppError("unexpected", `the reindex ended (${code ?? killed}): start it again and it goes on`);
}
