import type { ChildMessage, Question } from "./child-protocol.js";

/**
 * The main loop of a child process: loads, then answers questions one after the other until the parent is gone.
 * Ends with the IPC channel, so that no orphan survives a parent that was killed. Signals of the terminal and of service managers reach
 * the whole group; they are the parent's to act on, which still wants its answers while it drains.
 */
export async function answerParent<S, Q, A>(load: (setup: S) => Promise<{ answer: (question: Q) => Promise<A>; warning?: string }>) {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => {});
  process.once("disconnect", () => process.exit(0));
  const say = (message: ChildMessage<A>) => process.connected && process.send?.(message);
  const rss = () => process.memoryUsage.rss();
  try {
    const { answer, warning } = await load(JSON.parse(process.argv[2] ?? "{}") as S);
    process.on("message", ({ id, question }: Question<Q>) => {
      answer(question).then(
        (found) => say({ type: "answer", id, answer: found, rss: rss() }),
        (error: unknown) => say({ type: "error", id, reason: reasonOf(error), rss: rss() }),
      );
    });
    say({ type: "loaded", rss: rss(), warning });
  } catch (error) {
    say({ type: "failed", reason: reasonOf(error) });
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
