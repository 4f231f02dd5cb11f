import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { AppError } from "@flow-rag/kernel";
import type { ChildMessage, Question } from "./child-protocol.js";

/** A program of this package that runs as a child process: `src/<name>/main.ts`, or its compiled twin in `dist`. */
export interface ChildProgram {
  readonly name: "session-child" | "tokenizer-child";
  /** Handed to the program; JSON. */
  readonly setup: unknown;
  /** Arguments of node, which must know TypeScript where this file is not compiled. */
  readonly nodeArgs: readonly string[];
  /** A silence of this length is the end of the child. */
  readonly answerWithinMs: number;
}

/** A child process that has loaded what it needs. */
export interface Child<Q, A> {
  readonly pid: number;
  /** Resident memory at its last word, and when it had loaded. Bytes. */
  readonly memory: { readonly now: number; readonly loaded: number };
  readonly warning: string | undefined;
  /** Resolves when the process is gone. */
  readonly ended: Promise<void>;
  /** @throws ChildEnded when the process ends first, whatever ended it; AppError `unexpected` when it answers with an error. */
  ask(question: Q): Promise<A>;
  /** Lets it finish what it was asked, then ends it. Idempotent; resolves once the process is gone. */
  end(): Promise<void>;
}

/** The process is gone, and nothing is known about the question: asking another child is safe. */
export class ChildEnded extends Error {
  override readonly name = "ChildEnded";
}

type Waiting<A> = { resolve: (answer: A) => void; reject: (error: unknown) => void };

const killAfterMs = 5_000;
const noop = (): void => {};
const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";

/** Where this process runs from sources, so do its children, with the same loader; a debugger's port cannot be shared. */
export const inheritedNodeArgs = (): string[] => process.execArgv.filter((argument) => !argument.startsWith("--inspect"));

/**
 * Starts the program and waits until it has loaded. The child ends by itself when this process dies, whatever way.
 * @throws AppError `misconfigured` with the program's own reason when it cannot load; ChildEnded when it ends without a word.
 */
export async function startChild<Q, A>({ name, setup, nodeArgs, answerWithinMs }: ChildProgram): Promise<Child<Q, A>> {
  const entry = fileURLToPath(new URL(`./${name}/main.${extension}`, import.meta.url));
  const child = fork(entry, [JSON.stringify(setup)], {
    execArgv: [...nodeArgs],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const waiting = new Map<number, Waiting<A>>();
  let silence: NodeJS.Timeout | undefined;
  const watch = (expecting: boolean): void => {
    clearTimeout(silence);
    silence = expecting ? setTimeout(() => child.kill("SIGKILL"), answerWithinMs) : undefined;
    // At rest it does not keep this process alive.
    if (expecting) child.channel?.ref();
    else child.channel?.unref();
  };
  child.unref();
  watch(true);
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.on("error", () => child.pid === undefined && resolve()); // not even started
  });
  const memory = { now: 0, loaded: 0 };
  const underway = new Set<Promise<void>>();
  let questions = 0;

  const settle = (message: Extract<ChildMessage<A>, { id: number }>): void => {
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    memory.now = message.rss;
    if (message.type === "answer") asked?.resolve(message.answer);
    else asked?.reject(new AppError("unexpected", `the ${name} failed: ${message.reason}`));
    watch(waiting.size > 0);
  };
  const loaded = new Promise<string | undefined>((resolve, reject) => {
    child.on("message", (message: ChildMessage<A>) => {
      if (message.type === "failed") return reject(new AppError("misconfigured", message.reason));
      if (message.type !== "loaded") return settle(message);
      memory.now = memory.loaded = message.rss;
      watch(false);
      resolve(message.warning);
    });
    void gone.then(() => {
      watch(false);
      const ended = new ChildEnded(`the ${name} ended (${child.exitCode ?? child.signalCode ?? "not started"})`);
      reject(ended);
      for (const { reject: rejectOne } of waiting.values()) rejectOne(ended);
      waiting.clear();
    });
  });
  const end = async (): Promise<void> => {
    await Promise.all(underway);
    if (child.connected) child.disconnect(); // which it takes as the end
    const late = setTimeout(() => child.kill("SIGKILL"), killAfterMs);
    await gone;
    clearTimeout(late);
  };

  const warning = await loaded.catch(async (error: unknown) => {
    await end();
    throw error;
  });
  return {
    pid: child.pid ?? 0,
    memory,
    warning,
    ended: gone,
    end,
    ask(question) {
      if (!child.connected) return Promise.reject(new ChildEnded(`the ${name} has ended`));
      const id = (questions += 1);
      const answer = new Promise<A>((resolve, reject) => waiting.set(id, { resolve, reject }));
      watch(true);
      child.send({ id, question } satisfies Question<Q>, () => {}); // what cannot be sent ends with the child
      const settled = answer.then(noop, noop).finally(() => underway.delete(settled));
      underway.add(settled);
      return answer;
    },
  };
}
