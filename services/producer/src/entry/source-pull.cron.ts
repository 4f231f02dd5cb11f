import { sourcePull } from "@flow-rag/contracts";
import { AppError, type Logger } from "@flow-rag/kernel";
import type { Producer } from "@flow-rag/queue";
import { schedule, validate } from "node-cron";

type Options = { source: string; mode: "changes" | "everything"; expression: string; log: Logger };

/**
 * Cron only enqueues. The job is keyed by the tick's slot, never by the clock, so replicas and restarts add nothing.
 * `expression` is read in UTC, where no hour is skipped or repeated. A tick that fails is logged; the next one covers for it,
 * because the job reads from a stored watermark.
 * @throws AppError `misconfigured` when the expression is none.
 */
export function startSourcePull(
  { source, mode, expression, log }: Options,
  producer: Pick<Producer, "send">,
): { close: () => Promise<void> } {
  if (!validate(expression)) {
    const variable = mode === "changes" ? "PULL_CRON" : "FULL_PULL_CRON";
    throw new AppError("misconfigured", `${variable} is not a cron expression: five fields such as */5 * * * *`);
  }
  let sending: Promise<void> = Promise.resolve();
  const tick = async (date: Date) => {
    const minute = date.toISOString().slice(0, "2026-01-31T02:00".length);
    const slot = mode === "changes" ? minute : `everything-${minute}`;
    await producer.send(sourcePull, { source, slot, mode }).then(
      () => undefined,
      (error: unknown) => log.error({ source, slot, err: error }, "tick failed"),
    );
  };
  const task = schedule(expression, ({ date }) => (sending = tick(date)), {
    name: `${sourcePull.name} ${mode}`,
    timezone: "UTC",
    noOverlap: true,
    missedExecutionTolerance: 60_000, // milliseconds; a busy event loop must not cost a tick
  });
  task.on("execution:missed", ({ date }) => log.warn({ source, mode, missed: date.toISOString() }, "tick missed"));
  return {
    async close() {
      await task.destroy();
      await sending;
    },
  };
}
