import { createLogger, type Logger } from "@flow-rag/kernel";
import { SingleBar } from "cli-progress";
import { pipeline } from "node:stream/promises";
import { createColors } from "picocolors";
import { formatLogLine } from "../domain/format-log-line.js";

/** stdout is for results, stderr for everything that accompanies them. */
export interface Terminal {
  /** One line of the result. */
  result(line: string): void;
  /** Many lines of the result, as fast as their reader takes them. A reader that goes away (`| head`) ends it in peace. */
  results(lines: AsyncIterable<string>, signal: AbortSignal): Promise<void>;
  /** One line for the person who watches. */
  say(line: string): void;
  readonly colors: ReturnType<typeof createColors>;
  /** A bar on a terminal, otherwise a line every 5 seconds. `total` may be corrected while it runs. */
  startProgress(title: string, total: number): Progress;
  /** Readable lines on stderr. */
  createLog(level: "debug" | "info" | "warn" | "error" | "silent"): Logger;
}
export interface Progress {
  update(done: number, total: number): void;
  stop(): void;
}
type Streams = { stdout: NodeJS.WritableStream; stderr: NodeJS.WritableStream & { isTTY?: boolean }; env: NodeJS.ProcessEnv };

const plainLineEveryMs = 5_000;

export function createTerminal({ stdout, stderr, env }: Streams): Terminal {
  const tty = stderr.isTTY === true;
  const colors = createColors(tty && !env["NO_COLOR"]);
  const say = (line: string) => void stderr.write(`${line}\n`);
  return {
    result: (line) => void stdout.write(`${line}\n`),
    results: (lines, signal) => writeLines(lines, stdout, signal),
    say,
    colors,
    startProgress: (title, total) => (tty ? startBar(title, total, stderr) : startLines(title, total, say)),
    createLog: (level) => createLogger("flow-rag", level, { write: (line) => say(formatLogLine(line)) }),
  };
}

/** A reader that goes away (`| head`) is no fault: what is written from then on is for nobody. */
export function ignoreClosedPipe(stream: NodeJS.WritableStream): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

const chunkLength = 65_536;

async function writeLines(lines: AsyncIterable<string>, stdout: NodeJS.WritableStream, signal: AbortSignal): Promise<void> {
  async function* chunks(): AsyncGenerator<string> {
    let chunk = "";
    for await (const line of lines) {
      chunk += `${line}\n`;
      if (chunk.length < chunkLength) continue;
      yield chunk;
      chunk = "";
    }
    if (chunk !== "") yield chunk;
  }
  try {
    await pipeline(chunks, stdout, { end: false, signal });
  } catch (error) {
    if ((error as { code?: string }).code !== "EPIPE") throw error;
  }
}

function startBar(title: string, total: number, stream: NodeJS.WritableStream): Progress {
  const startedAt = Date.now();
  const format = `${title} {bar} {percentage}% {value}/{total} · {rate}/s · ETA {eta_formatted}`;
  const bar = new SingleBar({ format, stream, hideCursor: true, barCompleteChar: "█", barIncompleteChar: "░", etaBuffer: 20 });
  bar.start(total, 0, { rate: 0 });
  return {
    update(done, newTotal) {
      bar.setTotal(newTotal);
      bar.update(done, { rate: ratePerSecond(done, startedAt) });
    },
    stop: () => bar.stop(),
  };
}

function startLines(title: string, total: number, say: (line: string) => void): Progress {
  const startedAt = Date.now();
  let shownAt = startedAt;
  let last = { done: 0, total };
  const line = () => {
    const rate = ratePerSecond(last.done, startedAt);
    const left = rate > 0 ? ` · ETA ${Math.ceil((last.total - last.done) / rate)} s` : "";
    say(`${title} ${last.done}/${last.total} · ${rate}/s${last.done < last.total ? left : ""}`);
  };
  return {
    update(done, newTotal) {
      last = { done, total: newTotal };
      if (Date.now() - shownAt < plainLineEveryMs) return;
      shownAt = Date.now();
      line();
    },
    stop: line,
  };
}

const ratePerSecond = (done: number, startedAt: number): number => Math.round(done / Math.max(0.001, (Date.now() - startedAt) / 1_000));
