import { AppError, type Logger } from "@flow-rag/kernel";
import { schedule, validate } from "node-cron";

/** `variable` is the name under which the expression is configured, for messages. */
type Options = { name: string; expression: string; variable: string; log: Logger; onMissed?: () => void };

/** `next`: when the coming slot begins. */
export type Ticks = { readonly next: () => Date | null; readonly close: () => Promise<void> };

/**
 * Calls `tick` with the minute of each slot, ISO 8601 in UTC: a job keyed by it is added once, however many replicas fire.
 * The expression is read in UTC, where no hour is skipped or repeated. A tick that fails is logged and the next one covers for it.
 * @throws AppError `misconfigured` when the expression is none.
 */
export function startTicks(
  { name, expression, variable, log, onMissed = () => {} }: Options,
  tick: (slot: string) => Promise<unknown>,
): Ticks {
  if (!validate(expression)) throw new AppError("misconfigured", `${variable} is not a cron expression: five fields such as */5 * * * *`);
  let ticking: Promise<unknown> = Promise.resolve();
  const run = async (date: Date) => {
    const slot = date.toISOString().slice(0, "2026-01-31T02:00".length);
    await tick(slot).catch((error: unknown) => log.error({ task: name, slot, err: error }, "tick failed"));
  };
  const task = schedule(expression, ({ date }) => (ticking = run(date)), {
    name,
    timezone: "UTC",
    noOverlap: true,
    missedExecutionTolerance: 60_000, // milliseconds; a busy event loop must not cost a tick
  });
  task.on("execution:missed", ({ date }) => {
    log.warn({ task: name, missed: date.toISOString() }, "tick missed");
    onMissed();
  });
  return {
    next: () => task.getNextRun(),
    async close() {
      await task.destroy();
      await ticking;
    },
  };
}
